package timekeeper_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/timekeeper"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// keeper is a Timekeeper with what it logs and counts.
type keeper struct {
	*timekeeper.Timekeeper
	logs    *observer.ObservedLogs
	metrics *prometheus.Registry
}

func newKeeper(t *testing.T, work timekeeper.Work, c clock.Clock) keeper {
	t.Helper()
	core, logs := observer.New(zapcore.InfoLevel)
	registry := prometheus.NewRegistry()
	metrics, err := timekeeper.NewMetrics(registry, "lamps")
	require.NoError(t, err)
	return keeper{timekeeper.New("light lamps", work, c, zap.New(core), metrics), logs, registry}
}

// start starts a timekeeper that stops with the test, and waits until it sleeps.
func start(t *testing.T, k keeper, c *clock.Virtual) {
	t.Helper()
	require.NoError(t, k.Start(t.Context()))
	t.Cleanup(k.Stop)
	require.NoError(t, c.AwaitScheduled(t.Context(), 1))
}

// moveTo moves the clock; the timekeepers, of which there are so many, do what they have to do on the way.
func moveTo(t *testing.T, c *clock.Virtual, at time.Time, timekeepers int) {
	t.Helper()
	for c.StepTo(at) {
		require.NoError(t, c.AwaitScheduled(t.Context(), timekeepers))
	}
}

// counted returns the value of a counter.
func (k keeper) counted(t *testing.T, name string) float64 {
	t.Helper()
	families, err := k.metrics.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	require.Fail(t, "no metric "+name)
	return 0
}

// chores is work that can be made to fail or to take long.
type chores struct {
	mu     sync.Mutex
	due    time.Time // zero for nothing
	broken error
	panics bool
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
	if c.panics {
		c.mu.Unlock()
		panic("a broken lamp")
	}
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

func TestTimekeeperWorksAtItsMicrosecond(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	due := noon.Add(time.Hour)
	work := &chores{due: due}
	k := newKeeper(t, work, c)
	start(t, k, c)
	moveTo(t, c, due.Add(-time.Microsecond), 1)
	work.set(func(w *chores) { require.Zero(t, w.asked) })
	moveTo(t, c, due, 1)
	work.set(func(w *chores) { require.Equal(t, 1, w.done) })
	require.EqualValues(t, 1, k.counted(t, "lamps_timekeeper_changes_total"))

	work.set(func(w *chores) { w.due = due.Add(10 * time.Second) }) // planned while it sleeps
	moveTo(t, c, due.Add(10*time.Second), 1)
	work.set(func(w *chores) { require.Equal(t, 2, w.done) })
}

func TestTimekeeperGoesOnAfterTrouble(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	work := &chores{due: noon, broken: errors.New("disk full")}
	k := newKeeper(t, work, c)
	start(t, k, c)
	moveTo(t, c, noon.Add(10*time.Second), 1)
	work.set(func(w *chores) { require.Equal(t, 11, w.asked, "once a second, not as fast as it can") })
	require.Equal(t, 1, k.logs.FilterMessage("cannot light lamps").Len(), "told once")
	require.EqualValues(t, 11, k.counted(t, "lamps_timekeeper_failures_total"))

	work.set(func(w *chores) { w.broken = errors.New("disk gone") })
	moveTo(t, c, noon.Add(11*time.Second), 1)
	require.Equal(t, 2, k.logs.FilterMessage("cannot light lamps").Len(), "other trouble is news")

	work.set(func(w *chores) { w.broken = nil })
	moveTo(t, c, noon.Add(12*time.Second), 1)
	require.Equal(t, 1, k.logs.FilterMessage("can light lamps again").Len())
	work.set(func(w *chores) { require.Equal(t, 1, w.done) })
}

func TestTimekeeperSurvivesAPanic(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	work := &chores{due: noon, panics: true}
	k := newKeeper(t, work, c)
	start(t, k, c)
	moveTo(t, c, noon.Add(10*time.Second), 1)
	work.set(func(w *chores) { require.Equal(t, 11, w.asked) })
	told := k.logs.FilterMessage("cannot light lamps").All()
	require.Len(t, told, 1)
	require.Equal(t, "panic: a broken lamp", told[0].ContextMap()["error"])
	require.Contains(t, told[0].ContextMap()["stack"], "timekeeper_test")

	work.set(func(w *chores) { w.panics = false })
	moveTo(t, c, noon.Add(11*time.Second), 1)
	work.set(func(w *chores) { require.Equal(t, 1, w.done) })
}

func TestTimekeeperStopsInTheMiddle(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	work := &chores{due: noon.Add(time.Second)}
	k := newKeeper(t, work, c)
	start(t, k, c)
	work.set(func(w *chores) { w.hold = make(chan struct{}) })
	c.Set(noon.Add(time.Second))
	require.Eventually(t, func() bool {
		work.mu.Lock()
		defer work.mu.Unlock()
		return work.asked == 1
	}, time.Minute, time.Millisecond)
	k.Stop()
	require.Zero(t, k.logs.FilterMessage("cannot light lamps").Len(), "a stop is no trouble")
}

func TestTimekeeperGivesUpStartingWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	work := &chores{due: noon, hold: make(chan struct{})}
	k := newKeeper(t, work, clock.NewFixed(noon))
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
		"it is as late as is tolerated": {due: noon.Add(-timekeeper.Tolerance), ready: true},
		"it is a microsecond later":     {due: noon.Add(-timekeeper.Tolerance - time.Microsecond), ready: false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeeper(t, &chores{due: test.due}, clock.NewFixed(noon))
			err := k.CheckOverdue(t.Context())
			require.Equal(t, test.ready, err == nil, "%v", err)
		})
	}
}
