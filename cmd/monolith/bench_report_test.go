//go:build bench

package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// figures are what was measured of one thing, round by round.
type figures []float64

// median is the one in the middle.
func (f figures) median() float64 {
	sorted := slices.Sorted(slices.Values(f))
	return sorted[len(sorted)/2]
}

// text shows the median, and the lowest and the highest of all.
func (f figures) text(digits int) string {
	show := func(value float64) string { return fmt.Sprintf("%.*f", digits, value) }
	return fmt.Sprintf("%s (%s–%s)", show(f.median()), show(slices.Min(f)), show(slices.Max(f)))
}

// benchReport is the table, and what was measured where.
type benchReport struct {
	text  strings.Builder
	table *tabwriter.Writer
	load  string
	began time.Time
}

func newBenchReport(t *testing.T) *benchReport {
	t.Helper()
	r := &benchReport{load: loadAverage(t), began: time.Now()}
	r.table = tabwriter.NewWriter(&r.text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(&r.text, "%s, commit %s\n%s, %d cores, %s %s, %s\n", r.began.UTC().Format(time.DateOnly),
		cmp.Or(os.Getenv("TEST_COMMIT"), "unknown"), processor(t), runtime.NumCPU(), runtime.GOOS, kernel(t), runtime.Version())
	return r
}

// databases says which ones were measured, and begins the table.
func (r *benchReport) databases(t *testing.T, stores []*benchStore) {
	t.Helper()
	var versions, names []string
	for _, s := range stores {
		names = append(names, s.name)
		if version := s.version(t); version != "" {
			versions = append(versions, version)
		}
	}
	fmt.Fprintf(&r.text, "%s; every commit is flushed\n", strings.Join(versions, ", "))
	fmt.Fprintf(&r.text, "medians of %d rounds, of CPU time %d (lowest–highest)\n\n", benchRounds, cpuRounds)
	fmt.Fprintln(r.table, "\t"+strings.Join(names, "\t"))
}

// row adds a line to the table and tells the impatient.
func (r *benchReport) row(name string, stores []*benchStore, cell func(*benchStore) string) {
	line := []string{name}
	for _, s := range stores {
		line = append(line, cell(s))
	}
	fmt.Fprintln(r.table, strings.Join(line, "\t"))
	fmt.Fprintln(os.Stderr, time.Since(r.began).Round(time.Second), strings.Join(line, "  "))
}

// publish prints the report and puts it between the markers of docs/performance.md.
func (r *benchReport) publish(t *testing.T) {
	t.Helper()
	require.NoError(t, r.table.Flush())
	fmt.Fprintf(&r.text, "\nload of the machine before: %s, at the end: %s; it took %s\n",
		r.load, loadAverage(t), time.Since(r.began).Round(time.Second))
	var lines []string
	for line := range strings.Lines(r.text.String()) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	report := strings.Join(lines, "\n") + "\n"
	fmt.Print("\n" + report)

	const begin, end = "<!-- figures: make bench writes them -->\n", "<!-- end of figures -->"
	path := filepath.Join("..", "..", "docs", "performance.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(text), begin)
	_, after, ends := strings.Cut(rest, end)
	require.True(t, begins && ends, "the markers are missing from %s", path)
	require.NoError(t, os.WriteFile(path, []byte(before+begin+"\n```\n"+report+"```\n\n"+end+after), 0o644))
}

// loadAverage is how many processes wanted to run at the same time during the last minute.
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

func kernel(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/kernel/osrelease")
	require.NoError(t, err)
	return strings.TrimSpace(string(text))
}
