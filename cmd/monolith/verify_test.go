package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// inDatabase calls fn with the pool of the program that args configure.
func inDatabase(t *testing.T, args []string, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	var pool *db.Pool
	app := fx.New(core(configured(t, flagsOf(args)), quiet), fx.Populate(&pool))
	require.NoError(t, app.Start(t.Context()))
	require.NoError(t, pool.Transact(t.Context(), fn))
	require.NoError(t, app.Stop(context.Background()))
}

func TestVerifyTheDatabase(t *testing.T) {
	t.Parallel()
	eachStocked(t, func(t *testing.T, args []string) {
		heads := filepath.Join(t.TempDir(), "heads.ndjson")
		verify := func(more ...string) answer { return monolith(t, append(append([]string{"verify"}, args...), more...)) }

		got := verify("--save-heads", heads)
		require.Equal(t, exitOK, got.status, got.stderr)
		require.Regexp(t, `^11 of 11 logs verify \(\d+ events\)\.\n$`, got.stdout)

		got = verify("--heads", heads, "--json")
		require.Equal(t, exitOK, got.status, got.stderr)
		var report struct {
			Logs, Verified, Events int
			Compared               int `json:"heads_compared"`
			Flaws                  []struct {
				Listing uuid.UUID
				Seq     int
				Problem string
				Detail  string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &report))
		require.Equal(t, 11, report.Logs)
		require.Equal(t, 11, report.Verified)
		require.Equal(t, 11, report.Compared)
		require.NotNil(t, report.Flaws)
		require.Empty(t, report.Flaws)

		var listing uuid.UUID
		inDatabase(t, args, func(ctx context.Context, tx *db.Tx) error {
			if err := tx.Get(ctx, &listing, "SELECT listing_id FROM listing_log WHERE seq = 4 ORDER BY listing_id LIMIT 1"); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "UPDATE listing_log SET price = price + 1 WHERE listing_id = $1 AND seq = 3", listing)
			return err
		})
		saved, err := os.ReadFile(heads)
		require.NoError(t, err)
		got = verify("--save-heads", heads)
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stdout, "BAD   listing "+listing.String()+", event 3 (hash): ")
		require.Contains(t, got.stdout, "10 of 11 logs verify")
		require.Contains(t, lastLine(got.stderr), "monolith: 1 of 11 logs do not verify; the first: listing "+listing.String()+", event 3: ")
		kept, err := os.ReadFile(heads)
		require.NoError(t, err)
		require.Equal(t, string(saved), string(kept), "what does not verify is not saved")

		got = verify("--json")
		require.Equal(t, exitFailed, got.status)
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &report))
		require.Equal(t, listing, report.Flaws[0].Listing)
		require.Equal(t, 3, report.Flaws[0].Seq)
		require.Equal(t, "hash", report.Flaws[0].Problem)
	})
}

func TestVerifyAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "new")
	require.Equal(t, exitOK, monolith(t, []string{"migrate", "up", "--data.dir", data}).status)
	got := monolith(t, []string{"verify", "--data.dir", data})
	require.Equal(t, exitOK, got.status, got.stderr)
	require.Equal(t, "0 of 0 logs verify (0 events).\n", got.stdout)
}

func TestVerifyADatabaseThatIsNotThere(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "mistyped")
	got := monolith(t, []string{"verify", "--data.dir", data})
	require.Equal(t, exitFailed, got.status)
	require.Contains(t, got.stderr, "there is no database at")
	require.NoDirExists(t, data)
}

func TestVerifyWhatTheServerExports(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	require.Equal(t, exitOK, monolith(t, []string{"seed", "--listings", "5", "--data.dir", data}).status)
	heads := filepath.Join(data, "heads.ndjson")
	require.Equal(t, exitOK, monolith(t, []string{"verify", "--save-heads", heads, "--data.dir", data}).status)

	var server *httpserver.Server
	started(t, graph(configured(t, map[string]string{"data.dir": data}), quiet), fx.Populate(&server))
	var list struct {
		Items []struct{ ID uuid.UUID }
	}
	require.NoError(t, json.Unmarshal([]byte(get(t, server.Addr(), "/api/v1/listings", http.StatusOK)), &list))
	require.Len(t, list.Items, 5)
	var files []string
	for _, item := range list.Items {
		file := filepath.Join(data, item.ID.String())
		log := get(t, server.Addr(), "/api/v1/listings/"+item.ID.String()+"/log", http.StatusOK)
		require.NoError(t, os.WriteFile(file, []byte(log), 0o600))
		files = append(files, file)
	}

	got := monolith(t, append([]string{"verify", "--heads", heads}, files...))
	require.Equal(t, exitOK, got.status, got.stderr)
	requireNoComplaint(t, got)
	require.Regexp(t, `^5 of 5 logs verify \(\d+ events, 5 saved heads\)\.\n$`, got.stdout)

	log, err := os.ReadFile(files[0])
	require.NoError(t, err)
	cut := log[:strings.LastIndex(strings.TrimSpace(string(log)), "\n")+1]
	require.NoError(t, os.WriteFile(files[0], cut, 0o600))
	got = monolith(t, append([]string{"verify"}, files...))
	require.Equal(t, exitFailed, got.status)
	require.Contains(t, got.stdout, "BAD   listing "+list.Items[0].ID.String()+", event ")
	require.Contains(t, got.stdout, "(missing)")
	require.Contains(t, got.stdout, "4 of 5 logs verify")
}

func TestVerifyUsage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	require.NoError(t, os.WriteFile(text, []byte("hello\n"), 0o600))
	require.Equal(t, exitOK, monolith(t, []string{"migrate", "up", "--data.dir", folder}).status)
	cases := map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"no such file":        {[]string{"verify", text + "x"}, exitFailed, "textx: "},
		"a folder":            {[]string{"verify", folder}, exitFailed, "is a directory"},
		"no log":              {[]string{"verify", text}, exitFailed, "text: not a public log: its first line must be that of the format gavel-log-1"},
		"nothing on stdin":    {[]string{"verify", "-"}, exitFailed, "-: not a public log"},
		"no heads":            {[]string{"verify", "--heads", text}, exitFailed, "text: not a whole file of saved heads"},
		"no such heads":       {[]string{"verify", "--heads", text + "x"}, exitFailed, "textx"},
		"heads of files":      {[]string{"verify", "--save-heads", text, text}, exitUsage, "--save-heads saves the heads of the database"},
		"nowhere to save":     {[]string{"verify", "--save-heads", text + "/x", "--data.dir", folder}, exitFailed, "save heads: "},
		"no server":           {[]string{"verify", "--database.url", unreachable}, exitFailed, "127.0.0.1:1"},
		"a bad configuration": {[]string{"verify", "--log.level", "loud"}, exitFailed, "log.level"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := monolith(t, c.args)
			require.Equal(t, c.status, got.status, got.stderr)
			require.Contains(t, got.stderr, c.stderr)
		})
	}
}
