package contract

import (
	"bytes"
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// scheduleCases say what the clock has to do. The market cases ask for more.
var scheduleCases = []testCase{
	{"nothing to do", nothingDue},
	{"what is overdue longest comes first, and no more than asked", dueInOrder},
	{"what was done is not due again", doneIsNotDue},
	{"what is frozen is not due", frozenIsNotDue},
	{"a start is due at its microsecond, so is an end", dueToTheMicrosecond},
	{"a late bid moves what is due", dueMoves},
}

func (s *subject) due(t *testing.T, now time.Time, limit int) []uuid.UUID {
	t.Helper()
	ids, err := s.Schedule.Due(t.Context(), now, limit)
	require.NoError(t, err)
	return emptyIsNil(ids)
}

// requireNext fails unless the next thing to do is at that instant.
func (s *subject) requireNext(t *testing.T, want time.Time) {
	t.Helper()
	at, ok, err := s.Schedule.Next(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, want, at)
	valuetest.RequireUTC(t, at)
}

func (s *subject) requireNoNext(t *testing.T) {
	t.Helper()
	_, ok, err := s.Schedule.Next(t.Context())
	require.NoError(t, err)
	require.False(t, ok)
}

func nothingDue(t *testing.T, s *subject) {
	require.Empty(t, s.due(t, builders.Epoch, 10))
	s.requireNoNext(t)
	s.keep(t, builders.Draft().Starting(time.Hour))
	s.keep(t, builders.Draft().Published().Cancelled())
	s.keep(t, builders.Draft().Starting(time.Hour).Published().Cancelled())
	s.keep(t, builders.Draft().WithBuyNow("20").Published().BoughtBy(newID()))
	require.Empty(t, s.due(t, builders.Epoch.AddDate(1, 0, 0), 10))
	s.requireNoNext(t)
}

func dueInOrder(t *testing.T, s *subject) {
	closing := func(in time.Duration) uuid.UUID {
		l := builders.Draft().Lasting(in).Published()
		s.keep(t, l)
		return l.ID()
	}
	opening := func(in time.Duration) uuid.UUID {
		l := builders.Draft().Starting(in).Published()
		s.keep(t, l)
		return l.ID()
	}
	third, first, fifth := closing(3*day), closing(day), closing(5*day)
	fourth, second := opening(4*day), opening(2*day)
	now := builders.Epoch.Add(4 * day)
	require.Equal(t, []uuid.UUID{first, second, third, fourth}, s.due(t, now, 10))
	require.Equal(t, []uuid.UUID{first, second, third}, s.due(t, now, 3))
	require.NotContains(t, s.due(t, now, 10), fifth)
	s.requireNext(t, builders.Epoch.Add(day))
}

func doneIsNotDue(t *testing.T, s *subject) {
	l := builders.Draft().Starting(time.Hour).Lasting(day).Published().After(time.Hour).Opened().After(2 * day).Closed()
	commands := l.Commands(s.Listings)
	late := builders.Epoch.Add(10 * day)
	do := func(i int) { require.NoError(t, s.Work.Do(t.Context(), commands[i].Run, commands[i].Hints...)) }

	do(0)
	s.requireNoNext(t)
	do(1)
	s.requireNext(t, builders.Epoch.Add(time.Hour))
	require.Equal(t, []uuid.UUID{l.ID()}, s.due(t, late, 10), "once, although start and end have passed")
	do(2)
	s.requireNext(t, builders.Epoch.Add(time.Hour+day))
	require.Empty(t, s.due(t, builders.Epoch.Add(time.Hour), 10))
	require.Equal(t, []uuid.UUID{l.ID()}, s.due(t, late, 10))
	do(3)
	require.Empty(t, s.due(t, late, 10))
	s.requireNoNext(t)
}

func frozenIsNotDue(t *testing.T, s *subject) {
	for _, l := range []*builders.Listing{
		builders.Draft().Starting(time.Hour).Published().Frozen(),
		builders.Draft().Lasting(time.Hour).Published().BidBy(newID(), "20").Frozen(),
	} {
		s.keep(t, l)
	}
	require.Empty(t, s.due(t, builders.Epoch.AddDate(1, 0, 0), 10))
	s.requireNoNext(t)

	thawed := builders.Draft().Lasting(time.Hour).Published().Frozen().After(day).Unfrozen()
	s.keep(t, thawed)
	s.requireNext(t, builders.Epoch.Add(2*day))
	require.Empty(t, s.due(t, builders.Epoch.Add(2*day-time.Microsecond), 10))
	require.Equal(t, []uuid.UUID{thawed.ID()}, s.due(t, builders.Epoch.Add(2*day), 10))
}

func dueToTheMicrosecond(t *testing.T, s *subject) {
	opening := builders.Draft().Starting(time.Hour).Published()
	closing := builders.Draft().Lasting(day).Published()
	s.keep(t, opening)
	s.keep(t, closing)
	start, end := builders.Epoch.Add(time.Hour), builders.Epoch.Add(day)
	require.Empty(t, s.due(t, start.Add(-time.Microsecond), 10))
	require.Equal(t, []uuid.UUID{opening.ID()}, s.due(t, start, 10))
	require.NotContains(t, s.due(t, end.Add(-time.Microsecond), 10), closing.ID())
	require.Contains(t, s.due(t, end, 10), closing.ID())
}

func dueMoves(t *testing.T, s *subject) {
	l := builders.Draft().Lasting(time.Hour).SoftClosing(time.Minute, 5*time.Minute, time.Hour).
		Published().After(59*time.Minute+time.Microsecond).BidBy(newID(), "20")
	s.keep(t, l)
	end := l.Now().Add(5 * time.Minute)
	s.requireNext(t, end)
	require.Empty(t, s.due(t, end.Add(-time.Microsecond), 10))
	require.Len(t, s.due(t, end, 10), 1)
}

// checkDue compares what is due at an instant with what should be.
func (s *subject) checkDue(t *testing.T, r *rapid.T, states []domain.State) {
	now := anyInstant(r, states)
	limit := rapid.IntRange(1, marketSize).Draw(r, "limit")
	got, err := s.Schedule.Due(t.Context(), now, limit)
	require.NoError(r, err)
	require.Equal(r, expectedDue(states, now, limit), emptyIsNil(got))
}

func expectedDue(states []domain.State, now time.Time, limit int) []uuid.UUID {
	type task struct {
		at time.Time
		id uuid.UUID
	}
	var tasks []task
	for _, s := range states {
		switch {
		case s.Frozen:
		case s.Status == domain.StatusScheduled && !now.Before(s.Terms.StartsAt):
			tasks = append(tasks, task{s.Terms.StartsAt, s.ID})
		case s.Status == domain.StatusOpen && !now.Before(s.EndsAt):
			tasks = append(tasks, task{s.EndsAt, s.ID})
		}
	}
	slices.SortFunc(tasks, func(a, b task) int { return cmp.Or(a.at.Compare(b.at), bytes.Compare(a.id[:], b.id[:])) })
	var ids []uuid.UUID
	for _, t := range tasks[:min(limit, len(tasks))] {
		ids = append(ids, t.id)
	}
	return ids
}
