package db_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// TestAfterABackup follows one database from step to step.
func TestAfterABackup(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		var happened []string
		failure := error(nil)
		migrator := func(set db.Migrations) *db.Migrator {
			m := db.NewMigrator(pool, []db.Migrations{set}, func(context.Context) error {
				happened = append(happened, "backup")
				return failure
			})
			m.Afterwards(func(ctx context.Context) {
				require.ErrorIs(t, db.NewMigrator(pool, []db.Migrations{fair(1)}, nil).Check(ctx), db.ErrSchemaNewer, "it is migrated")
				happened = append(happened, "afterwards")
			})
			return m
		}
		took := func() []string {
			took := happened
			happened = nil
			return took
		}

		_, err := migrator(fair(1)).Up(t.Context())
		require.NoError(t, err)
		require.Empty(t, took(), "there was nothing to back up")

		failure = errors.New("disk full")
		_, err = migrator(fair(2)).Up(t.Context())
		require.ErrorIs(t, err, failure)
		require.Equal(t, []string{"backup"}, took(), "the backup failed")

		failure = nil
		_, err = migrator(brokenFair()).Up(t.Context())
		require.ErrorContains(t, err, "nowhere")
		require.Equal(t, []string{"backup"}, took(), "the migration failed, though not the first of them")

		_, err = migrator(widerFair()).Up(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"backup", "afterwards"}, took())

		_, err = migrator(widerFair()).Up(t.Context())
		require.NoError(t, err)
		require.Empty(t, took(), "nothing was to be done")

		_, err = migrator(widerFair()).Down(t.Context(), "fair", 1)
		require.NoError(t, err)
		require.Equal(t, []string{"backup", "afterwards"}, took())
	})
}

// brokenFair has a version 3 that fails.
func brokenFair() db.Migrations { return fairWith("SELECT * FROM nowhere", "SELECT 1") }

// widerFair has a version 3 that works.
func widerFair() db.Migrations {
	return fairWith("CREATE TABLE tents (id integer NOT NULL PRIMARY KEY)", "DROP TABLE tents")
}

func fairWith(up, down string) db.Migrations {
	set := fair(2)
	for _, dialect := range []string{"sqlite", "postgres"} {
		set.FS.(fstest.MapFS)["migrations/"+dialect+"/00003_more.sql"] = &fstest.MapFile{Data: []byte(
			"-- +goose Up\n" + up + ";\n-- +goose Down\n" + down + ";")}
	}
	return set
}
