package memory

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// House is the repository of the issues that are reported here.
const House = "house"

// number stages the number of an issue that staff see from now on.
func (s *Store) number(tx *memory.Transaction, change uow.Change[*domain.Issue, domain.Event]) {
	state := change.After.State()
	if state.ReportedAt.IsZero() || change.Kind == uow.Changed && !change.Before.State().ReportedAt.IsZero() {
		return
	}
	tx.Check(func() error {
		if _, taken := s.numbers[state.Origin]; taken {
			return domain.ErrIssueTaken
		}
		return nil
	})
	tx.Write(func() {
		origin := state.Origin
		if origin == (domain.Origin{}) {
			origin = s.next()
		}
		s.numbers[origin] = state.ID
	})
}

// next returns the next number of this house: that after the highest up to which there is room.
func (s *Store) next() domain.Origin {
	next := domain.Origin{Repository: House, Number: 1}
	for taken := range s.numbers {
		following := domain.Origin{Repository: House, Number: taken.Number + 1}
		if _, given := s.numbers[following]; taken.Repository == House && !given && following.Number <= domain.MaxNumber {
			next.Number = max(next.Number, following.Number)
		}
	}
	return next
}

// Register is the app.Register.
type Register struct{ store *Store }

var _ app.Register = (*Register)(nil)

// NewRegister returns the register of store.
func NewRegister(store *Store) *Register { return &Register{store} }

// Numbered returns those of the origins that have an issue. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (r *Register) Numbered(ctx context.Context, origins []domain.Origin) (map[domain.Origin]uuid.UUID, error) {
	if _, err := r.store.db.Join(ctx); err != nil {
		return nil, err
	}
	found := map[domain.Origin]uuid.UUID{}
	r.store.db.Read(func() {
		for _, o := range origins {
			if id, there := r.store.numbers[o]; there {
				found[o] = id
			}
		}
	})
	return found, nil
}

// All yields all issues that staff can see. Errors: none.
func (r *Register) All(context.Context) iter.Seq2[app.NumberedIssue, error] {
	var all []app.NumberedIssue
	r.store.db.Read(func() {
		for _, origin := range slices.SortedFunc(maps.Keys(r.store.numbers), compareOrigins) {
			if issue, there := r.store.issues.Find(r.store.numbers[origin]); there {
				all = append(all, numbered(origin, issue.State()))
			}
		}
	})
	return func(yield func(app.NumberedIssue, error) bool) {
		for _, issue := range all {
			if !yield(issue, nil) {
				return
			}
		}
	}
}

func numbered(origin domain.Origin, s domain.IssueState) app.NumberedIssue {
	return app.NumberedIssue{
		Origin: origin, Title: s.Title, ReportedAt: s.ReportedAt, EndedAt: s.EndedAt, Phase: s.Phase(), Comments: s.Comments,
	}
}

func compareOrigins(a, b domain.Origin) int {
	return cmp.Or(cmp.Compare(a.Repository, b.Repository), cmp.Compare(a.Number, b.Number))
}
