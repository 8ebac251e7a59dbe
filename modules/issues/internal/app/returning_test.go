package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

func TestTheWorkOfAMemberWhoLeavesReturnsToTheQueue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	assigned, awaiting, resolved := d.picked(d.report(ada)), waiting(d, d.report(ada)), d.resolved(d.report(ada))
	queued, others := d.triaged(d.report(ada)), d.triaged(d.report(ada))
	require.NoError(t, app.NewPick(d.Desk).Do(t.Context(), by(other, others)))
	d.clock.Advance(tick)
	u := app.NewReturnToQueue(d.Desk, d.schedule)

	n, err := u.Do(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "everybody works here")
	d.returns(u, agent.ID)
	require.Equal(t, agent.ID, d.head(assigned).Assignee, "he was reinstated before anybody heard of the suspension")

	d.house.gone = []uuid.UUID{agent.ID}
	n, err = u.Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, n)
	for id, state := range map[uuid.UUID]domain.State{
		assigned: domain.StateTriaged, awaiting: domain.StateTriaged, resolved: domain.StateResolved, queued: domain.StateTriaged,
	} {
		require.Equal(t, state, d.head(id).State)
		require.Zero(t, d.head(id).Assignee)
	}
	require.Equal(t, other.ID, d.head(others).Assignee)
	last := d.timeline(assigned)
	require.Equal(t, domain.Returned{Former: agent.ID}, last[len(last)-1].Payload)

	n, err = u.Do(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "doing so again changes nothing")
}

// returns lets an event of the member's return his issues, in a unit of work.
func (d *desk) returns(u *app.ReturnToQueue, member uuid.UUID) {
	d.t.Helper()
	require.NoError(d.t, d.work.Do(d.t.Context(), func(ctx context.Context) error { return u.Of(ctx, member) }))
}

func TestAnEventReturnsAHundredIssuesAndTheJobTheRest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const total = 205
	for range total {
		d.picked(d.report(ada))
	}
	d.house.gone = []uuid.UUID{agent.ID}
	u := app.NewReturnToQueue(d.Desk, d.schedule)
	d.returns(u, agent.ID)
	left := func() (n int) {
		require.NoError(t, d.work.Do(t.Context(), func(ctx context.Context) error {
			ids, err := d.schedule.AssignedTo(ctx, agent.ID, uuid.Nil, total)
			n = len(ids)
			return err
		}))
		return n
	}
	require.Equal(t, total-100, left())
	n, err := u.Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, total-100, n)
	require.Zero(t, left())
}

func TestWhatIsOverDoesNotReturn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.resolved(d.report(ada))
	d.clock.Advance(domain.CloseAfter) // the job has not closed it
	d.house.gone = []uuid.UUID{agent.ID}
	n, err := app.NewReturnToQueue(d.Desk, d.schedule).Do(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	require.Equal(t, agent.ID, d.head(id).Assignee)
}

// handed is an app.Assignments that answers with what somebody has thought of.
type handed func(after uuid.UUID) ([]uuid.UUID, error)

func (h handed) AssignedTo(_ context.Context, _, after uuid.UUID, _ int) ([]uuid.UUID, error) {
	return h(after)
}

func (h handed) Assignees(context.Context) ([]uuid.UUID, error) { return []uuid.UUID{agent.ID}, nil }

func TestReturningGoesOnUntilTheEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.house.gone = []uuid.UUID{agent.ID}
	full := make([]uuid.UUID, 100)
	for i := range full {
		full[i] = person(byte(100 + i)) // there is none of these
	}
	mine, others := d.picked(d.report(ada)), d.triaged(d.report(ada))
	require.NoError(t, app.NewPick(d.Desk).Do(t.Context(), by(other, others)))
	u := app.NewReturnToQueue(d.Desk, handed(func(after uuid.UUID) ([]uuid.UUID, error) {
		if after == uuid.Nil {
			return full, nil
		}
		require.Equal(t, full[99], after)
		return []uuid.UUID{others, mine}, nil
	}))
	n, err := u.Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, domain.StateTriaged, d.head(mine).State)
	require.Equal(t, other.ID, d.head(others).Assignee)

	broken := handed(func(uuid.UUID) ([]uuid.UUID, error) { return nil, errBroken })
	_, err = app.NewReturnToQueue(d.Desk, broken).Do(t.Context())
	require.ErrorIs(t, err, errBroken)
	d.house.err = errBroken
	_, err = app.NewReturnToQueue(d.Desk, d.schedule).Do(t.Context())
	require.ErrorIs(t, err, errBroken, "who works here cannot be found out")
}

func TestWhatCannotBeReturnedOfOneHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]int{"the first": 0, "the second": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			ids := []uuid.UUID{d.picked(d.report(ada)), d.triaged(d.report(ada))}
			require.NoError(t, app.NewPick(d.Desk).Do(t.Context(), by(other, ids[1])))
			d.house.gone = []uuid.UUID{agent.ID, other.ID}
			parts := d.parts
			parts.Issues = failing{d.issues, ids[bad : bad+1]}
			n, err := app.NewReturnToQueue(app.NewDesk(parts), d.schedule).Do(t.Context())
			require.ErrorIs(t, err, errBroken)
			require.ErrorContains(t, err, ids[bad].String())
			require.Equal(t, 1, n)
			require.Equal(t, domain.StateTriaged, d.head(ids[1-bad]).State)
		})
	}
}
