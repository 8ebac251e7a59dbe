package sqlstore

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/db"
)

// Schedule is the app.Schedule.
type Schedule struct{ pool *db.Pool }

var _ app.Schedule = (*Schedule)(nil)

// NewSchedule returns the schedule over pool.
func NewSchedule(pool *db.Pool) *Schedule { return &Schedule{pool: pool} }

// selectTasks finds what the clock has to do until $1, at most $2 of it. A scheduled listing is due at its start, an open
// one at its end, a frozen one never. Each half reads as many entries of an index as it returns.
const selectTasks = `
	SELECT id, at FROM (
		SELECT id, at FROM (
			SELECT id, starts_at AS at
			FROM listings
			WHERE status = 'scheduled' AND NOT frozen AND starts_at <= $1
			ORDER BY starts_at, id
			LIMIT $2
		) AS starting
		UNION ALL
		SELECT id, at FROM (
			SELECT id, ends_at AS at
			FROM listings
			WHERE status IN ('scheduled', 'open') AND status = 'open' AND NOT frozen AND ends_at <= $1
			ORDER BY ends_at, id
			LIMIT $2
		) AS ending
	) AS tasks
	ORDER BY at, id
	LIMIT $2`

// taskRow is a row of selectTasks.
type taskRow struct {
	Listing uuid.UUID `db:"id"`
	At      db.Micros `db:"at"`
}

// Due returns the listings that are to be opened or closed at the instant now. Errors: db.ErrUnavailable.
func (s *Schedule) Due(ctx context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	tasks, err := s.tasks(ctx, now.UnixMicro(), limit)
	due := make([]uuid.UUID, len(tasks))
	for i, t := range tasks {
		due[i] = t.Listing
	}
	return due, err
}

// Next returns the earliest instant at which a listing has to be opened or closed. Errors: db.ErrUnavailable.
func (s *Schedule) Next(ctx context.Context) (time.Time, bool, error) {
	tasks, err := s.tasks(ctx, math.MaxInt64, 1)
	if err != nil || len(tasks) == 0 {
		return time.Time{}, false, err
	}
	return tasks[0].At.Time(), true, nil
}

func (s *Schedule) tasks(ctx context.Context, until int64, limit int) ([]taskRow, error) {
	var tasks []taskRow
	if err := s.pool.Read().Select(ctx, &tasks, selectTasks, until, limit); err != nil {
		return nil, fmt.Errorf("look up what is due: %w", err)
	}
	return tasks, nil
}
