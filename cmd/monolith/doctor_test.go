package main

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db/backup"
)

// diagnosed returns the exit status of doctor and what it found, by check; where it said several things of one, the
// worst.
func diagnosed(t *testing.T, store []string, args ...string) (status int, found map[string]finding) {
	t.Helper()
	got := monolith(t, command(store, append([]string{"doctor", "--json"}, args...)...))
	var said diagnosis
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &said), got.stderr)
	rank := map[string]int{verdictOK: 1, verdictWarn: 2, verdictFail: 3}
	found = map[string]finding{}
	worst := verdictOK
	for _, f := range said.Checks {
		require.Contains(t, rank, f.Status)
		require.NotEmpty(t, f.Detail)
		require.Equal(t, f.Status == verdictOK, f.Advice == "", "what is not well has advice: %s", f.Detail)
		if rank[f.Status] > rank[found[f.Check].Status] {
			found[f.Check] = f
		}
		if rank[f.Status] > rank[worst] {
			worst = f.Status
		}
	}
	require.Equal(t, worst, said.Status)
	require.Equal(t, worst == verdictFail, got.status == exitFailed)
	require.NotEqual(t, exitUsage, got.status)
	return got.status, found
}

func statuses(found map[string]finding) map[string]string {
	all := map[string]string{}
	for name, f := range found {
		all[name] = f.Status
	}
	return all
}

// anyPort keeps tests from looking at each other's servers.
var anyPort = []string{"--http.addr", "127.0.0.1:0"}

func TestDoctorBeforeTheFirstStart(t *testing.T) {
	t.Parallel()
	store := sqlite.nothing(t)
	status, found := diagnosed(t, store, anyPort...)
	require.Equal(t, exitOK, status)
	for check, f := range found {
		require.Equal(t, verdictOK, f.Status, check)
	}
	require.Contains(t, found["database"].Detail, "does not exist yet")
	require.NoDirExists(t, store[1], "it changes nothing")
}

func TestDoctorBesideAServer(t *testing.T) {
	t.Parallel()
	eachStocked(t, func(t *testing.T, store []string) {
		p := launch(t, binary(t), serveArgs(store)...)
		addr := []string{"--http.addr", p.addr()}
		_, found := diagnosed(t, store, addr...)
		require.Equal(t, verdictWarn, found["backups"].Status)
		require.Contains(t, found["backups"].Advice, "monolith backup")
		require.Equal(t, exitOK, monolith(t, command(store, "backup")).status)

		before := files(t, store[1])
		status, found := diagnosed(t, store, append(addr, "--site.url", "http://"+p.addr())...)
		require.Equal(t, exitOK, status)
		want := map[string]string{}
		for _, check := range []string{
			"configuration", "data folder", "disk", "database", "migrations", "durability", "clock", "logs", "backups", "proxy headers", "site", "mail",
		} {
			want[check] = verdictOK
		}
		want["http"] = found["http"].Status // the released binary is of another version than the test's
		require.Equal(t, want, statuses(found))
		require.NotEqual(t, verdictFail, found["http"].Status, found["http"].Detail)
		require.Contains(t, found["http"].Detail, p.addr())
		require.Contains(t, found["logs"].Detail, "11 logs end where their listings say")
		require.Equal(t, before, files(t, store[1]), "it changes nothing")
		require.Equal(t, exitOK, p.stop(syscall.SIGTERM))
		require.NotContains(t, p.log(), `"level":"error"`)
	})
}

// files returns the names and sizes of the files below a folder.
func files(t *testing.T, folder string) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			found[path] = info.Size()
		}
		return err
	}))
	return found
}

