package load_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

func TestOnlyWhatEndsWithinTheWindowCounts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	// The first ends at 1,000.5; a second later the window begins, which lasts two.
	write("log.1", "0 1 9000 0 1000 500000\n0 2 9000 0 1001 499999\n1 1 1000 0 1001 500000\n0 3 3000 0 1003 499999\n")
	write("log.1.1", "2 1 2000 0 1002 0\n2 2 9000 0 1003 500000\n")
	r, err := load.Sum(folder, time.Second, 2*time.Second, 0, time.Second, 2*time.Second, 5*time.Second)
	require.NoError(t, err)
	require.Equal(t, 3, r.Done)
	require.Equal(t, 3, r.Count[load.Bid])
	require.InDelta(t, 1.5, r.Rate, 1e-9)
	require.Equal(t, 2*time.Millisecond, r.P50)
	require.Equal(t, (6500-1500)*time.Millisecond/3, r.CPU)

	for _, line := range []string{"0 1 100 0 1000", "0 1 fast 0 1000 1"} {
		write("log.2", line)
		_, err = load.Sum(folder, time.Second, time.Second)
		require.ErrorContains(t, err, "pgbench's log")
	}
}

func TestAnEmptyLog(t *testing.T) {
	t.Parallel()
	r, err := load.Sum(t.TempDir(), time.Second, time.Second)
	require.NoError(t, err)
	require.Zero(t, r.Done)
}

func TestAMeterTellsWhatWasSpentBetween(t *testing.T) {
	t.Parallel()
	readings := []time.Duration{0, 10 * time.Second, 30 * time.Second}
	for name, c := range map[string]struct {
		begin, end float64
		want       time.Duration
	}{
		"two readings":        {0, 1, 10 * time.Second},
		"half of an interval": {0.5, 1, 5 * time.Second},
		"over a reading":      {0.5, 1.5, 15 * time.Second},
		"after the last":      {2, 2.5, 10 * time.Second},
		"nothing":             {1.2, 1.2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, load.Spent(readings, c.begin, c.end))
		})
	}
	require.Zero(t, load.Spent(readings[:1], 0, 1), "one reading tells nothing")
}

func TestWithoutAFloorTheToolSaysWhy(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.Error(t, load.Floor{Folder: folder}.Missing())
}
