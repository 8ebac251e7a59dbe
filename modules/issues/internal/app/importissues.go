package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// ImportIssues takes issues over from elsewhere, as often as one likes: an issue is the same if its repository and number are.
type ImportIssues struct {
	desk     *Desk
	register Register
}

// NewImportIssues returns the use case.
func NewImportIssues(desk *Desk, register Register) *ImportIssues {
	return &ImportIssues{desk: desk, register: register}
}

// Imported counts what became of issues.
type Imported struct {
	// Added are those that were not here. Updated had changed elsewhere, and nobody here had done anything with them.
	Added, Updated int
	// Unchanged are here as they are there. Kept differ, and stay as they are here: somebody has worked on them, or they were
	// reported here.
	Unchanged, Kept int
}

// Plus returns the sum of both.
func (i Imported) Plus(more Imported) Imported {
	return Imported{
		Added: i.Added + more.Added, Updated: i.Updated + more.Updated, Unchanged: i.Unchanged + more.Unchanged, Kept: i.Kept + more.Kept,
	}
}

// importTries is how often an import that meets others at work is tried: each of them is over when the next try begins.
const importTries = 5

// Do takes over all of them in one unit of work, or none. Where somebody else has taken one of them over meanwhile, it
// begins again with what is here then. Errors: domain.ErrIssueTaken or domain.ErrIssueNotFound, after the last try;
// domain.ErrInvalidOrigin, domain.ErrInvalidTitle, domain.ErrInvalidText, domain.ErrInvalidTimes,
// domain.ErrInvalidComments; uow.ErrBusy, uow.ErrOutcomeUnknown, after which it may be done again; what the store
// reports.
func (u *ImportIssues) Do(ctx context.Context, foreign []domain.Foreign) (counts Imported, err error) {
	for range importTries {
		counts, err = u.all(ctx, foreign)
		if !errors.Is(err, domain.ErrIssueTaken) && !errors.Is(err, domain.ErrIssueNotFound) {
			break
		}
	}
	return counts, err
}

// all takes over all of them. Errors: as Do. When somebody else has taken one over meanwhile it is domain.ErrIssueTaken,
// or domain.ErrIssueNotFound where that was between the look for the issues and for their numbers.
func (u *ImportIssues) all(ctx context.Context, foreign []domain.Foreign) (Imported, error) {
	origins, ids := make([]domain.Origin, len(foreign)), make([]uuid.UUID, len(foreign))
	for i, f := range foreign {
		origins[i], ids[i] = f.Origin, f.Origin.ID()
	}
	var counts Imported
	err := u.desk.work.Do(ctx, func(ctx context.Context) error {
		counts = Imported{}
		here, err := u.register.Numbered(ctx, origins)
		if err != nil {
			return err
		}
		for _, f := range foreign {
			id, found := here[f.Origin]
			if err := u.one(ctx, f, id, found, &counts); err != nil {
				return fmt.Errorf("import issue %d of %s: %w", f.Origin.Number, f.Origin.Repository, err)
			}
		}
		return nil
	}, u.desk.issues.Loads(ids...))
	return counts, err
}

// one takes over one issue, which is here under that id if it was found, and counts it.
func (u *ImportIssues) one(ctx context.Context, f domain.Foreign, id uuid.UUID, found bool, counts *Imported) error {
	now := u.desk.clock.Now()
	if !found {
		issue, err := domain.Import(f, now)
		if err != nil {
			return err
		}
		counts.Added++
		return u.desk.issues.Add(ctx, issue)
	}
	issue, err := u.desk.issues.Get(ctx, id)
	if err != nil {
		return err
	}
	became, err := issue.ImportAgain(f, now)
	switch became {
	case domain.ReimportUnchanged:
		counts.Unchanged++
	case domain.ReimportUpdated:
		counts.Updated++
	case domain.ReimportKept:
		counts.Kept++
	}
	return err
}
