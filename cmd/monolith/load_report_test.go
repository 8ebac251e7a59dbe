//go:build bench

package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

// write writes the report and the pages that are made of it, if there were rounds enough; else it says so.
func (b *bench) write() {
	b.t.Helper()
	if b.rounds < writtenFrom {
		fmt.Printf("nothing is written: figures for docs/performance.json need %d rounds\n", writtenFrom)
		return
	}
	writeReport(b.t, b.report)
}

// writeReport adds figures to those of other runs, and makes the pages anew.
func writeReport(t *testing.T, measured load.Report) {
	t.Helper()
	docs := filepath.Join("..", "..", "docs")
	report, err := load.ReadDocs(docs)
	require.NoError(t, err)
	report.Merge(measured)
	require.NoError(t, report.Publish(docs))
}

// machine says what was measured on.
func machine(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("%s, %d cores, %s MiB, %s", processor(t), runtime.NumCPU(), memoryTotal(t), runtime.Version())
}

// memoryTotal is the machine's memory in MiB.
func memoryTotal(t *testing.T) string {
	t.Helper()
	file, err := os.Open("/proc/meminfo")
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, found := strings.CutPrefix(lines.Text(), "MemTotal:"); found {
			var kilobytes int
			_, err := fmt.Sscanf(rest, "%d", &kilobytes)
			require.NoError(t, err)
			return fmt.Sprint(kilobytes / 1024)
		}
	}
	return "?"
}
