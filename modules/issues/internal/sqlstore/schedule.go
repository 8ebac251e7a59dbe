package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/platform/db"
)

// Schedule is the app.Schedule and the app.Assignments.
type Schedule struct{ pool *db.Pool }

var (
	_ app.Schedule    = (*Schedule)(nil)
	_ app.Assignments = (*Schedule)(nil)
)

// NewSchedule returns the schedule over pool.
func NewSchedule(pool *db.Pool) *Schedule { return &Schedule{pool: pool} }

const (
	selectDue = `
		SELECT id
		FROM issues
		WHERE due_at <= $1
		ORDER BY due_at, id
		LIMIT $2`
	selectNext = `
		SELECT due_at
		FROM issues
		WHERE due_at IS NOT NULL
		ORDER BY due_at, id
		LIMIT 1`
	selectAssigned = `
		SELECT id
		FROM issues
		WHERE assignee = $1 AND ` + isAtWork + ` AND id > $2
		ORDER BY id
		LIMIT $3`
	selectAssignees = `
		SELECT DISTINCT assignee
		FROM issues
		WHERE ` + isAtWork + `
		ORDER BY assignee`
)

// isAtWork is the condition of a partial index. A query uses such an index only if it says the same, word for word.
const isAtWork = "assignee IS NOT NULL AND state IN ('assigned', 'waiting', 'resolved')"

// Due returns the issues with which the clock has something to do at the instant now. Errors: db.ErrUnavailable.
func (s *Schedule) Due(ctx context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	return ids(ctx, s.pool.Read(), "look up what is due", selectDue, db.Micros(now), max(limit, 0))
}

// Next returns when the clock has something to do next. Errors: db.ErrUnavailable.
func (s *Schedule) Next(ctx context.Context) (time.Time, bool, error) {
	return first(ctx, s.pool.Read(), "look up what is due next", selectNext)
}

// AssignedTo returns issues that the member works on, or has resolved. Errors: uow.ErrNoUnit, uow.ErrEnded,
// db.ErrUnavailable.
func (s *Schedule) AssignedTo(ctx context.Context, member, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	return ids(ctx, tx, "look up the work of a member", selectAssigned, member, after, max(limit, 0))
}

// Assignees returns the members for whom AssignedTo finds anything. Errors: db.ErrUnavailable.
func (s *Schedule) Assignees(ctx context.Context) ([]uuid.UUID, error) {
	return ids(ctx, s.pool.Read(), "look up who works on issues", selectAssignees)
}

func ids(ctx context.Context, q db.Querier, what, query string, args ...any) ([]uuid.UUID, error) {
	var found []uuid.UUID
	if err := q.Select(ctx, &found, query, args...); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return found, nil
}

// first returns the instant that a query finds, and false if it finds none.
func first(ctx context.Context, q db.Querier, what, query string) (time.Time, bool, error) {
	var found db.Micros
	err := q.Get(ctx, &found, query)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return time.Time{}, false, nil
	case err != nil:
		return time.Time{}, false, fmt.Errorf("%s: %w", what, err)
	default:
		return found.Time(), true, nil
	}
}
