package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

// flushedBids is how many bids are watched: a flush that happens by chance does not happen that often.
const flushedBids = 10

// TestSQLiteFlushesBeforeItAnswers watches the system calls of a server: between the last write of a bid to SQLite's log
// and the acknowledgement there is a flush of that log.
func TestSQLiteFlushesBeforeItAnswers(t *testing.T) {
	t.Parallel()
	trace := filepath.Join(t.TempDir(), "trace")
	watch := strace(t, trace, "write,pwrite64,fsync,fdatasync")
	// Who delivers events writes meanwhile, and does not flush for the bid.
	plan := childPlan{Flags: flagsOf([]string{"--data.dir", filepath.Join(t.TempDir(), "data")}), Undelivered: true}
	v := spawn(t, plan, watch...)
	bids := tradeAlone(t, v)

	calls := readTrace(t, trace)
	acknowledged, answered := 0, 0
	for _, answer := range calls {
		if answer.name != "write" || !strings.Contains(answer.text, `{\"outcome\":`) {
			continue
		}
		if !strings.Contains(answer.text, `\"refused\":`) {
			require.NoError(t, flushed(calls, answered, answer.begin, "gavel.db-wal>"), answer.text)
			acknowledged++
		}
		answered = answer.end
	}
	require.Equal(t, len(bids), acknowledged, "acknowledgements in the trace")
}

// TestPostgresFlushesBeforeItAnswers watches the system calls of PostgreSQL under a server: between the arrival of each
// COMMIT, or of the one statement of a bid, and its answer something is written to the write-ahead log, and then flushed.
func TestPostgresFlushesBeforeItAnswers(t *testing.T) {
	t.Parallel()
	strace(t, "", "") // before a cluster is started in vain
	cluster, err := postgrestest.StartCluster(t.Context(), "autovacuum=off")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })
	flags := flagsOf([]string{"--database.url", cluster.URL("postgres"), "--data.dir", t.TempDir()})
	migrate(t, flags) // now, so that each commit in the trace is one of a command
	require.NoError(t, cluster.Kill())
	trace := filepath.Join(cluster.Dir(), "trace")
	require.NoError(t, cluster.StartUnder(t.Context(), strace(t, trace, "recvfrom,sendto,write,pwrite64,fsync,fdatasync")...))

	bids := tradeAlone(t, spawn(t, childPlan{Flags: flags, Undelivered: true}))

	calls := readTrace(t, trace)
	commits := map[string]int{} // where a backend was told to commit
	answered := 0
	for _, c := range calls {
		begun, committing := commits[c.process]
		switch {
		case c.name == "recvfrom" && (strings.Contains(c.text, "COMMIT") || strings.Contains(c.text, "bid_placed")):
			commits[c.process] = c.end
		case c.name == "sendto" && committing && strings.Contains(c.text, "ERROR"):
			delete(commits, c.process)
		case c.name == "sendto" && committing && (strings.Contains(c.text, "COMMIT") || strings.Contains(c.text, "SELECT 1")):
			require.NoError(t, flushed(calls, begun, c.begin, "/pg_wal/"), c.text)
			delete(commits, c.process)
			answered++
		}
	}
	require.GreaterOrEqual(t, answered, len(bids)+1, "commits in the trace: of a draft, and the bids")
}

// tradeAlone lets one member after the other bid in a child and ends it. It returns the acknowledged bids.
func tradeAlone(t *testing.T, v *victim) []listingstest.Outcome {
	t.Helper()
	v.await("the server", func(h heard) bool { return h.addr != "" })
	v.trade(childTrade{Seed: 1, Workers: 1, Lots: []listingstest.Lots{{Seed: 1, Count: 1, Duration: time.Hour}}})
	v.awaitBids(flushedBids)
	v.stop()
	return v.told().bids
}

// migrate brings the schema of a database up to date.
func migrate(t *testing.T, flags map[string]string) {
	t.Helper()
	var pool *db.Pool
	app := fx.New(core(configured(t, flags), quiet), fx.Populate(&pool))
	require.NoError(t, app.Start(t.Context()))
	require.NoError(t, app.Stop(context.Background()))
}

// strace returns the command that writes the system calls of what runs under it to a file.
func strace(t *testing.T, file, calls string) []string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("strace is there on Linux only")
	}
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("this test watches system calls; install strace: apt-get install strace")
	}
	return []string{path, "-f", "-y", "-s", "4000", "-e", "signal=none", "-e", "trace=" + calls, "-o", file}
}

// call is a system call in a trace; begin and end are the lines at which it was entered and left.
type call struct {
	process, name, text string
	begin, end          int
}

// readTrace reads what strace -f wrote, in the order in which the calls ended. Where another process comes between, a
// call has two lines:
//
//	8101  fsync(12</data/gavel.db-wal> <unfinished ...>
//	8101  <... fsync resumed>) = 0
func readTrace(t *testing.T, file string) []call {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var calls []call
	entered := map[string]call{} // by process
	for i, line := range strings.Split(string(text), "\n") {
		process, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		c := call{process: process, text: rest, begin: i, end: i}
		if _, resumed, found := strings.Cut(rest, " resumed>"); found && strings.HasPrefix(rest, "<... ") {
			c = entered[process]
			c.text, c.end = c.text+resumed, i
		}
		c.name, _, _ = strings.Cut(c.text, "(")
		if before, found := strings.CutSuffix(c.text, "<unfinished ...>"); found {
			c.text = before
			entered[process] = c
			continue
		}
		calls = append(calls, c)
	}
	return calls
}

// flushed checks that a file was written to between two lines of a trace, and flushed after the last of these writes.
// Errors: one that says what is missing.
func flushed(calls []call, after, before int, file string) error {
	written, flushed := -1, -1
	for _, c := range calls {
		if c.begin <= after || c.end >= before || !strings.Contains(c.text, file) {
			continue
		}
		switch c.name {
		case "write", "pwrite64":
			written = c.end
		case "fsync", "fdatasync":
			if strings.HasSuffix(c.text, "= 0") {
				flushed = c.begin
			}
		}
	}
	switch {
	case written < 0:
		return fmt.Errorf("nothing was written to %s before the answer", file)
	case flushed < written:
		return fmt.Errorf("what was written to %s was not flushed before the answer", file)
	default:
		return nil
	}
}
