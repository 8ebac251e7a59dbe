package backup_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestTheSameRowsMakeTheSameArchive(t *testing.T) {
	t.Parallel()
	animals := herd(20)
	sums := map[string]string{}
	for name, kind := range kinds {
		pool := kind(t, farm(1))
		require.NoError(t, store(t.Context(), pool, animals))
		for _, table := range open(t, save(t, pool)).Manifest.Tables {
			if table.Name == "animals" {
				sums[name] = table.SHA256
			}
		}
	}
	require.Equal(t, sums["sqlite"], sums["postgres"])
}

func TestManifest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		require.NoError(t, store(t.Context(), pool, herd(3)))
		path := save(t, pool, backup.File{Name: "heads.json", Write: func(ctx context.Context, s *db.Snapshot, w io.Writer) error {
			var n int
			if err := s.Get(ctx, &n, "SELECT count(*) FROM animals"); err != nil {
				return err
			}
			_, err := fmt.Fprint(w, n)
			return err
		}})
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		require.NoFileExists(t, path+".partial")

		a := open(t, path)
		require.NoError(t, a.Verify(t.Context()))
		require.Equal(t, 1, a.Manifest.Format)
		require.Equal(t, "test", a.Manifest.Program)
		require.Equal(t, created, a.Manifest.Created)
		require.Equal(t, pool.Dialect(), a.Manifest.Dialect)
		require.Equal(t, map[string]int64{"farm": 1}, a.Manifest.Schema)
		require.EqualValues(t, 6, a.Manifest.Rows())
		var heads bytes.Buffer
		require.NoError(t, a.Attached("heads.json", &heads))
		require.Equal(t, "3", heads.String())
		require.ErrorContains(t, a.Attached("tails.json", &heads), "no file")

		_, err = backup.ToFile(t.Context(), pool, backup.Request{}, path)
		require.ErrorIs(t, err, os.ErrExist)
	}, farm(1))
}

func TestWhileOthersWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		before := herd(50)
		require.NoError(t, store(t.Context(), pool, before))
		ctx, stop := context.WithCancel(t.Context())
		var (
			writing sync.WaitGroup
			failed  error
		)
		writing.Go(func() {
			for ctx.Err() == nil {
				// Two rows a transaction: half of one in the copy would be seen.
				if err := store(context.WithoutCancel(ctx), pool, herd(2)); err != nil {
					failed = err
					return
				}
			}
		})
		path := save(t, pool)
		stop()
		writing.Wait()
		require.NoError(t, failed)

		place := kinds[string(pool.Dialect())](t)
		require.NoError(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil))
		got := stored(t, place)
		require.Equal(t, before, got[:50], "what was there before")
		require.Zero(t, len(got)%2, "whole transactions only")
		require.Equal(t, len(got), search(t, place, "animal"))
	}, farm(1))
}

func TestABackupIsOnlyItsOwners(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	folder := t.TempDir()
	path, others := filepath.Join(folder, "farm.zip"), filepath.Join(folder, "others")
	require.NoError(t, os.WriteFile(others, []byte("hello"), 0o600))
	for name, prepare := range map[string]func(partial string) error{
		"a file that everybody can read": func(partial string) error { return os.WriteFile(partial, nil, 0o644) },
		"a link to somebody else's file": func(partial string) error { return os.Symlink(others, partial) },
	} {
		require.NoError(t, prepare(path+".partial"), name)
		_, err := backup.ToFile(t.Context(), pool, backup.Request{}, path)
		require.NoError(t, err, name)
		info, err := os.Lstat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode(), name)
		require.NoError(t, os.Remove(path))
	}
	text, err := os.ReadFile(others)
	require.NoError(t, err)
	require.Equal(t, "hello", string(text))
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	folder := t.TempDir()
	full := backup.File{Name: "heads", Write: func(context.Context, *db.Snapshot, io.Writer) error { return syscall.ENOSPC }}
	_, err := backup.ToFile(t.Context(), pool, backup.Request{Files: []backup.File{full}}, filepath.Join(folder, "farm.zip"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, entries)
}
