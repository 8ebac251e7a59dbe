package sqlstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/uow"
)

// numbering is an issue that staff see from now on, and where it comes from; a zero origin is here.
type numbering struct {
	issue  uuid.UUID
	origin domain.Origin
}

// numberingOf returns the numbering that a change needs, and false if it needs none. An issue gets its number when staff
// first see it, so that strangers who confirm nothing use none up.
func numberingOf(c uow.Change[*domain.Issue, domain.Event]) (n numbering, needed bool) {
	if c.Kind == uow.Removed || c.Kind == uow.Changed && !c.Before.State().ReportedAt.IsZero() {
		return numbering{}, false
	}
	s := c.After.State()
	return numbering{issue: s.ID, origin: s.Origin}, !s.ReportedAt.IsZero()
}

// insertNumber is of a repository ($1), a number ($2) and an issue ($3); insertNext gives the next number.
const (
	insertNumber = `
		INSERT INTO issue_numbers (repository, number, issue_id)
		VALUES ($1, $2, $3)`
	insertNext = `
		INSERT INTO issue_numbers (repository, number, issue_id)
		VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM issue_numbers WHERE repository = $1), $2)`
)

// number writes the numbers. Errors: domain.ErrIssueTaken for an imported one that is taken; uow.ErrConflict when another
// unit has given the next one meanwhile; db.ErrUnavailable.
func (s *store) number(ctx context.Context, tx *db.Tx, all []numbering) error {
	for _, n := range all {
		var err error
		var taken error = domain.ErrIssueTaken
		if n.origin == (domain.Origin{}) {
			_, err = tx.Exec(ctx, insertNext, s.house, n.issue)
			taken = uow.ErrConflict
		} else {
			_, err = tx.Exec(ctx, insertNumber, n.origin.Repository, n.origin.Number, n.issue)
		}
		if db.Violates(err, "issue_numbers_pkey") {
			return fmt.Errorf("number issue %s: %w: %w", n.issue, taken, err)
		}
		if err != nil {
			return fmt.Errorf("number issue %s: %w", n.issue, err)
		}
	}
	return nil
}