// TestDoctorFindsWhatIsWrongWithADatabase spoils a store in each way and lets the doctor find it.
func TestDoctorFindsWhatIsWrongWithADatabase(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statement string
		args      []string
		check     string
		status    string
		detail    string
	}{
		"a schema that is older":       {"DELETE FROM goose_listings WHERE version_id = %h", nil, "migrations", verdictWarn, "not %h"},
		"a schema that is newer":       {"INSERT INTO goose_listings (version_id, is_applied) VALUES (99, %t)", nil, "migrations", verdictFail, "newer"},
		"an interrupted restore":       {"CREATE TABLE goose_restoring (begun integer)", nil, "migrations", verdictFail, "has not ended"},
		"an event that was changed":    {"UPDATE listing_log SET price = price + 1 WHERE seq = 1", nil, "logs", verdictOK, "end where"},
		"which is found when it looks": {"UPDATE listing_log SET price = price + 1 WHERE seq = 1", []string{"--deep"}, "logs", verdictFail, "do not verify"},
		"a head that was changed":      {"UPDATE listings SET head_seq = head_seq + 1 WHERE head_seq > 0", nil, "logs", verdictFail, "11 of 11 logs"},
	}
	eachEngine(t, func(t *testing.T, e engine) {
		truth := map[engine]string{postgres: "true", sqlite: "1"}[e]
		head := strconv.FormatInt(schemaOf(t, e.open(t)).of(t, "listings").Program, 10)
		filled := strings.NewReplacer("%t", truth, "%h", head)
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				store := e.open(t)
				stock(t, store)
				execute(t, store, filled.Replace(test.statement))
				_, found := diagnosed(t, store, append(test.args, anyPort...)...)
				require.Equal(t, test.status, found[test.check].Status, found[test.check].Detail)
				require.Contains(t, found[test.check].Detail, filled.Replace(test.detail))
			})
		}
	})
}

func TestDoctorFindsWhatIsWrongAround(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args   func(t *testing.T) []string
		check  string
		status string
		detail string
	}{
		"a configuration that is none": {given("--log.level", "loud"), "configuration", verdictFail, "log.level"},
		"a data folder that is a file": {func(t *testing.T) []string {
			path := filepath.Join(t.TempDir(), "file")
			require.NoError(t, os.WriteFile(path, nil, 0o600))
			return []string{"--data.dir", path}
		}, "data folder", verdictFail, "is no folder"},
		"a data folder that others see": {func(t *testing.T) []string {
			path := t.TempDir()
			require.NoError(t, os.Chmod(path, 0o755))
			return []string{"--data.dir", path}
		}, "data folder", verdictWarn, "0755"},
		"a database that others see": {func(t *testing.T) []string {
			store := sqlite.open(t)
			require.NoError(t, os.Chmod(filepath.Join(store[1], "gavel.db"), 0o644))
			return store
		}, "data folder", verdictWarn, "0644"},
		"a file that is no database": {func(t *testing.T) []string {
			path := filepath.Join(t.TempDir(), "gavel.db")
			require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600))
			return []string{"--database.url", "sqlite:" + path}
		}, "database", verdictFail, "not a database"},
		"a server that is not there": {given("--database.url", unreachable), "database", verdictFail, "does not answer"},
		"weak settings": {func(t *testing.T) []string {
			store := postgres.nothing(t)
			store[3] += "&options=-c%20synchronous_commit%3Doff"
			return store
		}, "durability", verdictFail, "synchronous_commit = off"},
		"an address that another program has": {func(t *testing.T) []string {
			_, address := trap(t)
			return []string{"--http.addr", address}
		}, "http", verdictFail, "another program"},
		"profiles that can be taken": {given("--profiling.addr", "127.0.0.1:0"), "configuration", verdictWarn, "looks into the running server"},
		"an address for profiles that another program has": {func(t *testing.T) []string {
			_, address := trap(t)
			return []string{"--profiling.addr", address}
		}, "profiling", verdictFail, "in use"},
		"an address of another machine":    {given("--http.addr", "192.0.2.1:80"), "http", verdictFail, "nobody can listen"},
		"proxies that are everybody":       {given("--http.trusted_proxies", "0.0.0.0/0"), "proxy headers", verdictFail, "trusts everybody"},
		"a site behind a nameless proxy":   {given("--site.url", "https://auctions.example.org"), "proxy headers", verdictWarn, "names none"},
		"a proxy in front of no site":      {given("--http.trusted_proxies", "10.0.0.1"), "proxy headers", verdictWarn, "site.url"},
		"a site without encryption":        {given("--site.url", "http://auctions.example.org"), "proxy headers", verdictWarn, "without encryption"},
		"everybody's door without one":     {given("--http.addr", ":0"), "proxy headers", verdictWarn, "without encryption"},
		"a site behind a proxy, all right": {given("--site.url", "https://auctions.example.org", "--http.trusted_proxies", "10.0.0.1"), "proxy headers", verdictOK, "10.0.0.1/32"},
		"a backup that is none": {func(t *testing.T) []string {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "x.zip"), []byte("x"), 0o600))
			return []string{"--backup.dir", folder}
		}, "backups", verdictWarn, "x.zip"},
		"the beginning of a backup": {func(t *testing.T) []string {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "x.zip.partial"), []byte("x"), 0o600))
			return []string{"--backup.dir", folder}
		}, "backups", verdictWarn, "interrupted"},
		"the remains of a trial": {func(t *testing.T) []string {
			folder := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(folder, ".trying-out-1"), 0o700))
			return []string{"--backup.dir", folder}
		}, "backups", verdictWarn, "interrupted"},
		"an old backup": {func(t *testing.T) []string {
			store := sqlite.open(t)
			inParts(t, store, func(found parts) {
				_, err := backup.ToFile(t.Context(), found.Pool, backup.Request{Created: time.Now().Add(-30 * 24 * time.Hour)},
					filepath.Join(store[1], "backups", "old.zip"))
				require.NoError(t, err)
			})
			return store
		}, "backups", verdictWarn, "is 30 days old"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append(append(sqlite.nothing(t), anyPort...), test.args(t)...)
			_, found := diagnosed(t, args)
			require.Equal(t, test.status, found[test.check].Status, "%v", found)
			require.Contains(t, found[test.check].Detail, test.detail)
		})
	}
}

