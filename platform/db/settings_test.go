package db_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestOpenUnderstandsAddresses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cases := map[string]struct {
		settings db.Settings
		dialect  db.Dialect
		shown    string
		path     string
	}{
		"the default file":      {db.Settings{URL: "sqlite:", DataDir: dir}, db.SQLite, "sqlite:" + dir + "/gavel.db", dir + "/gavel.db"},
		"a file":                {db.Settings{URL: "sqlite:" + dir + "/a b%20?#.db"}, db.SQLite, "sqlite:" + dir + "/a b%20?#.db", dir + "/a b%20?#.db"},
		"a file with slashes":   {db.Settings{URL: "sqlite://" + dir + "/x.db"}, db.SQLite, "sqlite:" + dir + "/x.db", dir + "/x.db"},
		"a server":              {db.Settings{URL: "postgres://me:secret@db.example:5433/gavel?password=secret"}, db.Postgres, "postgres://db.example:5433/gavel", ""},
		"a server's socket":     {db.Settings{URL: "postgresql:///gavel?host=/run/postgresql"}, db.Postgres, "postgres:///run/postgresql/gavel", ""},
		"a password of symbols": {db.Settings{URL: "postgres://me:%2F%3F@localhost/gavel"}, db.Postgres, "postgres://localhost/gavel", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := dbtest.Open(t, c.settings)
			require.Equal(t, c.dialect, pool.Dialect())
			require.Equal(t, c.shown, pool.String())
			require.Equal(t, c.path, pool.Path())
		})
	}
}

func TestOpenRefusesAddresses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ url, want string }{
		"nothing":           {"", "must be"},
		"another database":  {"mysql://me:secret@host/x", "must be"},
		"a bare path":       {"/var/lib/gavel.db", "must be"},
		"memory":            {"sqlite::memory:", "not supported"},
		"no data folder":    {"sqlite:", "data folder"},
		"a broken address":  {"postgres://me:secret@host:port/x", "port"},
		"a broken escape":   {"postgres://me:secret%ZZ@host/x", "escape"},
		"an unknown option": {"postgres://me:secret@host/x?sslmode=maybe", "sslmode"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := db.Open(db.Settings{URL: c.url})
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestOpenTouchesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "gavel.db")
	pool := dbtest.Open(t, db.Settings{URL: "sqlite:" + path})
	require.NoDirExists(t, filepath.Dir(path))

	dbtest.Migrate(t, pool, market)
	for name, want := range map[string]fs.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + ".lock": 0o600} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		require.Equal(t, want, info.Mode().Perm(), name)
	}
}

func TestAFileOfAnyNameWorks(t *testing.T) {
	t.Parallel()
	pool := dbtest.Open(t, db.Settings{URL: "sqlite:" + filepath.Join(t.TempDir(), "a b%20?#&mode=memory.db")})
	dbtest.Migrate(t, pool, market)
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, newStall("x")) }))
	require.Equal(t, 1, countStalls(t, pool))
	require.FileExists(t, pool.Path())
}

func TestDurability(t *testing.T) {
	t.Parallel()
	want := map[db.Dialect]map[string]string{
		db.SQLite:   {"synchronous": "2", "journal_mode": "wal"},
		db.Postgres: {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"},
	}
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		d, err := pool.Durability(t.Context())
		require.NoError(t, err)
		require.Equal(t, want[pool.Dialect()], d.Values)
		require.NoError(t, d.Check())
	})

	t.Run("a server that forgets is found out", func(t *testing.T) {
		t.Parallel()
		pool := dbtest.Open(t, db.Settings{URL: dbtest.PostgresURL(t) + "&synchronous_commit=off"})
		d, err := pool.Durability(t.Context())
		require.NoError(t, err)
		require.ErrorContains(t, d.Check(), "synchronous_commit = off")
	})
}
