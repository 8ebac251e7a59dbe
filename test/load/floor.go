package load

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Floor is pgbench placing bids on tables of its own: the statements of a bid in one durable transaction, without rules.
type Floor struct {
	// Folder holds schema.sql, fill.sql and the scripts; URL is the database.
	Folder, URL string
}

// Fill makes that many listings anew. Errors: what psql reports.
func (f Floor) Fill(ctx context.Context, listings int) error {
	for _, args := range [][]string{
		{"-f", filepath.Join(f.Folder, "schema.sql")},
		{"-v", "n=" + strconv.Itoa(listings), "-f", filepath.Join(f.Folder, "fill.sql")},
		{"-c", "CHECKPOINT"},
	} {
		cmd := exec.CommandContext(ctx, "psql", append([]string{"-q", "-v", "ON_ERROR_STOP=1", f.URL}, args...)...) //nolint:gosec // ours
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("psql %v: %w: %s", args, err, out)
		}
	}
	return nil
}

// Play runs a script with that many clients for whole seconds. Errors: what pgbench reports.
func (f Floor) Play(ctx context.Context, script string, clients int, seconds int) (Result, error) {
	folder, err := os.MkdirTemp("", "floor-")
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	cmd := exec.CommandContext(ctx, "pgbench", "-n", "-M", "prepared", "-f", filepath.Join(f.Folder, script), //nolint:gosec // ours
		"-c", strconv.Itoa(clients), "-j", "2", "-T", strconv.Itoa(seconds), "-l", "--log-prefix", filepath.Join(folder, "log"), f.URL)
	begun := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return Result{}, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	took, err := readLog(folder)
	if err != nil {
		return Result{}, err
	}
	return resultOf(took, 0, min(time.Since(begun), time.Duration(seconds)*time.Second)), nil
}

// readLog returns how long each transaction took: the third field of each line, in microseconds.
func readLog(folder string) ([]time.Duration, error) {
	files, err := filepath.Glob(filepath.Join(folder, "log*"))
	if err != nil {
		return nil, err
	}
	var took []time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			fields := strings.Fields(string(line))
			if len(fields) < 3 {
				return nil, fmt.Errorf("%s: a line of pgbench's log has %d fields", file, len(fields))
			}
			micros, err := strconv.ParseInt(fields[2], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			took = append(took, time.Duration(micros)*time.Microsecond)
		}
	}
	return took, nil
}
