package clock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
)

func TestFixed(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("UTC+2", 2*60*60)
	c := clock.NewFixed(time.Date(2026, 3, 1, 14, 0, 0, 1999, zone))
	want := time.Date(2026, 3, 1, 12, 0, 0, 1000, time.UTC)

	t.Run("says the same instant, in UTC and whole microseconds", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, want, c.Now())
		require.Equal(t, c.Now(), c.Now())
	})
	t.Run("fires a timer without a wait at once", func(t *testing.T) {
		t.Parallel()
		for _, d := range []time.Duration{0, -time.Second} {
			timer := c.NewTimer(d)
			at, ok := fired(timer)
			require.True(t, ok)
			require.Equal(t, want, at)
			require.False(t, timer.Stop())
		}
	})
	t.Run("never fires a timer with a wait, which can be stopped once", func(t *testing.T) {
		t.Parallel()
		timer := c.NewTimer(time.Nanosecond)
		_, ok := fired(timer)
		require.False(t, ok)
		require.True(t, timer.Stop())
		require.False(t, timer.Stop())
	})
}
