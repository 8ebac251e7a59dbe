package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

func TestAResolutionStandsOrIsTakenBack(t *testing.T) {
	t.Parallel()
	closes := noon.Add(domain.CloseAfter)
	require.Equal(t, noon.Add(7*24*time.Hour), closes)

	t.Run("it says how, in public", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		require.NoError(t, i.Resolve(agent, domain.ResolutionActionTaken, "We wrote to him.", noon))
		events := happened(t, i, domain.KindResolved)
		require.Equal(t, domain.Resolved{
			Resolution: domain.ResolutionActionTaken, Text: "We wrote to him.", ClosesAt: closes,
		}, events[0].Payload)
		require.Equal(t, domain.VisiblePublic, events[0].Visibility())
		s := i.State()
		require.Equal(t, domain.ResolutionActionTaken, s.Resolution)
		require.Equal(t, noon, s.ResolvedAt)
		require.Equal(t, closes, s.ClosesAt)
		require.Equal(t, closes, s.Due())

		i = inState(t, domain.StateAssigned, 1)
		require.ErrorIs(t, i.Resolve(agent, "somehow", "Done.", noon), domain.ErrInvalidResolution)
	})

	t.Run("it closes at that instant", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateResolved, 1)
		before := i.State()
		require.Equal(t, domain.StateResolved, before.Phase().At(closes.Add(-tick)))
		require.Equal(t, domain.StateClosed, before.Phase().At(closes))
		require.ErrorIs(t, i.Close(closes.Add(-tick)), domain.ErrTransition)
		requireUnchanged(t, i, before)
		require.NoError(t, i.Close(closes))
		happened(t, i, domain.KindClosed)
	})

	t.Run("however late the job runs", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateResolved, 1)
		require.NoError(t, i.Close(closes.Add(30*day)))
		events := happened(t, i, domain.KindClosed)
		require.Equal(t, closes, events[0].At)
		require.Equal(t, closes, i.State().EndedAt)
		require.Zero(t, i.State().Due())
		require.Equal(t, domain.ResolutionFixed, i.State().Resolution)
		require.ErrorIs(t, i.Close(closes.Add(30*day)), domain.ErrTransition, "once")
	})

	t.Run("it can be reopened until it closes, job or no job", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateResolved, 1)
		before := i.State()
		err := i.Reopen(reporter, "", closes)
		requireField(t, err, domain.ErrTransition, "state", "closed")
		require.ErrorIs(t, i.Comment(reporter, "Hello?", closes), domain.ErrTransition)
		requireUnchanged(t, i, before)

		require.NoError(t, i.Reopen(reporter, "It is empty again.", closes.Add(-tick)))
		events := happened(t, i, domain.KindReopened)
		require.Equal(t, domain.Reopened{Text: "It is empty again."}, events[0].Payload)
		s := i.State()
		require.Equal(t, domain.StateAssigned, s.State)
		require.Equal(t, agent.ID, s.Assignee)
		require.Zero(t, s.Resolution)
		require.Zero(t, s.ResolvedAt)
		require.Zero(t, s.ClosesAt)
	})

	t.Run("a note after that instant closes it first", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateResolved, 1)
		require.NoError(t, i.Note(agent, "Hm.", closes.Add(day)))
		events := happened(t, i, domain.KindClosed, domain.KindNoted)
		require.Equal(t, closes, events[0].At)
	})

	t.Run("the clock runs on with what was left", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done.", noon.Add(5*day)))
		back := noon.Add(6 * day)
		require.NoError(t, i.Reopen(reporter, "", back))
		require.Equal(t, 5*day, i.State().Clocks.Used)
		require.Equal(t, back.Add(2*day), i.State().Clocks.ResolutionDue)
		i.Settle()
		require.False(t, i.Breaches(back.Add(2*day-tick)))
		require.True(t, i.Breaches(back.Add(2*day)))
		events := happened(t, i, domain.KindBreached)
		require.Equal(t, domain.ClockResolution, events[0].Payload.(domain.Breached).Clock)
		require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done again.", back.Add(2*day)), "once for each time that it is open")
	})

	t.Run("a target that was missed before is not missed again", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done.", noon.Add(8*day)))
		happened(t, i, domain.KindBreached, domain.KindBreached, domain.KindResolved)
		require.NoError(t, i.Reopen(reporter, "", noon.Add(9*day)))
		require.Zero(t, i.State().Due())
		require.False(t, i.Breaches(noon.Add(100*day)))
	})
}
