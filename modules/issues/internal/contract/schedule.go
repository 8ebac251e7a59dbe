package contract

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// scheduleCases say what the clock has to do, and whose work is whose.
var scheduleCases = []testCase{
	{"nothing to do", nothingDue},
	{"targets are due at their microsecond", targetsDue},
	{"what waits is not due", waitingNotDue},
	{"a closing is due at its microsecond, and then no more", closingDue},
	{"what a visitor has not confirmed is due when it expires", expiryDue},
	{"what is overdue longest comes first, and no more than asked", dueInOrder},
	{"the work of a member is found, a part at a time", workFound},
	{"the work of a member is told inside units only", workInUnits},
}

func (s *subject) due(t *testing.T, now time.Time, limit int) []uuid.UUID {
	t.Helper()
	ids, err := s.Schedule.Due(t.Context(), now, limit)
	require.NoError(t, err)
	return ids
}

// requireDue fails unless the issue alone is due, and next, at that instant.
func (s *subject) requireDue(t *testing.T, id uuid.UUID, at time.Time) {
	t.Helper()
	require.Empty(t, s.due(t, at.Add(-microsecond), 10))
	require.Equal(t, []uuid.UUID{id}, s.due(t, at, 10))
	next, planned, err := s.Schedule.Next(t.Context())
	require.NoError(t, err)
	require.True(t, planned)
	require.Equal(t, at, next)
	valuetest.RequireUTC(t, next)
}

func (s *subject) requireNothingDue(t *testing.T) {
	t.Helper()
	require.Empty(t, s.due(t, noon.AddDate(10, 0, 0), 10))
	_, planned, err := s.Schedule.Next(t.Context())
	require.NoError(t, err)
	require.False(t, planned)
}

func nothingDue(t *testing.T, s *subject) {
	s.requireNothingDue(t)
	id := s.add(t, plain(newID(), noon))
	s.must(t, id, func(i *domain.Issue) error { return i.Reject(agent, domain.RejectedSpam, "", noon) })
	s.requireNothingDue(t)
}

func targetsDue(t *testing.T, s *subject) {
	id := s.triaged(t, noon)
	target := targets.For(domain.PriorityHigh)
	s.requireDue(t, id, noon.Add(target.FirstResponse))
	s.must(t, id, func(i *domain.Issue) error { return i.Comment(agent, "We look at it.", noon) })
	s.requireDue(t, id, noon.Add(target.Resolution))
	s.must(t, id, func(i *domain.Issue) error {
		require.True(t, i.Breaches(noon.Add(30*day)))
		return nil
	})
	s.requireNothingDue(t)
}

func waitingNotDue(t *testing.T, s *subject) {
	id := s.picked(t, noon)
	s.must(t, id, func(i *domain.Issue) error { return i.Wait(agent, domain.AwaitedThirdParty, "A moment.", noon) })
	s.requireNothingDue(t)
	s.must(t, id, func(i *domain.Issue) error { return i.Resume(agent, noon.Add(5*day)) })
	s.requireDue(t, id, noon.Add(5*day+targets.For(domain.PriorityHigh).Resolution))
}

func closingDue(t *testing.T, s *subject) {
	id := s.resolved(t, noon)
	s.requireDue(t, id, noon.Add(domain.CloseAfter))
	s.must(t, id, func(i *domain.Issue) error { return i.Close(noon.Add(domain.CloseAfter)) })
	s.requireNothingDue(t)
}

func expiryDue(t *testing.T, s *subject) {
	id := s.add(t, byVisitor(newID(), noon))
	s.requireDue(t, id, noon.Add(domain.ConfirmLifetime))
	s.must(t, id, func(i *domain.Issue) error { return i.Confirm(secret(1), secret(2), noon.Add(time.Hour)) })
	s.requireDue(t, id, noon.Add(time.Hour+targets.For(domain.PriorityNormal).FirstResponse))
}

func dueInOrder(t *testing.T, s *subject) {
	var want []uuid.UUID
	for n := range 6 {
		want = append(want, s.resolved(t, noon.Add(time.Duration(-(n/2))*microsecond)))
	}
	slices.SortFunc(want, func(a, b uuid.UUID) int {
		if c := s.kept[a].state.ClosesAt.Compare(s.kept[b].state.ClosesAt); c != 0 {
			return c
		}
		return bytes.Compare(a[:], b[:])
	})
	for limit := range 8 {
		require.Len(t, s.due(t, noon.Add(30*day), limit), min(limit, 6))
		require.Equal(t, want[:min(limit, 6)], append([]uuid.UUID{}, s.due(t, noon.Add(30*day), limit)...))
	}
}

func workFound(t *testing.T, s *subject) {
	var want []uuid.UUID
	for range 2 {
		want = append(want, s.picked(t, noon), s.resolved(t, noon))
	}
	waiting, closed, returned, others := s.picked(t, noon), s.resolved(t, noon), s.picked(t, noon), s.picked(t, noon)
	s.must(t, waiting, func(i *domain.Issue) error { return i.Wait(agent, domain.AwaitedReporter, "", noon) })
	s.must(t, closed, func(i *domain.Issue) error { return i.Close(noon.Add(30 * day)) })
	s.must(t, returned, func(i *domain.Issue) error { return i.ReturnToQueue(agent.ID, noon) })
	s.must(t, others, func(i *domain.Issue) error { return i.Reassign(lead, lead.ID, noon) })
	want = append(want, waiting)
	slices.SortFunc(want, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for limit := 1; limit <= len(want)+1; limit++ {
		var got []uuid.UUID
		after := uuid.Nil
		for {
			ids := s.assignedTo(t, agent.ID, after, limit)
			got = append(got, ids...)
			if len(ids) < limit {
				break
			}
			after = ids[len(ids)-1]
		}
		require.Equal(t, want, got)
	}
	require.Empty(t, s.assignedTo(t, uuid.Nil, uuid.Nil, 10), "what nobody works on")
	assignees, err := s.Assignments.Assignees(t.Context())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{agent.ID, lead.ID}, assignees)
}

// assignedTo asks in a unit of its own.
func (s *subject) assignedTo(t *testing.T, member, after uuid.UUID, limit int) (ids []uuid.UUID) {
	t.Helper()
	require.NoError(t, s.do(t, func(ctx context.Context) (err error) {
		ids, err = s.Assignments.AssignedTo(ctx, member, after, limit)
		return err
	}))
	return ids
}

func workInUnits(t *testing.T, s *subject) {
	assignees, err := s.Assignments.Assignees(t.Context())
	require.NoError(t, err)
	require.Empty(t, assignees)
	_, err = s.Assignments.AssignedTo(t.Context(), agent.ID, uuid.Nil, 1)
	require.ErrorIs(t, err, uow.ErrNoUnit)
	id := s.picked(t, noon)
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		issue, err := s.Issues.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := issue.ReturnToQueue(agent.ID, noon); err != nil {
			return err
		}
		ids, err := s.Assignments.AssignedTo(ctx, agent.ID, uuid.Nil, 10)
		require.Equal(t, []uuid.UUID{id}, ids, "what the unit has changed is not seen before it commits")
		return err
	}))
	require.Empty(t, s.assignedTo(t, agent.ID, uuid.Nil, 10))
}
