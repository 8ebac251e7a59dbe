package db_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestClockFollower(t *testing.T) {
	t.Parallel()

	t.Run("takes over the time of PostgreSQL", func(t *testing.T) {
		t.Parallel()
		pool := dbtest.Postgres(t)
		for _, wrong := range []time.Duration{-time.Hour, time.Hour} {
			c := clock.NewReal()
			c.SetOffset(wrong)
			c.Now() // from here on it must not go back
			f := db.NewClockFollower(pool, c, zap.NewNop())
			require.ErrorContains(t, f.Check(t.Context()), "differs")
			// A second look, while our clock may stand still because it was set back, must not set it back again.
			for range 2 {
				require.NoError(t, f.Start(t.Context()))
				f.Stop()
				// The same machine, so the clocks agree but for the time that an answer takes.
				require.InDelta(t, 0, c.Offset().Seconds(), 60)
			}
			if wrong < 0 {
				require.NoError(t, f.Check(t.Context()))
			} else {
				require.ErrorContains(t, f.Check(t.Context()), "differs", "it stands still until its time has come")
			}
		}
	})

	t.Run("sets a clock right that was set back meanwhile", func(t *testing.T) {
		t.Parallel()
		c := clock.NewReal()
		f := db.NewClockFollower(dbtest.Postgres(t), c, zap.NewNop())
		f.Every(100 * time.Millisecond)
		require.NoError(t, f.Start(t.Context()))
		defer f.Stop()
		c.Now() // from here on it must not go back
		c.SetOffset(-time.Hour)
		require.Eventually(t, func() bool { return c.Offset() > -time.Minute }, 10*time.Second, 10*time.Millisecond)
		require.NoError(t, f.Check(t.Context()))
	})

	t.Run("says when it cannot", func(t *testing.T) {
		t.Parallel()
		pool := dbtest.Open(t, db.Settings{URL: "postgres://127.0.0.1:1/nowhere"})
		f := db.NewClockFollower(pool, clock.NewReal(), zap.NewNop())
		require.ErrorIs(t, f.Start(t.Context()), db.ErrUnavailable)
		require.ErrorIs(t, f.Check(t.Context()), db.ErrUnavailable)
		f.Stop()
	})

	t.Run("leaves SQLite alone, which has no other clock", func(t *testing.T) {
		t.Parallel()
		c := clock.NewReal()
		c.SetOffset(time.Hour)
		f := db.NewClockFollower(dbtest.SQLite(t), c, zap.NewNop())
		require.NoError(t, f.Start(t.Context()))
		require.NoError(t, f.Check(t.Context()))
		f.Stop()
		require.Equal(t, time.Hour, c.Offset())
	})
}
