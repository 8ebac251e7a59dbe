package clock_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/platform/clock"
)

// wall is a machine's clock that tests set as they like.
type wall struct {
	mu sync.Mutex
	at time.Time
}

func (w *wall) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *wall) set(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = at
}

func TestReal(t *testing.T) {
	t.Parallel()

	t.Run("tells the machine's time in UTC and whole microseconds", func(t *testing.T) {
		t.Parallel()
		before := clock.Micros(time.Now())
		now := clock.NewReal().Now()
		require.False(t, now.Before(before))
		require.False(t, now.After(time.Now()))
		require.Equal(t, time.UTC, now.Location())
		require.Zero(t, now.Nanosecond()%int(time.Microsecond))
	})
	t.Run("adds the offset", func(t *testing.T) {
		t.Parallel()
		w := &wall{at: start}
		c := clock.NewRealOn(w.now)
		require.Zero(t, c.Offset())
		c.SetOffset(90 * time.Second)
		require.Equal(t, 90*time.Second, c.Offset())
		require.Equal(t, start.Add(90*time.Second), c.Now())
	})
	t.Run("stands still after the offset is lowered until its last time is reached again", func(t *testing.T) {
		t.Parallel()
		w := &wall{at: start}
		c := clock.NewRealOn(w.now)
		require.Equal(t, start, c.Now())
		c.SetOffset(-time.Minute)
		require.Equal(t, start, c.Now())
		w.set(start.Add(time.Minute))
		require.Equal(t, start, c.Now())
		w.set(start.Add(time.Minute + time.Microsecond))
		require.Equal(t, start.Add(time.Microsecond), c.Now())
	})
	t.Run("fires a timer without a wait at once", func(t *testing.T) {
		t.Parallel()
		timer := clock.NewReal().NewTimer(0)
		_, ok := fired(timer)
		require.True(t, ok)
		require.False(t, timer.Stop())
	})
	t.Run("fires a timer not before its instant", func(t *testing.T) {
		t.Parallel()
		c := clock.NewReal()
		due := c.Now().Add(3 * time.Millisecond)
		timer := c.NewTimer(3 * time.Millisecond)
		at := <-timer.C()
		require.False(t, at.Before(due), "fired at %s, due at %s", at, due)
		require.False(t, timer.Stop())
	})
	t.Run("fires a running timer when the offset moves past its instant", func(t *testing.T) {
		t.Parallel()
		c := clock.NewReal()
		due := c.Now().Add(time.Hour)
		timer := c.NewTimer(time.Hour)
		c.SetOffset(time.Hour)
		at := <-timer.C()
		require.False(t, at.Before(due))
	})
	t.Run("keeps a timer waiting when the clock is set back under it", func(t *testing.T) {
		t.Parallel()
		w := &wall{at: start}
		c := clock.NewRealOn(w.now)
		timer := c.NewTimer(time.Millisecond) // the machine's clock stands, so this wakes again and again
		time.Sleep(5 * time.Millisecond)
		_, ok := fired(timer)
		require.False(t, ok)
		w.set(start.Add(time.Millisecond))
		require.Equal(t, start.Add(time.Millisecond), <-timer.C())
	})
	t.Run("never fires a stopped timer", func(t *testing.T) {
		t.Parallel()
		c := clock.NewReal()
		timer := c.NewTimer(time.Hour)
		require.True(t, timer.Stop())
		require.False(t, timer.Stop())
		c.SetOffset(2 * time.Hour)
		_, ok := fired(timer)
		require.False(t, ok)
	})
}

func TestRealNeverGoesBackwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := &wall{at: start}
		c := clock.NewRealOn(w.now)
		last := c.Now()
		for _, step := range rapid.SliceOf(rapid.Int64Range(-5000, 5000)).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "offset") {
				c.SetOffset(time.Duration(step))
			} else {
				w.set(w.now().Add(time.Duration(step)))
			}
			now := c.Now()
			if now.Before(last) {
				t.Fatalf("went back from %s to %s", last, now)
			}
			last = now
		}
	})
}

func TestRealIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	c := clock.NewReal()
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 50 {
				timer := c.NewTimer(time.Duration(i) * time.Microsecond)
				c.SetOffset(time.Duration(worker*i) * time.Microsecond)
				if i%2 == 0 {
					timer.Stop()
				} else {
					<-timer.C()
				}
			}
		})
	}
	group.Wait()
}
