//go:build bench

package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

// TestBench measures what one bid, a replay, a start and an idle server cost, prints it, and writes it into
// docs/performance.json. `make bench` runs it; it takes a few minutes, and a quiet machine.
func TestBench(t *testing.T) {
	stores := openBenchStores(t)
	costs := &load.Costs{Origin: originOf(t, benchRounds, 0)}
	for _, s := range stores {
		costs.Stores = append(costs.Stores, s.name)
	}
	row := func(name string, measure func(*testing.T, *benchStore) string) {
		r := load.Row{Name: name}
		for _, s := range stores {
			r.Values = append(r.Values, measure(t, s))
		}
		costs.Rows = append(costs.Rows, r)
		fmt.Println(name, r.Values)
	}
	row("bids per second of a replay, one commit each", replayRate)
	row("statements per bid", func(t *testing.T, s *benchStore) string { return s.statements(t) })
	row("round trips per bid, counted by the pool", func(t *testing.T, s *benchStore) string { return s.roundTrips(t) })
	row("round trips per bid, counted on the wire", wireRoundTrips)
	cpu := map[*benchStore]longShort{}
	for _, s := range stores {
		cpu[s] = s.cpu(t)
	}
	row("CPU per bid, 10 bids before (µs)", func(_ *testing.T, s *benchStore) string { return micros(cpu[s].short) })
	row("CPU per bid, 100,000 bids before (µs)", func(_ *testing.T, s *benchStore) string { return micros(cpu[s].long) })
	row("ratio", func(_ *testing.T, s *benchStore) string { return cpu[s].ratio() })
	row("start to ready, empty (ms)", func(t *testing.T, s *benchStore) string { return s.startUp(t, true) })
	row("start to ready, migrated (ms)", func(t *testing.T, s *benchStore) string { return s.startUp(t, false) })
	row("idle memory (MiB)", idleMemory)
	writeReport(t, load.Report{Costs: costs})
}

func loadAverage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/loadavg")
	require.NoError(t, err)
	return strings.Fields(string(text))[0]
}

// processor names the machine's.
func processor(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/cpuinfo")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// measuredCommit is what was measured: TEST_COMMIT, which make sets, or what the build knows.
func measuredCommit() string {
	if given := os.Getenv("TEST_COMMIT"); given != "" {
		return given
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

func micros(d time.Duration) string { return fmt.Sprintf("%.0f", float64(d)/float64(time.Microsecond)) }
