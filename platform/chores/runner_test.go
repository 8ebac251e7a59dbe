package chores_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/platform/chores"
	"github.com/gavelhq/gavel/platform/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// sweeping is a chore that remembers when it was done, and can be made to fail or to take time.
type sweeping struct {
	clock *clock.Virtual

	mu    sync.Mutex
	done  []time.Time
	fails func() error
	takes time.Duration
}

func (s *sweeping) set(change func(*sweeping)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *sweeping) times() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time{}, s.done...)
}

func (s *sweeping) run(ctx context.Context) error {
	s.mu.Lock()
	s.done = append(s.done, s.clock.Now())
	fails, takes := s.fails, s.takes
	s.mu.Unlock()
	if takes > 0 {
		timer := s.clock.NewTimer(takes)
		defer timer.Stop()
		select {
		case <-timer.C():
		case <-ctx.Done():
			return fmt.Errorf("sweep: %w", ctx.Err())
		}
	}
	if fails != nil {
		return fails()
	}
	return nil
}

// newSweeping returns a chore of that name that is done every hour.
func newSweeping(c *clock.Virtual, name string) (*sweeping, chores.Chore) {
	s := &sweeping{clock: c}
	return s, chores.Chore{Name: name, Every: time.Hour, Run: s.run}
}

// start starts a runner that stops with the test, and waits until every chore waits for its time.
func start(t *testing.T, c *clock.Virtual, list ...chores.Chore) *observer.ObservedLogs {
	t.Helper()
	core, logs := observer.New(zapcore.InfoLevel)
	r, err := chores.NewRunner(list, c, zap.New(core))
	require.NoError(t, err)
	r.Start()
	t.Cleanup(r.Stop)
	require.NoError(t, c.AwaitScheduled(t.Context(), len(list)))
	return logs
}

// moveTo moves the clock; the chores, of which there are so many, are done on the way.
func moveTo(t *testing.T, c *clock.Virtual, at time.Time, list int) {
	t.Helper()
	for c.StepTo(at) {
		require.NoError(t, c.AwaitScheduled(t.Context(), list))
	}
}

func TestAChoreIsDoneSoonAfterTheStartAndThenEverySoOften(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	one, first := newSweeping(c, "sweep")
	other, second := newSweeping(c, "mop")
	start(t, c, first, second)
	require.Empty(t, one.times())

	moveTo(t, c, noon.Add(chores.Soon), 2)
	require.Len(t, one.times(), 1)
	require.Len(t, other.times(), 1)
	began := one.times()[0]
	require.True(t, began.After(noon), "not before the start is over")

	moveTo(t, c, began.Add(time.Hour-time.Microsecond), 2)
	require.Len(t, one.times(), 1)
	moveTo(t, c, began.Add(time.Hour), 2)
	require.Equal(t, []time.Time{began, began.Add(time.Hour)}, one.times())
	moveTo(t, c, began.Add(3*time.Hour), 2)
	require.Len(t, one.times(), 4)
}

func TestAChoreThatIsDoneOftenDoesNotWaitLongForItsFirstRun(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	s, chore := newSweeping(c, "sweep")
	chore.Every = time.Second
	start(t, c, chore)
	moveTo(t, c, noon.Add(time.Second), 1)
	require.NotEmpty(t, s.times())
}

func TestServersThatStartTogetherBeginAtDifferentTimes(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	began := map[time.Time]bool{}
	var servers []*sweeping
	for range 20 {
		s, chore := newSweeping(c, "sweep")
		servers = append(servers, s)
		start(t, c, chore)
	}
	require.NoError(t, c.AwaitScheduled(t.Context(), len(servers)))
	moveTo(t, c, noon.Add(chores.Soon), len(servers))
	for _, s := range servers {
		began[s.times()[0]] = true
	}
	require.Greater(t, len(began), len(servers)/2)
}

func TestTheTimeBetweenRunsBeginsWhenOneEnds(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	s, chore := newSweeping(c, "sweep")
	s.takes = 10 * time.Minute
	start(t, c, chore)
	moveTo(t, c, noon.Add(chores.Soon), 1)
	began := s.times()[0]
	moveTo(t, c, began.Add(70*time.Minute-time.Microsecond), 1)
	require.Len(t, s.times(), 1)
	moveTo(t, c, began.Add(70*time.Minute), 1)
	require.Len(t, s.times(), 2)
}

