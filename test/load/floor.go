package load

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed floor/*.pgb
var ownScripts embed.FS

// Floor is pgbench placing bids on tables of its own: the statements of a bid in one durable transaction, without rules.
type Floor struct {
	// Folder holds schema.sql, fill.sql and the scripts of the floor; URL is the database. Scripts that are not there are
	// those of this package.
	Folder, URL string
}

// Missing says what keeps the floor from being played: nil for nothing.
func (f Floor) Missing() error {
	for _, program := range []string{"pgbench", "psql"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("there is no %s to compare with (Debian: apt-get install postgresql-contrib)", program)
		}
	}
	if _, err := os.Stat(filepath.Join(f.Folder, "schema.sql")); err != nil {
		return fmt.Errorf("there is no floor to compare with in %s: TEST_FLOOR names its folder", f.Folder)
	}
	return nil
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

// script is one of several that pgbench draws from.
type script struct {
	name   string
	weight int
}

var errScript = errors.New("it must be NAME.pgb, or NAME.pgb@WEIGHT with a weight of 1 or more")

func parseScript(text string) (script, error) {
	name, weight, weighted := strings.Cut(text, "@")
	s := script{name: name, weight: 1}
	if weighted {
		n, err := strconv.Atoi(weight)
		if err != nil || n < 1 {
			return script{}, errScript
		}
		s.weight = n
	}
	if filepath.Ext(name) != ".pgb" || filepath.Base(name) != name {
		return script{}, errScript
	}
	return s, nil
}

// Play runs scripts, such as "bid.pgb@3", with that many clients, and measures for a while once all of them have connected and
// prepared their statements. CPU is that of pgbench and what server says, the processor time of the database server so
// far. Errors: what pgbench reports.
func (f Floor) Play(ctx context.Context, scripts []string, clients int, lasts time.Duration, server func() time.Duration) (Result, error) {
	folder, err := os.MkdirTemp("", "floor-")
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	warm := warmUp + time.Duration(clients)*warmUpOfOne
	args := []string{
		"-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, 2)),
		"-T", strconv.Itoa(int(math.Ceil((warm + lasts).Seconds()))), "-l", "--log-prefix", filepath.Join(folder, "log"),
	}
	for _, text := range scripts {
		file, err := f.file(folder, text)
		if err != nil {
			return Result{}, err
		}
		args = append(args, "-f", file)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, "pgbench", append(args, f.URL)...) //nolint:gosec // ours
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return Result{}, err
	}
	pid := cmd.Process.Pid
	meter := startMeter(func() time.Duration { return ProcessTime(pid) + server() })
	err = cmd.Wait()
	meter.stop()
	if err != nil {
		return Result{}, fmt.Errorf("pgbench: %w: %s", err, said.Bytes())
	}
	all, err := readLog(folder)
	if err != nil {
		return Result{}, err
	}
	return all.result(warm, lasts, meter), nil
}

// What pgbench gets to connect and prepare, altogether and for each client.
const (
	warmUp      = time.Second
	warmUpOfOne = 8 * time.Millisecond
)

// file returns the path of a script, with its weight.
func (f Floor) file(folder, text string) (string, error) {
	s, err := parseScript(text)
	if err != nil {
		return "", fmt.Errorf("script %q: %w", text, err)
	}
	path := filepath.Join(f.Folder, s.name)
	if _, err := os.Stat(path); err != nil {
		content, err := ownScripts.ReadFile("floor/" + s.name)
		if err != nil {
			return "", err
		}
		path = filepath.Join(folder, s.name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%s@%d", path, s.weight), nil
}
