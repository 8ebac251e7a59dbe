package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Schedule is the app.Schedule and the app.Assignments.
type Schedule struct{ store *Store }

var (
	_ app.Schedule    = (*Schedule)(nil)
	_ app.Assignments = (*Schedule)(nil)
)

// NewSchedule returns the schedule of store.
func NewSchedule(store *Store) *Schedule { return &Schedule{store} }

// Due returns the issues with which the clock has something to do at the instant now. Errors: none.
func (s *Schedule) Due(_ context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	var due []uuid.UUID
	for _, state := range s.planned() {
		if app.DueAt(state).After(now) || len(due) >= limit {
			break
		}
		due = append(due, state.ID)
	}
	return due, nil
}

// Next returns when the clock has something to do next. Errors: none.
func (s *Schedule) Next(context.Context) (time.Time, bool, error) {
	planned := s.planned()
	if len(planned) == 0 {
		return time.Time{}, false, nil
	}
	return app.DueAt(planned[0]), true, nil
}

// planned returns the issues with which the clock will have something to do, the earliest first.
func (s *Schedule) planned() []domain.IssueState {
	planned := s.store.states(func(state domain.IssueState) bool { return !app.DueAt(state).IsZero() })
	slices.SortFunc(planned, func(a, b domain.IssueState) int {
		return cmp.Or(app.DueAt(a).Compare(app.DueAt(b)), compareIDs(a.ID, b.ID))
	})
	return planned
}

// AssignedTo returns issues that the member works on, or has resolved. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (s *Schedule) AssignedTo(ctx context.Context, member, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	if _, err := s.store.db.Join(ctx); err != nil {
		return nil, err
	}
	found := s.assigned(func(state domain.IssueState) bool {
		return state.Assignee == member && compareIDs(state.ID, after) > 0
	})
	slices.SortFunc(found, func(a, b domain.IssueState) int { return compareIDs(a.ID, b.ID) })
	var ids []uuid.UUID
	for _, state := range found[:min(len(found), max(limit, 0))] {
		ids = append(ids, state.ID)
	}
	return ids, nil
}

// Assignees returns the members who work on something, or have resolved it. Errors: none.
func (s *Schedule) Assignees(context.Context) ([]uuid.UUID, error) {
	var members []uuid.UUID
	for _, state := range s.assigned(func(domain.IssueState) bool { return true }) {
		members = append(members, state.Assignee)
	}
	slices.SortFunc(members, compareIDs)
	return slices.Compact(members), nil
}

// assigned returns what somebody works on, or has resolved, and fulfils the condition, in no order.
func (s *Schedule) assigned(holds func(domain.IssueState) bool) []domain.IssueState {
	return s.store.states(func(state domain.IssueState) bool {
		return state.Assignee != uuid.Nil && !state.State.Final() && holds(state)
	})
}
