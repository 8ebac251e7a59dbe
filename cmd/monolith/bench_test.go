//go:build bench

package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	// benchRounds is how often each figure is measured that differs from one time to the next.
	benchRounds = 7
	// longHistory is how many bids a listing with a long history has, and shortHistory one with a short.
	longHistory, shortHistory = 100_000, 10
	// highestRatio is by how much a bid on the one may cost more than a bid on the other.
	highestRatio = 1.3
)

// TestBench measures what docs/performance.md says, prints it, and writes it there. `make bench` runs it; it takes some
// minutes, and a quiet machine.
func TestBench(t *testing.T) {
	report := newBenchReport(t)
	stores := openBenchStores(t)
	report.databases(t, stores)

	replays := replayRates(t, stores)
	report.row("bids per second of a replay", stores, func(s *benchStore) string { return replays[s].text(0) })

	asked := measureEach(stores, func(s *benchStore) bidCost { return s.cost(t, false) })
	keyed := measureEach(stores, func(s *benchStore) bidCost { return s.cost(t, true) })
	turns := measureEach(stores, func(s *benchStore) float64 { return s.wireTurns(t) })
	report.row("queries per bid", stores, func(s *benchStore) string { return asked[s].queries(s) })
	report.row("  with an idempotency key", stores, func(s *benchStore) string { return keyed[s].queries(s) })
	report.row("round trips per bid", stores, func(s *benchStore) string { return asked[s].roundTrips(s) })
	report.row("  counted on the wire", stores, func(s *benchStore) string { return onWire(s, turns[s]) })
	report.row("allocations per bid", stores, func(s *benchStore) string { return fmt.Sprintf("%.0f", asked[s].allocations) })
	report.row("  KiB", stores, func(s *benchStore) string { return fmt.Sprintf("%.1f", asked[s].bytes/1024) })

	spent := measureEach(stores, func(s *benchStore) historyCost { return s.historyCost(t) })
	report.row("CPU µs per bid, 10 bids before", stores, func(s *benchStore) string { return spent[s].short.text(0) })
	report.row("  100,000 bids before", stores, func(s *benchStore) string { return spent[s].long.text(0) })
	report.row("  ratio", stores, func(s *benchStore) string { return spent[s].ratio.text(2) })

	report.row("start to ready, ms, empty", stores, func(s *benchStore) string { return s.startUp(t, true).text(0) })
	report.row("  migrated", stores, func(s *benchStore) string { return s.startUp(t, false).text(0) })
	report.row("idle memory, MiB", stores, func(s *benchStore) string { return fmt.Sprintf("%.0f", s.idleMemory(t)) })

	report.publish(t)
	for _, s := range stores {
		require.LessOrEqual(t, spent[s].ratio.median(), highestRatio, "%s: a bid gets dearer as a listing gets older", s.name)
	}
}

// measureEach measures the same of every store.
func measureEach[T any](stores []*benchStore, measure func(*benchStore) T) map[*benchStore]T {
	results := make(map[*benchStore]T, len(stores))
	for _, s := range stores {
		results[s] = measure(s)
	}
	return results
}