// given returns arguments that need no test.
func given(args ...string) func(*testing.T) []string {
	return func(*testing.T) []string { return args }
}

func TestDoctorAndAServerThatIsNotReady(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	p := launch(t, binary(t), serveArgs(store)...)
	execute(t, store, "CREATE TABLE goose_restoring (begun integer)")
	_, found := diagnosed(t, store, "--http.addr", p.addr())
	require.Equal(t, verdictFail, found["http"].Status)
	require.Contains(t, found["http"].Detail, "Not ready: database")
	execute(t, store, "DROP TABLE goose_restoring")
	get(t, p.addr(), "/readyz", http.StatusOK)
	require.Equal(t, exitOK, p.stop(syscall.SIGTERM))
}

func TestDoctorForPeople(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	d := diagnosis{}
	d.ok("database", "sqlite:%s answers", "x")
	d.warn("backups", "there is none", "make one")
	require.NoError(t, d.WriteText(&text))
	require.Equal(t, "ok    database       sqlite:x answers\nwarn  backups        there is none\n                     -> make one\n", text.String())
	require.NoError(t, d.err())
	require.Equal(t, verdictWarn, d.Status)
	d.fail("disk", "full", "make room")
	require.EqualError(t, d.err(), "1 of 3 checks fail")

	text.Reset()
	d.color = true
	require.NoError(t, d.WriteText(&text))
	require.Contains(t, text.String(), "\x1b[31mfail\x1b[0m  disk")
}

func TestRoughly(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "a minute", 2 * time.Minute: "2 minutes", 2 * time.Hour: "2 hours", 48 * time.Hour: "2 days",
	} {
		require.Equal(t, want, roughly(d))
	}
}
