package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSoftClose(t *testing.T) {
	t.Parallel()
	// 48 hours, the last 10 minutes count, each late bid leaves 5, never more than 20 beyond.
	soft := softClose(10*time.Minute, 5*time.Minute, 20*time.Minute)
	tests := map[string]struct {
		at   time.Duration // of B's bid
		bid  string
		want time.Duration
	}{
		"one microsecond before the window":       {at: end - 10*time.Minute - time.Microsecond, bid: "15.00", want: end},
		"in the window with more than is left":    {at: end - 10*time.Minute, bid: "15.00", want: end},
		"exactly the extension is left":           {at: end - 5*time.Minute, bid: "15.00", want: end},
		"a microsecond less":                      {at: end - 5*time.Minute + time.Microsecond, bid: "15.00", want: end + time.Microsecond},
		"at the last moment":                      {at: end - time.Microsecond, bid: "15.00", want: end + 5*time.Minute - time.Microsecond},
		"the leader's raise that moves no price":  {at: end - time.Minute, bid: "", want: end},
		"a new leader":                            {at: end - time.Minute, bid: "90.00", want: end + 4*time.Minute},
		"an equal maximum, which moves the price": {at: end - time.Minute, bid: "20.00", want: end + 4*time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := published(t, soft)
			a.bids(0, "A", "20.00")
			if tt.bid == "" {
				a.bids(tt.at, "A", "50.00")
			} else {
				a.bids(tt.at, "B", tt.bid)
			}
			require.Equal(t, start.Add(tt.want), a.state().EndsAt)
			require.Equal(t, start.Add(end), a.state().PublishedEnd)
			auditAll(t, a)
		})
	}

	t.Run("the window is counted to the present end, and the cap from the published one", func(t *testing.T) {
		t.Parallel()
		a := published(t, softClose(10*time.Minute, 10*time.Minute, 15*time.Minute))
		a.bids(end-time.Minute, "A", "20.00")
		require.Equal(t, start.Add(end+9*time.Minute), a.state().EndsAt)
		a.bids(end+time.Minute, "B", "30.00")
		require.Equal(t, start.Add(end+11*time.Minute), a.state().EndsAt)
		a.bids(end+10*time.Minute, "A", "40.00")
		require.Equal(t, start.Add(end+15*time.Minute), a.state().EndsAt, "capped")
		a.bids(end+15*time.Minute-time.Microsecond, "B", "50.00")
		require.Equal(t, start.Add(end+15*time.Minute), a.state().EndsAt, "and never earlier")
		auditAll(t, a)
	})

	t.Run("exactly the window is late, a microsecond more is not", func(t *testing.T) {
		t.Parallel()
		soft := softClose(time.Minute, time.Hour, time.Hour)
		a := published(t, soft)
		a.bids(end-time.Minute-time.Microsecond, "A", "20.00")
		require.Equal(t, start.Add(end), a.state().EndsAt)
		a.bids(end-time.Minute, "B", "30.00")
		require.Equal(t, start.Add(end+59*time.Minute), a.state().EndsAt)
	})

	t.Run("off, nothing moves", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(end-time.Microsecond, "A", "20.00")
		require.Equal(t, start.Add(end), a.state().EndsAt)
	})

	t.Run("an own raise that reaches the reserve moves the price and so the end", func(t *testing.T) {
		t.Parallel()
		a := published(t, soft, reserve("30.00"))
		a.bids(0, "A", "20.00")
		a.bids(end-time.Minute, "A", "30.00")
		require.Equal(t, start.Add(end+4*time.Minute), a.state().EndsAt)
	})
}
