package main

import (
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// apart is the time between two rounds of a crash test, by the clocks of its children: enough for the short listings
	// of each to be over before the next.
	apart = 2 * time.Hour
	// underLoad is the most bids for which a kill waits.
	underLoad = 150
)

// TestKilledUnderLoad kills servers under load, TEST_KILLS times (2 unless it is set) on each database. After each
// restart every acknowledged bid is in the log under its command id, every chain verifies and gives the stored listing,
// each event has its message, and whatever ended meanwhile has closed, once, before the server was ready.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	kills := countFrom(t, "TEST_KILLS", 2)
	eachStore(t, func(t *testing.T, store []string) {
		b := &books{flags: flagsOf(store), workers: 4}
		begun, startup := time.Now(), time.Duration(0)
		for round := range kills {
			// The next child's clock is ahead of the last one's, so that its first act is to close what ended meanwhile.
			plan := childPlan{Flags: b.flags, Behind: time.Duration(kills-round) * apart}
			if round > 0 {
				killedWhileStarting(t, plan, startup)
			}
			spawned := time.Now()
			v := spawn(t, plan)
			v.await("the server", func(h heard) bool { return h.addr != "" })
			startup = time.Since(spawned)
			if round > 0 {
				b.audit(t, time.Now().Add(-plan.Behind))
			}
			b.trade(t, v, round)
			v.awaitBids(1 + rand.IntN(underLoad))
			time.Sleep(rand.N(10 * time.Millisecond))
			v.kill()
			b.killed(v.told().bids)
		}

		p := launch(t, binary(t), serveArgs(store)...)
		get(t, p.addr(), "/readyz", http.StatusOK)
		b.audit(t, time.Now())
		b.distinct(t)
		require.Equal(t, exitOK, p.stop(syscall.SIGTERM), p.log())
		verified := monolith(t, append([]string{"verify"}, store...))
		require.Equal(t, exitOK, verified.status, verified.stdout+verified.stderr)
		t.Logf("%d kills under load survived in %s: %d bids acknowledged and kept, %d kept whose answer was cut off",
			b.kills, time.Since(begun).Round(time.Second), len(b.bids), b.cutOff)
	})
}

// killedWhileStarting kills a server that is about to close what is overdue, or has just done so; startup is how long one
// took to become ready.
func killedWhileStarting(t *testing.T, plan childPlan, startup time.Duration) {
	t.Helper()
	v := spawn(t, plan)
	time.Sleep(rand.N(startup * 5 / 4))
	v.kill()
}

// countFrom returns the number in an environment variable.
func countFrom(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	require.Positive(t, n, name)
	return n
}