func TestTroubleIsToldOnceAndGoesOnToBeTried(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	s, chore := newSweeping(c, "sweep")
	s.fails = func() error { return errors.New("the broom is broken") }
	neighbour, other := newSweeping(c, "mop")
	logs := start(t, c, chore, other)
	told := func() int { return logs.FilterMessage("a chore cannot be done").Len() }

	moveTo(t, c, noon.Add(3*time.Hour+chores.Soon), 2)
	require.Len(t, s.times(), 4)
	require.Len(t, neighbour.times(), 4)
	require.Equal(t, 1, told())
	entry := logs.FilterMessage("a chore cannot be done").All()[0]
	require.Equal(t, "sweep", entry.ContextMap()["chore"])
	require.Equal(t, "the broom is broken", entry.ContextMap()["error"])

	s.set(func(s *sweeping) { s.fails = func() error { return errors.New("the broom is gone") } })
	moveTo(t, c, noon.Add(4*time.Hour+chores.Soon), 2)
	require.Equal(t, 2, told(), "other trouble is news")

	s.set(func(s *sweeping) { s.fails = nil })
	moveTo(t, c, noon.Add(6*time.Hour+chores.Soon), 2)
	require.Equal(t, 1, logs.FilterMessage("a chore is done again").Len())
	require.Equal(t, 3, logs.Len())
}

func TestAPanicIsTroubleLikeOthers(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	s, chore := newSweeping(c, "sweep")
	s.fails = func() error { panic("slipped") }
	logs := start(t, c, chore)
	moveTo(t, c, noon.Add(2*time.Hour+chores.Soon), 1)
	require.Len(t, s.times(), 3)
	require.Equal(t, 1, logs.Len())
	entry := logs.All()[0]
	require.Equal(t, "a chore panicked", entry.Message)
	require.Equal(t, "panic: slipped", entry.ContextMap()["error"])
	require.Contains(t, entry.ContextMap()["stack"], "runner_test.go")
}

func TestStopInterruptsWhatIsBeingDone(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	s, chore := newSweeping(c, "sweep")
	s.takes = time.Hour
	core, logs := observer.New(zapcore.InfoLevel)
	r, err := chores.NewRunner([]chores.Chore{chore}, c, zap.New(core))
	require.NoError(t, err)
	r.Start()
	require.NoError(t, c.AwaitScheduled(t.Context(), 1))
	moveTo(t, c, noon.Add(chores.Soon), 1)
	require.Len(t, s.times(), 1)
	r.Stop()
	require.Zero(t, logs.Len(), "a stop is no trouble")
	require.False(t, c.StepTo(noon.Add(24*time.Hour)), "nothing waits any more")
}

func TestARunnerThatNeverStartedStops(t *testing.T) {
	t.Parallel()
	r, err := chores.NewRunner(nil, clock.NewVirtual(noon), zap.NewNop())
	require.NoError(t, err)
	r.Stop()
}

func TestChoresAreChecked(t *testing.T) {
	t.Parallel()
	_, good := newSweeping(clock.NewVirtual(noon), "sweep")
	nameless, timeless, idle := good, good, good
	nameless.Name, timeless.Every, idle.Run = "", 0, nil
	for name, c := range map[string]struct {
		list []chores.Chore
		want string
	}{
		"no name":        {[]chores.Chore{nameless}, "a chore has no name"},
		"no time":        {[]chores.Chore{timeless}, `the chore "sweep" has no time or nothing to do`},
		"nothing to do":  {[]chores.Chore{idle}, `the chore "sweep" has no time or nothing to do`},
		"two of a name":  {[]chores.Chore{good, good}, `two chores are called "sweep"`},
		"one of a name":  {[]chores.Chore{good}, ""},
		"nothing at all": {nil, ""},
	} {
		_, err := chores.NewRunner(c.list, clock.NewVirtual(noon), zap.NewNop())
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.EqualError(t, err, c.want, name)
	}
}

func TestModuleRunsTheChoresOfTheGraph(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(noon)
	s, chore := newSweeping(c, "sweep")
	app := fx.New(
		fx.NopLogger,
		fx.Provide(func() clock.Clock { return c }, zap.NewNop, chores.AsChore(func() chores.Chore { return chore })),
		chores.Module,
	)
	require.NoError(t, app.Start(t.Context()))
	require.NoError(t, c.AwaitScheduled(t.Context(), 1))
	moveTo(t, c, noon.Add(chores.Soon), 1)
	require.Len(t, s.times(), 1)
	require.NoError(t, app.Stop(t.Context()))
	require.False(t, c.StepTo(noon.Add(24*time.Hour)), "nothing waits any more")
}
