//go:build bench

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// TestBench measures what docs/performance.md says, prints it, and writes it there. `make bench` runs it; it takes a few
// minutes, and a quiet machine.
func TestBench(t *testing.T) {
	load := loadAverage(t)
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tmemory\tsqlite\tpostgres\t")
	stores := openBenchStores(t)
	row(table, "bids per second of a replay, one commit each", stores, replayRate)
	row(table, "statements per bid", stores, func(t *testing.T, s *benchStore) string { return s.statements(t) })
	row(table, "round trips per bid, counted by the pool", stores, func(t *testing.T, s *benchStore) string { return s.roundTrips(t) })
	row(table, "round trips per bid, counted on the wire", stores, wireRoundTrips)
	costs := map[*benchStore]longShort{}
	for _, s := range stores {
		costs[s] = s.cpu(t)
	}
	row(table, "CPU per bid, 10 bids before (µs)", stores, func(_ *testing.T, s *benchStore) string { return micros(costs[s].short) })
	row(table, "CPU per bid, 100,000 bids before (µs)", stores, func(_ *testing.T, s *benchStore) string { return micros(costs[s].long) })
	row(table, "ratio", stores, func(_ *testing.T, s *benchStore) string { return costs[s].ratio() })
	row(table, "start to ready, empty (ms)", stores, func(t *testing.T, s *benchStore) string { return s.startUp(t, true) })
	row(table, "start to ready, migrated (ms)", stores, func(t *testing.T, s *benchStore) string { return s.startUp(t, false) })
	row(table, "idle memory (MiB)", stores, idleMemory)
	require.NoError(t, table.Flush())

	report := fmt.Sprintf("%s, %s, %d cores, %s, commit %s, load at the start %s; medians of %d rounds\n\n%s",
		time.Now().UTC().Format(time.DateOnly), processor(t), runtime.NumCPU(), runtime.Version(), measuredCommit(), load, benchRounds, text.String())
	fmt.Println(report)
	writeFigures(t, report)
}

func row(w *tabwriter.Writer, name string, stores []*benchStore, measure func(*testing.T, *benchStore) string) {
	fmt.Fprintf(w, "%s", name)
	for _, s := range stores {
		fmt.Fprintf(w, "\t%s", measure(s.t, s))
	}
	fmt.Fprintln(w, "\t")
}

// writeFigures puts the report between the markers of docs/performance.md.
func writeFigures(t *testing.T, report string) {
	t.Helper()
	const begin, end = "<!-- figures: make bench writes them -->\n", "<!-- end of figures -->"
	path := filepath.Join("..", "..", "docs", "performance.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found, "the marker is missing")
	_, after, found := strings.Cut(rest, end)
	require.True(t, found, "the end marker is missing")
	written := before + begin + "\n```\n" + strings.TrimRight(report, "\n") + "\n```\n\n" + end + after
	require.NoError(t, os.WriteFile(path, []byte(written), 0o644))
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
