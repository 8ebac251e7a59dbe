package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// waits attempts at the first instant that is allowed after each delay, and returns the delays.
func waits(t *testing.T, throttle *domain.Throttle, now time.Time, n int) (delays []time.Duration, at time.Time) {
	t.Helper()
	for range n {
		require.NoError(t, throttle.Attempt(5, now))
		until := throttle.State().Until
		if until.IsZero() {
			delays = append(delays, 0)
			continue
		}
		delays = append(delays, until.Sub(now))
		require.ErrorIs(t, throttle.Check(until.Add(-tick)), domain.ErrTooManyAttempts)
		require.NoError(t, throttle.Check(until))
		now = until
	}
	return delays, now
}

func TestDelaysDoubleFromTheFifthAttemptToAnHour(t *testing.T) {
	t.Parallel()
	delays, _ := waits(t, domain.NewThrottle(uuid.New()), noon, 13)
	require.Equal(t, []time.Duration{
		0, 0, 0, 0, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute,
		time.Hour, time.Hour, time.Hour,
	}, delays)
}

func TestARefusedAttemptIsNotCounted(t *testing.T) {
	t.Parallel()
	throttle := domain.NewThrottle(uuid.New())
	_, _ = waits(t, throttle, noon, 4)
	require.NoError(t, throttle.Attempt(5, noon))
	throttle.Settle()
	before := throttle.State()
	err := throttle.Attempt(5, noon.Add(time.Minute-tick))
	require.ErrorIs(t, err, domain.ErrTooManyAttempts)
	_, changed := throttle.Settle()
	require.False(t, changed)
	require.Equal(t, before, throttle.State())
}

func TestTheTimeToWaitIsToldInSecondsRoundedUp(t *testing.T) {
	t.Parallel()
	throttle := domain.NewThrottle(uuid.New())
	require.NoError(t, throttle.Attempt(1, noon))
	for ago, want := range map[time.Duration]int64{
		0: 60, tick: 60, time.Second - tick: 60, time.Second: 59, time.Minute - tick: 1,
	} {
		refusal := &fault.Error{}
		require.ErrorAs(t, throttle.Check(noon.Add(ago)), &refusal)
		require.Equal(t, want, refusal.Fields()["retry_after"], ago)
	}
}

func TestAttemptsAreForgotten(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		attempts int // before the pause, each at the first instant that is allowed
		pause    time.Duration
		want     int
	}{
		"just within the window":                   {4, domain.ThrottleWindow - tick, 5},
		"after the window":                         {4, domain.ThrottleWindow, 1},
		"once delayed, just within the long delay": {5, domain.LongestDelay - tick, 6},
		"once delayed, after it":                   {5, domain.LongestDelay, 1},
		"at the longest delay, just within it":     {11, domain.LongestDelay - tick, 12},
		"at the longest delay, after it":           {11, domain.LongestDelay, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			throttle := domain.NewThrottle(uuid.New())
			_, at := waits(t, throttle, noon, test.attempts)
			require.NoError(t, throttle.Attempt(5, at.Add(test.pause)))
			require.Equal(t, test.want, throttle.State().Attempts)
		})
	}
}

func TestSuccessForgets(t *testing.T) {
	t.Parallel()
	throttle := domain.NewThrottle(uuid.New())
	_, at := waits(t, throttle, noon, 8)
	throttle.Forget()
	delays, _ := waits(t, throttle, at, 5)
	require.Equal(t, []time.Duration{0, 0, 0, 0, time.Minute}, delays)
}

func TestWithoutALimitNothingIsCounted(t *testing.T) {
	t.Parallel()
	throttle := domain.RestoreThrottle(domain.ThrottleState{ID: uuid.New(), Version: 1})
	for range 100 {
		require.NoError(t, throttle.Attempt(0, noon))
	}
	_, changed := throttle.Settle()
	require.False(t, changed)
}

func TestThrottleIDsKeepKindsAndSubjectsApart(t *testing.T) {
	t.Parallel()
	ids := map[uuid.UUID]bool{}
	for _, id := range []uuid.UUID{
		domain.ThrottleID("a", "b", "c"), domain.ThrottleID("a", "bc"), domain.ThrottleID("a", "c", "b"), domain.ThrottleID("ab", "c"),
		domain.ThrottleID("a", "", "bc"), domain.ThrottleID("a"), domain.ThrottleID("a", ""),
	} {
		ids[id] = true
	}
	require.Len(t, ids, 7)
	require.Equal(t, domain.ThrottleID("a", "b"), domain.ThrottleID("a", "b"))
}

func TestWhoeverKeepsTryingIsDownToOneAttemptAnHour(t *testing.T) {
	t.Parallel()
	const hours = 6
	rapid.Check(t, func(t *rapid.T) {
		throttle := domain.NewThrottle(uuid.New())
		now, allowed := noon, 0
		for now.Sub(noon) < hours*time.Hour {
			if throttle.Attempt(5, now) == nil {
				allowed++
			}
			now = now.Add(time.Duration(rapid.Int64Range(int64(time.Minute), int64(domain.ThrottleWindow-tick)).Draw(t, "pause")))
		}
		require.LessOrEqual(t, allowed, 11+hours) // eleven until the delay is an hour
	})
}
