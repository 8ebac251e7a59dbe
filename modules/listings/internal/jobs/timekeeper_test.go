package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/jobs"
	"github.com/gavelhq/gavel/platform/clock"
)

func TestTimekeeperOpensAndClosesOnTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opens, ends := noon.Add(10*time.Minute), noon.Add(2*time.Hour)
	id := h.publish(opens, ends)
	k := h.timekeeper()
	start(t, k, h.clock)

	moveTo(t, h.clock, opens.Add(-time.Microsecond), 1)
	require.Empty(t, h.log(id))
	moveTo(t, h.clock, opens, 1)
	require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens}, h.log(id))
	moveTo(t, h.clock, ends.Add(-time.Microsecond), 1)
	require.Len(t, h.log(id), 1)
	moveTo(t, h.clock, ends, 1)
	require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens, domain.KindClosed: ends}, h.log(id))

	require.EqualValues(t, 2, k.counted(t, "listings_timekeeper_changes_total"))
	require.EqualValues(t, 0, k.counted(t, "listings_timekeeper_failures_total"))
}

func TestTimekeeperDoesWhatIsOverdueBeforeItHasStarted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opens, ends := noon.Add(time.Minute), noon.Add(time.Hour+time.Minute)
	var ids []uuid.UUID
	for range 250 {
		ids = append(ids, h.publish(opens, ends))
	}
	h.clock.Set(noon.Add(48 * time.Hour))
	k := h.timekeeper()
	require.Error(t, k.CheckOverdue(t.Context()))
	require.NoError(t, k.Start(t.Context()))
	defer k.Stop()
	for _, id := range ids {
		require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens, domain.KindClosed: ends}, h.log(id))
	}
	require.NoError(t, k.CheckOverdue(t.Context()))
}

func TestTimekeeperNoticesWhatIsPlannedWhileItSleeps(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	start(t, h.timekeeper(), h.clock)
	moveTo(t, h.clock, noon.Add(10*time.Second+time.Millisecond), 1)
	opens := h.clock.Now().Add(100 * time.Millisecond)
	id := h.publish(opens, opens.Add(time.Hour))
	moveTo(t, h.clock, opens.Add(time.Second), 1)
	require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens}, h.log(id), "stamped with the start, however late")
}

func TestTwoTimekeepersCloseEachListingOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ends := noon.Add(time.Hour)
	var ids []uuid.UUID
	for range 150 {
		ids = append(ids, h.publish(noon, ends))
	}
	start(t, h.timekeeper(), h.clock)
	start(t, h.timekeeper(), h.clock)
	require.NoError(t, h.clock.AwaitScheduled(t.Context(), 2))
	moveTo(t, h.clock, ends.Add(2*time.Second), 2)
	for _, id := range ids {
		require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: noon, domain.KindClosed: ends}, h.log(id))
	}
}

// chores is work that can be made to fail or to take long.
type chores struct {
	mu     sync.Mutex
	due    time.Time // zero for nothing
	broken error
	done   int
	asked  int
	hold   chan struct{} // if not nil, Do waits for it or for its context
}

func (c *chores) set(change func(*chores)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
}

func (c *chores) Do(ctx context.Context) (int, error) {
	c.mu.Lock()
	c.asked++
	hold, broken := c.hold, c.broken
	if broken == nil && hold == nil {
		c.due = time.Time{}
		c.done++
	}
	c.mu.Unlock()
	if hold == nil {
		return 1, broken
	}
	select {
	case <-hold:
		return 1, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (c *chores) Next(context.Context) (time.Time, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.due, !c.due.IsZero(), nil
}

func TestTimekeeperGoesOnAfterTrouble(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	work := &chores{due: noon, broken: errors.New("disk full")}
	k := newTimekeeper(t, work, c)
	start(t, k, c)
	moveTo(t, c, noon.Add(10*time.Second), 1)
	work.set(func(w *chores) { require.Equal(t, 11, w.asked, "once a second, not as fast as it can") })
	require.Equal(t, 1, k.logs.FilterMessage("cannot open or close listings").Len(), "told once")
	require.EqualValues(t, 11, k.counted(t, "listings_timekeeper_failures_total"))

	work.set(func(w *chores) { w.broken = errors.New("disk gone") })
	moveTo(t, c, noon.Add(11*time.Second), 1)
	require.Equal(t, 2, k.logs.FilterMessage("cannot open or close listings").Len(), "other trouble is news")

	work.set(func(w *chores) { w.broken = nil })
	moveTo(t, c, noon.Add(12*time.Second), 1)
	require.Equal(t, 1, k.logs.FilterMessage("listings are opened and closed again").Len())
	work.set(func(w *chores) { require.Equal(t, 1, w.done) })
}

func TestTimekeeperStopsInTheMiddle(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	work := &chores{due: noon.Add(time.Second)}
	k := newTimekeeper(t, work, c)
	start(t, k, c)
	work.set(func(w *chores) { w.hold = make(chan struct{}) })
	c.Set(noon.Add(time.Second))
	require.Eventually(t, func() bool {
		work.mu.Lock()
		defer work.mu.Unlock()
		return work.asked == 1
	}, time.Minute, time.Millisecond)
	k.Stop()
	require.Zero(t, k.logs.FilterMessage("cannot open or close listings").Len(), "a stop is no trouble")
}

func TestTimekeeperGivesUpStartingWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	work := &chores{due: noon, hold: make(chan struct{})}
	k := newTimekeeper(t, work, clock.NewFixed(noon))
	cancel()
	require.ErrorIs(t, k.Start(ctx), context.Canceled)
	k.Stop()
}

func TestCheckOverdue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		due   time.Time
		ready bool
	}{
		"nothing is planned":            {ready: true},
		"it is still to come":           {due: noon.Add(time.Hour), ready: true},
		"it is as late as is tolerated": {due: noon.Add(-jobs.Tolerance), ready: true},
		"it is a microsecond later":     {due: noon.Add(-jobs.Tolerance - time.Microsecond), ready: false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTimekeeper(t, &chores{due: test.due}, clock.NewFixed(noon))
			err := k.CheckOverdue(t.Context())
			require.Equal(t, test.ready, err == nil, "%v", err)
		})
	}
}
