package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// breaking is the farm's schema with two migrations more, the second of which fails.
func breaking() db.Migrations {
	broken := farm(2)
	broken.FS.(fstest.MapFS)["migrations/sqlite/00003_break.sql"] = &fstest.MapFile{Data: []byte(
		"-- +goose Up\nSELECT * FROM nowhere;\n-- +goose Down\nSELECT 1;")}
	return broken
}

// upgrades is a farm whose automatic copies are made a second apart, the first at 12:00:01.
type upgrades struct {
	pool *db.Pool
	dir  string
	now  time.Time
}

func newUpgrades(t *testing.T) *upgrades {
	t.Helper()
	u := &upgrades{pool: dbtest.SQLite(t, farm(1)), dir: filepath.Join(t.TempDir(), "backups"), now: created}
	require.NoError(t, store(t.Context(), u.pool, herd(3)))
	return u
}

func (u *upgrades) automatic() backup.Automatic {
	return backup.Automatic{Dir: u.dir, Keep: 2, Program: "test", Now: func() time.Time { return u.now }}
}

// to starts a program with a schema.
func (u *upgrades) to(t *testing.T, set db.Migrations) error {
	t.Helper()
	u.now = u.now.Add(time.Second)
	migrator := db.NewMigrator(u.pool, []db.Migrations{set}, func(ctx context.Context) error {
		_, err := u.automatic().Run(ctx, u.pool)
		return err
	})
	migrator.Afterwards(func(context.Context) { require.NoError(t, u.automatic().Prune()) })
	_, err := migrator.Up(t.Context())
	return err
}

// born makes this state of the farm another one than all before.
func (u *upgrades) born(t *testing.T) {
	t.Helper()
	require.NoError(t, store(t.Context(), u.pool, herd(1)))
}

// second is the name of the copy that was made at that second.
func second(n int) string {
	return "before-migration-" + created.Add(time.Duration(n)*time.Second).Format("20060102T150405.000000Z") + ".zip"
}

func seconds(ns ...int) []string {
	var names []string
	for _, n := range ns {
		names = append(names, second(n))
	}
	return names
}

func (u *upgrades) copies(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(u.dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAMigrationThatKeepsFailing(t *testing.T) {
	t.Parallel()

	t.Run("leaves a copy from before it and one of how far it came", func(t *testing.T) {
		t.Parallel()
		u := newUpgrades(t)
		for range 5 {
			require.ErrorContains(t, u.to(t, breaking()), "nowhere")
		}
		require.Equal(t, seconds(1, 5), u.copies(t), "the later ones are all the same")
		first := open(t, filepath.Join(u.dir, second(1)))
		require.Equal(t, map[string]int64{"farm": 1}, first.Manifest.Schema)
		require.NoError(t, first.Verify(t.Context()))
	})
	t.Run("rotates nothing away, whatever else happens to the rows", func(t *testing.T) {
		t.Parallel()
		u := newUpgrades(t)
		for range 4 {
			require.ErrorContains(t, u.to(t, breaking()), "nowhere")
			u.born(t)
		}
		require.Equal(t, seconds(1, 2, 3, 4), u.copies(t))
		require.NoError(t, u.to(t, fixed()))
		require.Equal(t, seconds(4, 5), u.copies(t), "the one that succeeds does")
	})
	t.Run("does not fill the disk with beginnings of copies when it is killed", func(t *testing.T) {
		t.Parallel()
		u := newUpgrades(t)
		require.NoError(t, os.MkdirAll(u.dir, 0o700))
		for _, name := range []string{second(-2) + ".partial", second(-1) + ".partial", "by-hand.zip.partial"} {
			require.NoError(t, os.WriteFile(filepath.Join(u.dir, name), nil, 0o600))
		}
		require.ErrorContains(t, u.to(t, breaking()), "nowhere")
		require.Equal(t, append(seconds(1), "by-hand.zip.partial"), u.copies(t))
	})
}

// fixed is what breaking should have been.
func fixed() db.Migrations {
	set := breaking()
	set.FS.(fstest.MapFS)["migrations/sqlite/00003_break.sql"] = &fstest.MapFile{Data: []byte(
		"-- +goose Up\nCREATE TABLE barns (id integer NOT NULL PRIMARY KEY);\n-- +goose Down\nDROP TABLE barns;")}
	return set
}

func TestOnlyTheSameStateIsNotKeptTwice(t *testing.T) {
	t.Parallel()
	u := newUpgrades(t)
	require.NoError(t, os.MkdirAll(u.dir, 0o700))
	for _, name := range []string{second(-1), "gavel-by-hand.zip"} {
		require.NoError(t, os.WriteFile(filepath.Join(u.dir, name), []byte("damaged"), 0o600))
	}
	run := func(n int) {
		u.now = created.Add(time.Duration(n) * time.Second)
		path, err := u.automatic().Run(t.Context(), u.pool)
		require.NoError(t, err)
		require.Equal(t, filepath.Join(u.dir, second(n)), path)
	}
	run(1)
	u.born(t)
	run(2)
	run(3)
	require.Equal(t, append(seconds(-1, 1, 3), "gavel-by-hand.zip"), u.copies(t), "of the same schema, but other rows")
	require.NoError(t, u.automatic().Prune())
	require.Equal(t, append(seconds(1, 3), "gavel-by-hand.zip"), u.copies(t))
}

func TestPruningWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	require.NoError(t, backup.Automatic{Dir: filepath.Join(t.TempDir(), "none"), Keep: 2}.Prune())
}
