package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

func TestWhoWorksOnAnIssue(t *testing.T) {
	t.Parallel()

	t.Run("whoever picks it", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateTriaged, 1)
		require.NoError(t, i.Pick(agent, noon))
		require.Equal(t, agent.ID, i.State().Assignee)
		events := happened(t, i, domain.KindPicked)
		require.Equal(t, domain.Picked{Assignee: agent.ID}, events[0].Payload)
		require.Equal(t, agent.ID, events[0].Actor)
	})

	t.Run("whoever a lead assigns it to", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateTriaged, 1)
		require.ErrorIs(t, i.Assign(agent, other.ID, noon), domain.ErrNotLead)
		require.NoError(t, i.Assign(lead, other.ID, noon))
		require.Equal(t, other.ID, i.State().Assignee)
		events := happened(t, i, domain.KindAssigned)
		require.Equal(t, domain.Assigned{Assignee: other.ID}, events[0].Payload)
		require.Equal(t, lead.ID, events[0].Actor)
	})

	t.Run("an agent may assign it to himself, but not take it from another", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateTriaged, 1)
		require.NoError(t, i.Assign(agent, agent.ID, noon))
		require.ErrorIs(t, i.Reassign(other, other.ID, noon), domain.ErrNotLead)
		require.ErrorIs(t, i.Reassign(agent, other.ID, noon), domain.ErrNotLead)
	})

	t.Run("somebody else, once a lead says so", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateWaiting, 1)
		require.NoError(t, i.Reassign(lead, other.ID, noon))
		require.Equal(t, domain.AwaitedReporter, i.State().Awaited, "it goes on waiting")
		events := happened(t, i, domain.KindReassigned)
		require.Equal(t, domain.Reassigned{Former: agent.ID, Assignee: other.ID}, events[0].Payload)
		before := i.State()
		require.ErrorIs(t, i.Reassign(lead, other.ID, noon), domain.ErrAlreadyAssigned)
		requireUnchanged(t, i, before)
	})

	t.Run("but nobody whom it is about, and not nobody", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateTriaged, 1)
		before := i.State()
		require.ErrorIs(t, i.Assign(lead, bob, noon), domain.ErrAssigneeConcerned)
		require.ErrorIs(t, i.Assign(lead, uuid.Nil, noon), domain.ErrInvalidAssignee)
		requireUnchanged(t, i, before)
		i = inState(t, domain.StateAssigned, 1)
		before = i.State()
		require.ErrorIs(t, i.Reassign(lead, bob, noon), domain.ErrAssigneeConcerned)
		require.ErrorIs(t, i.Reassign(lead, uuid.Nil, noon), domain.ErrInvalidAssignee)
		requireUnchanged(t, i, before)
	})
}

func TestWhatASuspendedAssigneeLeavesBehind(t *testing.T) {
	t.Parallel()

	t.Run("goes back into the queue", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		require.NoError(t, i.ReturnToQueue(agent.ID, noon))
		require.Zero(t, i.State().Assignee)
		require.Equal(t, domain.StateTriaged, i.State().State)
		events := happened(t, i, domain.KindReturned)
		require.Equal(t, domain.Returned{Former: agent.ID}, events[0].Payload)
		require.Equal(t, domain.RoleHouse, events[0].Role)
		require.Zero(t, events[0].Actor)
	})

	t.Run("waits no longer", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateWaiting, 1)
		at := noon.Add(10 * day)
		require.NoError(t, i.ReturnToQueue(agent.ID, at))
		require.Equal(t, domain.StateTriaged, i.State().State)
		require.Zero(t, i.State().Awaited)
		require.Equal(t, at.Add(day), i.State().Clocks.FirstResponseDue)
		require.NoError(t, i.Comment(reporter, "Here I am.", at))
		i.Settle()
		require.Equal(t, domain.StateTriaged, i.State().State)
	})

	t.Run("stays resolved, and goes into the queue when it is reopened", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateResolved, 1)
		require.NoError(t, i.ReturnToQueue(agent.ID, noon))
		require.Equal(t, domain.StateResolved, i.State().State)
		require.Equal(t, noon.Add(domain.CloseAfter), i.State().Due())
		require.NoError(t, i.Reopen(reporter, "", noon))
		require.Equal(t, domain.StateTriaged, i.State().State)
	})

	t.Run("is not what somebody else has", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		before := i.State()
		require.ErrorIs(t, i.ReturnToQueue(other.ID, noon), domain.ErrNotAssignee)
		require.ErrorIs(t, i.ReturnToQueue(uuid.Nil, noon), domain.ErrNotAssignee)
		requireUnchanged(t, i, before)
		require.NoError(t, i.ReturnToQueue(agent.ID, noon))
		require.ErrorIs(t, i.ReturnToQueue(agent.ID, noon), domain.ErrTransition, "nothing is returned twice")
	})
}

func TestTheHistoryOfAssignments(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	i := inState(t, domain.StateTriaged, 1)
	require.NoError(t, i.Pick(agent, at(1)))
	require.NoError(t, i.Reassign(lead, other.ID, at(2)))
	require.NoError(t, i.Comment(reporter, "Hello?", at(3)))
	require.NoError(t, i.ReturnToQueue(other.ID, at(4)))
	require.NoError(t, i.Assign(lead, agent.ID, at(5)))
	timeline, _ := i.Settle()
	want := []domain.Assignment{
		{Assignee: agent.ID, By: agent.ID, From: at(1), Until: at(2)},
		{Assignee: other.ID, By: lead.ID, From: at(2), Until: at(4)},
		{Assignee: agent.ID, By: lead.ID, From: at(5)},
	}
	require.Equal(t, want, domain.Assignments(timeline))

	require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done.", at(6)))
	require.NoError(t, i.Close(at(6).Add(domain.CloseAfter)))
	events, _ := i.Settle()
	want[2].Until = at(6).Add(domain.CloseAfter)
	require.Equal(t, want, domain.Assignments(append(timeline, events...)))
	require.Empty(t, domain.Assignments(nil))
}
