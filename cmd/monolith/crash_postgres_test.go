package main

import (
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

// TestPostgresKilledUnderLoad kills PostgreSQL with all of its processes, TEST_POSTGRES_KILLS times (2 unless it is set),
// under a server that is under load and stays up. Bids fail meanwhile, and their bidders repeat them with the same keys.
// After each restart the server goes on by itself: every bid that it has acknowledged is in the log, once, every chain
// verifies and gives the stored listing, each event has its message, and what ended while the database was down has
// closed, once.
func TestPostgresKilledUnderLoad(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("PostgreSQL's processes are found in /proc, which only Linux has")
	}
	kills := countFrom(t, "TEST_POSTGRES_KILLS", 2)
	t.Run("the server finds out what became of commits that lost their answer", func(t *testing.T) {
		t.Parallel()
		killPostgres(t, (kills+1)/2, 10*time.Second)
	})
	t.Run("the bidders do, by repeating their bids", func(t *testing.T) {
		t.Parallel()
		killPostgres(t, kills/2, 500*time.Millisecond) // less would be too little for a busy machine that nothing is killed on
	})
}

// killPostgres kills a cluster of its own that often, under a server that gives up on a commit after the deadline.
func killPostgres(t *testing.T, kills int, deadline time.Duration) {
	t.Helper()
	cluster, err := postgrestest.StartCluster(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })
	b := &books{workers: 4, flags: flagsOf([]string{
		"--database.url", cluster.URL("postgres"), "--data.dir", filepath.Join(t.TempDir(), "data"),
		"--command.commit_deadline", deadline.String(),
	})}
	begun, behind := time.Now(), time.Duration(kills)*apart
	v := spawn(t, childPlan{Flags: b.flags, Behind: behind})
	v.await("the server", func(h heard) bool { return h.addr != "" })
	for round := range kills {
		b.trade(t, v, round)
		v.awaitBids(1 + rand.IntN(underLoad))
		time.Sleep(rand.N(10 * time.Millisecond))

		failed := len(v.told().failures)
		require.NoError(t, cluster.Kill())
		v.await("errors", func(h heard) bool { return len(h.failures) >= failed+b.workers })
		behind -= apart
		v.order(childOrder{Ahead: apart})
		require.NoError(t, cluster.Start(t.Context()))
		v.awaitBids(b.workers)
		awaitReady(t, v.told().addr)
		v.rest()

		b.killed(v.told().bids[len(b.bids):])
		b.audit(t, time.Now().Add(-behind))
		require.Zero(t, b.cutOff, "bids that were stored, and whose repetition was not recognised")
	}
	v.stop()
	b.distinct(t)
	failures := map[string]int{}
	for _, code := range v.told().failures {
		require.Contains(t, []string{"database_unavailable", "outcome_unknown", "busy"}, code)
		failures[code]++
	}
	t.Logf("%d kills of PostgreSQL under load survived in %s: %d bids acknowledged and kept; failed meanwhile and were repeated: %v",
		b.kills, time.Since(begun).Round(time.Second), len(b.bids), failures)
}

// awaitReady waits until a server says that it is ready: the database answers, and nothing is overdue.
func awaitReady(t *testing.T, addr string) {
	t.Helper()
	require.Eventually(t, func() bool {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/readyz", nil)
		if err != nil {
			return false
		}
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		response, err := client.Do(request)
		return err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK
	}, patience, 20*time.Millisecond)
}
