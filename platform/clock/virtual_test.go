package clock_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/platform/clock"
)

func TestVirtual(t *testing.T) {
	t.Parallel()

	t.Run("moves only when it is told to", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		require.Equal(t, start, c.Now())
		c.Advance(time.Hour)
		require.Equal(t, start.Add(time.Hour), c.Now())
		c.Set(start.Add(2*time.Hour + 1500*time.Nanosecond))
		require.Equal(t, start.Add(2*time.Hour+time.Microsecond), c.Now())
	})
	t.Run("refuses to go back", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		require.Panics(t, func() { c.Set(start.Add(-time.Microsecond)) })
		require.Panics(t, func() { c.Advance(-time.Hour) })
		require.Equal(t, start, c.Now())
		c.Set(start)
	})
	t.Run("fires a timer exactly at its instant", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		timer := c.NewTimer(time.Minute)
		c.Advance(time.Minute - time.Microsecond)
		_, ok := fired(timer)
		require.False(t, ok)
		c.Advance(time.Microsecond)
		at, ok := fired(timer)
		require.True(t, ok)
		require.Equal(t, start.Add(time.Minute), at)
	})
	t.Run("never fires before a wait shorter than a microsecond is over", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		timer := c.NewTimer(time.Nanosecond)
		_, ok := fired(timer)
		require.False(t, ok)
		c.Advance(time.Microsecond)
		at, ok := fired(timer)
		require.True(t, ok)
		require.Equal(t, start.Add(time.Microsecond), at)
	})
	t.Run("stands at each timer's own instant while it steps", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		late, early, same := c.NewTimer(3*time.Second), c.NewTimer(time.Second), c.NewTimer(time.Second)

		require.True(t, c.StepTo(start.Add(time.Hour)))
		require.Equal(t, start.Add(time.Second), c.Now())
		for _, timer := range []clock.Timer{early, same} {
			at, ok := fired(timer)
			require.True(t, ok)
			require.Equal(t, c.Now(), at)
		}
		_, ok := fired(late)
		require.False(t, ok)

		require.True(t, c.StepTo(start.Add(time.Hour)))
		require.Equal(t, start.Add(3*time.Second), c.Now())
		require.False(t, c.StepTo(start.Add(time.Hour)))
		require.Equal(t, start.Add(time.Hour), c.Now())
	})
	t.Run("fires at once without a wait, and does not count as scheduled", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		timer := c.NewTimer(0)
		at, ok := fired(timer)
		require.True(t, ok)
		require.Equal(t, start, at)
		require.False(t, timer.Stop())
		require.False(t, c.StepTo(start.Add(time.Hour)))
	})
	t.Run("never fires a stopped timer", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		first, second := c.NewTimer(time.Second), c.NewTimer(2*time.Second)
		require.True(t, first.Stop())
		require.False(t, first.Stop())
		c.Advance(time.Hour)
		_, ok := fired(first)
		require.False(t, ok)
		_, ok = fired(second)
		require.True(t, ok)
		require.False(t, second.Stop())
	})
	t.Run("gives up waiting for timers when the context ends", func(t *testing.T) {
		t.Parallel()
		c := clock.NewVirtual(start)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, c.AwaitScheduled(ctx, 1), context.Canceled)
		c.NewTimer(time.Second)
		require.NoError(t, c.AwaitScheduled(ctx, 1))
	})
}

// A worker that waits, works and waits again sees every instant of its own, although the driver asks for one long move.
func TestVirtualDrivesAWorkerStepByStep(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(start)
	ctx, cancel := context.WithCancel(t.Context())
	var seen []time.Time
	var worker sync.WaitGroup
	worker.Go(func() {
		for {
			timer := c.NewTimer(time.Hour)
			select {
			case <-timer.C():
				seen = append(seen, c.Now())
			case <-ctx.Done():
				timer.Stop()
				return
			}
		}
	})

	require.NoError(t, c.AwaitScheduled(t.Context(), 1))
	end := start.Add(48*time.Hour + time.Minute)
	for c.StepTo(end) {
		require.NoError(t, c.AwaitScheduled(t.Context(), 1))
	}
	cancel()
	worker.Wait()

	require.Equal(t, end, c.Now())
	require.Len(t, seen, 48)
	for i, at := range seen {
		require.Equal(t, start.Add(time.Duration(i+1)*time.Hour), at)
	}
}

func TestVirtualFiresInTimeOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := clock.NewVirtual(start)
		waits := rapid.SliceOfN(rapid.IntRange(1, 20), 1, 30).Draw(t, "waits")
		timers := make([]clock.Timer, len(waits))
		stopped := make([]bool, len(waits))
		for i, wait := range waits {
			timers[i] = c.NewTimer(time.Duration(wait) * time.Second)
		}
		for i := range timers {
			stopped[i] = rapid.Bool().Draw(t, "stop") && timers[i].Stop()
		}
		end := rapid.IntRange(0, 25).Draw(t, "end")

		var instants []time.Time
		for c.StepTo(start.Add(time.Duration(end) * time.Second)) {
			instants = append(instants, c.Now())
		}

		if !slices.IsSortedFunc(instants, time.Time.Compare) || len(slices.Compact(slices.Clone(instants))) != len(instants) {
			t.Fatalf("stopped at %v", instants)
		}
		for i, timer := range timers {
			at, ok := fired(timer)
			if want := !stopped[i] && waits[i] <= end; ok != want {
				t.Fatalf("timer %d after %ds fired: %t, want %t", i, waits[i], ok, want)
			}
			if ok && !at.Equal(start.Add(time.Duration(waits[i])*time.Second)) {
				t.Fatalf("timer %d after %ds fired at %s", i, waits[i], at)
			}
		}
	})
}

func TestVirtualIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(start)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for i := range 50 {
				timer := c.NewTimer(time.Duration(i+1) * time.Second)
				if i%2 == 0 {
					timer.Stop()
				} else {
					<-timer.C()
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() {
		workers.Wait()
		close(finished)
	}()
	for {
		select {
		case <-finished:
			return
		default:
			c.Advance(time.Second)
		}
	}
}
