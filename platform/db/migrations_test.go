package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// fair is a second module's schema; version 1 of it knows nothing of what version 2 adds.
func fair(version int) db.Migrations {
	files := fstest.MapFS{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		files["migrations/"+dialect+"/00001_create_rides.sql"] = &fstest.MapFile{Data: []byte(
			"-- +goose Up\nCREATE TABLE rides (id integer NOT NULL PRIMARY KEY);\n-- +goose Down\nDROP TABLE rides;")}
		if version == 2 {
			files["migrations/"+dialect+"/00002_name_rides.sql"] = &fstest.MapFile{Data: []byte(
				"-- +goose Up\nALTER TABLE rides ADD COLUMN name text NOT NULL DEFAULT '';\n-- +goose Down\nALTER TABLE rides DROP COLUMN name;")}
		}
	}
	return db.Migrations{Module: "fair", FS: files}
}

func TestMigrations(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		ctx := t.Context()
		old := db.NewMigrator(pool, []db.Migrations{market, fair(1)}, nil)
		backups := 0
		backup := func(context.Context) error { backups++; return nil }
		recent := db.NewMigrator(pool, []db.Migrations{market, fair(2)}, backup)

		// Each step goes on from where the one before has left the database.
		t.Run("an empty database has everything before it", func(t *testing.T) {
			status, err := old.Status(ctx)
			require.NoError(t, err)
			require.Equal(t, []db.ModuleStatus{
				{Module: "fair", Version: 0, Head: 1, Pending: []string{"00001_create_rides.sql"}},
				{Module: "market", Version: 0, Head: 2, Pending: []string{"00001_create_stalls.sql", "00002_index_stalls.sql"}},
			}, status)
			require.ErrorIs(t, old.Check(ctx), db.ErrPending)
		})
		t.Run("it is filled module by module", func(t *testing.T) {
			ran, err := old.Up(ctx)
			require.NoError(t, err)
			require.Equal(t, []string{"fair/00001_create_rides.sql", "market/00001_create_stalls.sql", "market/00002_index_stalls.sql"}, ran)
			require.NoError(t, old.Check(ctx))
			ran, err = old.Up(ctx)
			require.NoError(t, err)
			require.Empty(t, ran)
		})
		t.Run("a newer program backs up and adds what it needs", func(t *testing.T) {
			require.ErrorIs(t, recent.Check(ctx), db.ErrPending)
			ran, err := recent.Up(ctx)
			require.NoError(t, err)
			require.Equal(t, []string{"fair/00002_name_rides.sql"}, ran)
			require.Equal(t, 1, backups)
		})
		t.Run("the older one then refuses to touch it", func(t *testing.T) {
			require.ErrorIs(t, old.Check(ctx), db.ErrSchemaNewer)
			_, err := old.Up(ctx)
			require.ErrorIs(t, err, db.ErrSchemaNewer)
			_, err = old.Down(ctx, "fair", 1)
			require.ErrorIs(t, err, db.ErrSchemaNewer)
		})
		t.Run("one step goes back", func(t *testing.T) {
			ran, err := recent.Down(ctx, "fair", 1)
			require.NoError(t, err)
			require.Equal(t, []string{"fair/00002_name_rides.sql"}, ran)
			require.Equal(t, 2, backups)
			require.NoError(t, old.Check(ctx))
		})
		t.Run("a backup that fails stops the migration", func(t *testing.T) {
			full := errors.New("disk full")
			_, err := db.NewMigrator(pool, []db.Migrations{fair(2)}, func(context.Context) error { return full }).Up(ctx)
			require.ErrorIs(t, err, full)
			require.NoError(t, old.Check(ctx))
		})
		t.Run("a migration that fails leaves nothing of itself, and what ran before it", func(t *testing.T) {
			broken := fair(2)
			files := broken.FS.(fstest.MapFS)
			for _, dialect := range []string{"sqlite", "postgres"} {
				files["migrations/"+dialect+"/00003_break.sql"] = &fstest.MapFile{Data: []byte(
					"-- +goose Up\nCREATE TABLE half (id integer);\nSELECT * FROM nowhere;\n-- +goose Down\nDROP TABLE half;")}
			}
			ran, err := db.NewMigrator(pool, []db.Migrations{broken}, nil).Up(ctx)
			require.ErrorContains(t, err, "nowhere")
			require.Equal(t, []string{"fair/00002_name_rides.sql"}, ran)
			require.NoError(t, recent.Check(ctx))
			require.Error(t, pool.Read().Get(ctx, new(int), "SELECT count(*) FROM half"))
		})
		t.Run("several steps go back after one backup", func(t *testing.T) {
			before := backups
			ran, err := recent.Down(ctx, "fair", 2)
			require.NoError(t, err)
			require.Equal(t, []string{"fair/00002_name_rides.sql", "fair/00001_create_rides.sql"}, ran)
			require.Equal(t, before+1, backups)
			ran, err = recent.Up(ctx)
			require.NoError(t, err)
			require.Len(t, ran, 2)
		})
		t.Run("below the first there is nothing", func(t *testing.T) {
			for _, want := range [][]string{{"fair/00002_name_rides.sql"}, {"fair/00001_create_rides.sql"}, nil} {
				ran, err := recent.Down(ctx, "fair", 1)
				require.NoError(t, err)
				require.Equal(t, want, ran)
			}
			ran, err := recent.Down(ctx, "market", 7)
			require.NoError(t, err)
			require.Len(t, ran, 2)
			_, err = recent.Down(ctx, "circus", 1)
			require.ErrorContains(t, err, `no module "circus"`)
		})
	})
}

