package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Schedule is the app.Schedule.
type Schedule struct{ store *Store }

var _ app.Schedule = (*Schedule)(nil)

// NewSchedule returns the schedule of store.
func NewSchedule(store *Store) *Schedule { return &Schedule{store} }

// Due returns the listings that are to be opened or closed at the instant now. Errors: none.
func (s *Schedule) Due(_ context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	var due []uuid.UUID
	for _, t := range s.tasks() {
		if t.at.After(now) || len(due) == limit {
			break
		}
		due = append(due, t.listing)
	}
	return due, nil
}

// Next returns the earliest instant at which a listing has to be opened or closed. Errors: none.
func (s *Schedule) Next(context.Context) (time.Time, bool, error) {
	tasks := s.tasks()
	if len(tasks) == 0 {
		return time.Time{}, false, nil
	}
	return tasks[0].at, true, nil
}

// task is the next thing that the clock has to do to a listing.
type task struct {
	at      time.Time
	listing uuid.UUID
}

// tasks returns all of them, the earliest first.
func (s *Schedule) tasks() []task {
	var tasks []task
	s.store.db.Read(func() {
		for id, listing := range s.store.listings.All() {
			if at, ok := dueAt(listing.State()); ok {
				tasks = append(tasks, task{at, id})
			}
		}
	})
	slices.SortFunc(tasks, func(a, b task) int { return cmp.Or(a.at.Compare(b.at), compareIDs(a.listing, b.listing)) })
	return tasks
}

// dueAt returns when the clock has to change the listing next. A frozen one waits for a moderator.
func dueAt(s domain.State) (time.Time, bool) {
	switch {
	case s.Frozen:
		return time.Time{}, false
	case s.Status == domain.StatusScheduled:
		return s.Terms.StartsAt, true
	case s.Status == domain.StatusOpen:
		return s.EndsAt, true
	default:
		return time.Time{}, false
	}
}
