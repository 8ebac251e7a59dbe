package app_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// keepTime runs the job and returns how many issues it changed.
func (d *desk) keepTime() int {
	d.t.Helper()
	n, err := app.NewKeepTime(d.Desk, d.schedule).Do(d.t.Context())
	require.NoError(d.t, err)
	return n
}

func TestBreachesAreRecordedOnceWheneverTheJobRuns(t *testing.T) {
	t.Parallel()
	target := domain.DefaultTargets().For(domain.PriorityNormal)
	for name, late := range map[string]time.Duration{"in time": 0, "a little late": tick, "very late": 100 * day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id := d.report(ada)
			d.clock.Advance(target.FirstResponse - tick)
			require.Zero(t, d.keepTime())
			d.clock.Advance(tick + late)
			require.Equal(t, 1, d.keepTime())
			d.clock.Set(noon.Add(target.Resolution + late))
			d.keepTime()
			require.Zero(t, d.keepTime(), "once")
			require.Equal(t, []domain.EventKind{domain.KindReported, domain.KindBreached, domain.KindBreached}, d.kinds(id))
			require.Equal(t, noon.Add(target.FirstResponse), d.timeline(id)[1].At)
			require.Equal(t, noon.Add(target.Resolution), d.timeline(id)[2].At)
		})
	}
}

func TestWhatIsResolvedClosesAtItsInstant(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.resolved(d.report(ada))
	next, planned, err := app.NewKeepTime(d.Desk, d.schedule).Next(t.Context())
	require.NoError(t, err)
	require.True(t, planned)
	require.Equal(t, noon.Add(domain.CloseAfter), next)

	d.clock.Advance(domain.CloseAfter - tick)
	require.Zero(t, d.keepTime())
	require.Equal(t, domain.StateResolved, d.head(id).State)
	d.clock.Advance(tick)
	require.Equal(t, 1, d.keepTime())
	require.Equal(t, domain.StateClosed, d.head(id).State)
	require.Equal(t, noon.Add(domain.CloseAfter), d.head(id).EndedAt)
	require.Zero(t, d.keepTime())
	_, planned, err = app.NewKeepTime(d.Desk, d.schedule).Next(t.Context())
	require.NoError(t, err)
	require.False(t, planned)
}

func TestWhatIsNotConfirmedIsForgotten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.visit()
	d.clock.Advance(domain.ConfirmLifetime - tick)
	require.Zero(t, d.keepTime())
	d.clock.Advance(tick)
	require.Equal(t, 1, d.keepTime())
	_, err := d.views.Head(t.Context(), id)
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
	require.Empty(t, d.timeline(id))
	require.Empty(t, d.outbox.Messages())
}

func TestManyJobsDoEverythingOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const many = 120 // more than fit into one unit
	ids := make([]uuid.UUID, many)
	for i := range ids {
		ids[i] = d.report(ada)
	}
	d.clock.Advance(1000 * day)
	done := make([]int, 4)
	var jobs sync.WaitGroup
	for i := range done {
		jobs.Go(func() { done[i], _ = app.NewKeepTime(d.Desk, d.schedule).Do(context.Background()) })
	}
	jobs.Wait()
	d.keepTime() // what they gave up on because they were in each other's way
	for _, id := range ids {
		require.Equal(t, []domain.EventKind{domain.KindReported, domain.KindBreached, domain.KindBreached}, d.kinds(id))
	}
}

// failing are issues of which some cannot be loaded.
type failing struct {
	domain.Repository
	ids []uuid.UUID
}

func (f failing) Get(ctx context.Context, id uuid.UUID) (*domain.Issue, error) {
	if slices.Contains(f.ids, id) {
		return nil, errBroken
	}
	return f.Repository.Get(ctx, id)
}

func TestOneIssueThatFailsHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]bool{"the first": true, "the second": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			ids := []uuid.UUID{d.report(ada), d.report(ada)}
			bad, good := ids[0], ids[1]
			if !first {
				bad, good = good, bad
			}
			d.clock.Advance(100 * day)
			parts := d.parts
			parts.Issues = failing{d.issues, []uuid.UUID{bad}}
			n, err := app.NewKeepTime(app.NewDesk(parts), d.schedule).Do(t.Context())
			require.ErrorIs(t, err, errBroken)
			require.ErrorContains(t, err, bad.String())
			require.Equal(t, 1, n)
			require.Len(t, d.kinds(good), 3)
			require.Len(t, d.kinds(bad), 1)
		})
	}
}

func TestManyIssuesThatFailHoldUpNoOther(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ids := make([]uuid.UUID, 101) // one more than fit into one unit
	for i := range ids {
		ids[i] = d.report(ada)
	}
	d.clock.Advance(100 * day)
	parts := d.parts
	parts.Issues = failing{d.issues, ids[:100]}
	n, err := app.NewKeepTime(app.NewDesk(parts), d.schedule).Do(t.Context())
	require.ErrorIs(t, err, errBroken)
	require.Equal(t, 1, n)
	require.Len(t, d.kinds(ids[100]), 3)
}

// broken is a schedule that plans what cannot be done, or fails.
type broken struct {
	app.Schedule
	ids []uuid.UUID
	err error
}

func (b broken) Due(context.Context, time.Time, int) ([]uuid.UUID, error) { return b.ids, b.err }

func TestWhatCannotBeDoneHoldsNothingUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	late, gone, notDue := d.report(ada), person(90), d.report(ada)
	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{ActCommand: by(agent, notDue), Reason: domain.RejectedSpam}))
	d.clock.Advance(100 * day)
	n, err := app.NewKeepTime(d.Desk, broken{ids: []uuid.UUID{gone, notDue, late}}).Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = app.NewKeepTime(d.Desk, broken{err: errBroken}).Do(t.Context())
	require.ErrorIs(t, err, errBroken)

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBroken)
	_, err = app.NewKeepTime(d.Desk, broken{ids: []uuid.UUID{late}}).Do(ctx)
	require.ErrorIs(t, err, errBroken)
}