// TestHalfRestored lets one migrator fill a database and others look on.
func TestHalfRestored(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		ctx := t.Context()
		restorer, other := db.NewMigrator(pool, []db.Migrations{market}, nil), db.NewMigrator(pool, []db.Migrations{market}, nil)
		require.NoError(t, restorer.BeginRestore(ctx))
		require.NoError(t, restorer.BeginRestore(ctx), "it can be begun again")
		_, err := restorer.Up(ctx)
		require.NoError(t, err)
		begun, err := db.Restoring(ctx, pool.Read())
		require.NoError(t, err)
		require.True(t, begun)

		require.ErrorIs(t, other.Check(ctx), db.ErrRestoring)
		_, err = other.Up(ctx)
		require.ErrorIs(t, err, db.ErrRestoring)
		_, err = other.Down(ctx, "market", 1)
		require.ErrorIs(t, err, db.ErrRestoring)
		require.ErrorIs(t, other.Reset(ctx), db.ErrRestoring)
		versions, err := db.SchemaVersions(ctx, pool.Read())
		require.NoError(t, err)
		require.Equal(t, map[string]int64{"market": 2}, versions, "the mark is no module")

		require.NoError(t, restorer.EndRestore(ctx))
		require.NoError(t, other.Check(ctx))
	})
}

func TestLookingMakesNoDatabase(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "none", "gavel.db")
	pool := dbtest.Open(t, db.Settings{URL: "sqlite:" + file})
	require.False(t, pool.Exists())
	status, err := db.NewMigrator(pool, []db.Migrations{market}, nil).Status(t.Context())
	require.NoError(t, err)
	require.Len(t, status[0].Pending, 2)
	require.NoDirExists(t, filepath.Dir(file))
	dbtest.Migrate(t, pool, market)
	require.True(t, pool.Exists())
}

func TestMigrationsWaitForEachOther(t *testing.T) {
	t.Parallel()
	const servers = 4
	open := map[string]func(t *testing.T) db.Settings{
		"sqlite": func(t *testing.T) db.Settings {
			return db.Settings{URL: "sqlite:" + filepath.Join(t.TempDir(), "new", "gavel.db")}
		},
		"postgres": func(t *testing.T) db.Settings { return db.Settings{URL: dbtest.PostgresURL(t)} },
	}
	for name, settings := range open {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t)
			var running sync.WaitGroup
			ran, errs := make([][]string, servers), make([]error, servers)
			for i := range servers {
				pool := dbtest.Open(t, s)
				running.Go(func() {
					ran[i], errs[i] = db.NewMigrator(pool, []db.Migrations{market, fair(2)}, nil).Up(t.Context())
				})
			}
			running.Wait()
			all := []string{}
			for i := range servers {
				require.NoError(t, errs[i])
				all = append(all, ran[i]...)
			}
			require.Len(t, all, 4, "each migration ran once")
		})
	}
}

func TestOwnSchema(t *testing.T) {
	t.Parallel()
	outer := dbtest.Postgres(t, market)
	url := dbtest.PostgresURL(t, market)
	own, drop, err := db.OwnSchema(t.Context(), db.Settings{URL: url})
	require.NoError(t, err)
	pool, err := db.Open(own)
	require.NoError(t, err)
	dbtest.Migrate(t, pool, market)
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, newStall("own")) }))
	require.Equal(t, 1, countStalls(t, pool))
	require.Zero(t, countStalls(t, outer))
	require.NoError(t, pool.Close())
	require.NoError(t, drop(t.Context()))

	schemas := dbtest.Open(t, db.Settings{URL: url})
	var left int
	require.NoError(t, schemas.Read().Get(t.Context(), &left, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'gavel%'"))
	require.Zero(t, left)

	_, _, err = db.OwnSchema(t.Context(), db.Settings{URL: "sqlite:x"})
	require.ErrorContains(t, err, "only PostgreSQL")
}

func TestMigrationsMustExist(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t)
	_, err := db.NewMigrator(pool, []db.Migrations{{Module: "hollow", FS: fstest.MapFS{}}}, nil).Up(t.Context())
	require.ErrorContains(t, err, "no migrations found")
}
