package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
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

// insertNumber is of a repository ($1), a number ($2) and an issue ($3). insertNext gives a repository's ($1) next number to
// an issue ($2): that after the highest number up to which there is room, which is the highest of all but where an import has
// brought the last number that there can be ($3).
const (
	insertNumber = `
		INSERT INTO issue_numbers (repository, number, issue_id)
		VALUES ($1, $2, $3)`
	insertNext = `
		INSERT INTO issue_numbers (repository, number, issue_id)
		VALUES ($1, coalesce((
			SELECT taken.number
			FROM issue_numbers AS taken
			WHERE taken.repository = $1 AND taken.number < $3 AND NOT EXISTS (
				SELECT 1
				FROM issue_numbers AS following
				WHERE following.repository = taken.repository AND following.number = taken.number + 1)
			ORDER BY taken.number DESC
			LIMIT 1), 0) + 1, $2)`
)

// number writes the numbers. Errors: domain.ErrIssueTaken for an imported one that is taken; uow.ErrConflict when another
// unit has given the next one meanwhile; db.ErrUnavailable.
func (s *store) number(ctx context.Context, tx *db.Tx, all []numbering) error {
	for _, n := range all {
		var err error
		var taken error = domain.ErrIssueTaken
		if n.origin == (domain.Origin{}) {
			_, err = tx.Exec(ctx, insertNext, s.house, n.issue, int64(domain.MaxNumber))
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

// Register is the app.Register.
type Register struct {
	pool           *db.Pool
	selectNumbered string
}

var _ app.Register = (*Register)(nil)

// NewRegister returns the register over pool.
func NewRegister(pool *db.Pool) *Register {
	return &Register{
		pool: pool,
		selectNumbered: `
		SELECT issue_numbers.repository, issue_numbers.number, issue_numbers.issue_id
		FROM ` + originColumns.Table(pool.Dialect(), "wanted") + `
		JOIN issue_numbers ON issue_numbers.repository = wanted.repository AND issue_numbers.number = wanted.number`,
	}
}

var originColumns = db.Columns{{Name: "repository", Type: db.Text}, {Name: "number", Type: db.Int}}

// numberRow is a row of issue_numbers.
type numberRow struct {
	Repository string    `db:"repository"`
	Number     int64     `db:"number"`
	Issue      uuid.UUID `db:"issue_id"`
}

// Numbered returns those of the origins that have an issue. Errors: uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (r *Register) Numbered(ctx context.Context, origins []domain.Origin) (map[domain.Origin]uuid.UUID, error) {
	tx, err := r.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	wanted := make([][]any, len(origins))
	for i, o := range origins {
		wanted[i] = []any{o.Repository, o.Number}
	}
	args, err := originColumns.Rows(tx.Dialect(), wanted)
	if err != nil {
		return nil, err
	}
	var rows []numberRow
	if err := tx.Select(ctx, &rows, r.selectNumbered, args...); err != nil {
		return nil, fmt.Errorf("look up %d issues by their numbers: %w", len(origins), err)
	}
	found := make(map[domain.Origin]uuid.UUID, len(rows))
	for _, row := range rows {
		found[domain.Origin{Repository: row.Repository, Number: row.Number}] = row.Issue
	}
	return found, nil
}

// selectAll reads what others may know of all issues. Nobody has a number before staff see the issue.
const selectAll = `
	SELECT issue_numbers.repository, issue_numbers.number, title, reported_at, ended_at, state, closes_at, comments
	FROM issue_numbers
	JOIN issues ON issues.id = issue_numbers.issue_id
	ORDER BY issue_numbers.repository, issue_numbers.number`

// exportedRow is a row of selectAll.
type exportedRow struct {
	Repository string       `db:"repository"`
	Number     int64        `db:"number"`
	Title      string       `db:"title"`
	ReportedAt db.Micros    `db:"reported_at"`
	EndedAt    db.MaybeTime `db:"ended_at"`
	State      string       `db:"state"`
	ClosesAt   db.MaybeTime `db:"closes_at"`
	Comments   int64        `db:"comments"`
}

// All yields all issues that staff can see. Errors: db.ErrUnavailable, once, as the last element.
func (r *Register) All(ctx context.Context) iter.Seq2[app.NumberedIssue, error] {
	return func(yield func(app.NumberedIssue, error) bool) {
		for row, err := range db.Rows[exportedRow](ctx, r.pool.Read(), selectAll) {
			if err != nil {
				yield(app.NumberedIssue{}, fmt.Errorf("read all issues: %w", err))
				return
			}
			if !yield(row.issue(), nil) {
				return
			}
		}
	}
}

func (r exportedRow) issue() app.NumberedIssue {
	return app.NumberedIssue{
		Origin: domain.Origin{Repository: r.Repository, Number: r.Number}, Title: r.Title, ReportedAt: r.ReportedAt.Time(),
		EndedAt: time.Time(r.EndedAt), Phase: domain.Phase{Stored: domain.State(r.State), ClosesAt: time.Time(r.ClosesAt)},
		Comments: r.Comments,
	}
}
