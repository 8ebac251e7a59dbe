package backup_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestDamage(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	path := save(t, pool)
	damages := map[string]func(name string, content []byte) []byte{
		"a changed value": func(name string, content []byte) []byte {
			return bytes.Replace(content, []byte("animal 1"), []byte("animal 9"), 1)
		},
		"a lost row": func(name string, content []byte) []byte {
			if name != "tables/animals.ndjson" {
				return content
			}
			return content[:bytes.LastIndexByte(bytes.TrimSpace(content), '\n')+1]
		},
		"a lost table": func(name string, content []byte) []byte {
			if name == "tables/animals.ndjson" {
				return nil
			}
			return content
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := open(t, rewrite(t, path, damage))
			require.ErrorIs(t, bad.Verify(t.Context()), backup.ErrDamaged)
			place := dbtest.SQLite(t)
			require.ErrorIs(t, bad.Restore(t.Context(), place, []db.Migrations{farm(1)}, nil), backup.ErrDamaged)
			require.NoError(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil), "the place stayed empty")
		})
	}

	t.Run("a manifest that would fill the memory", func(t *testing.T) {
		t.Parallel()
		_, err := backup.OpenFile(rewrite(t, path, func(name string, content []byte) []byte {
			if name != "manifest.json" {
				return content
			}
			return slices.Concat([]byte(`{"program": "`), bytes.Repeat([]byte("a"), 17<<20), []byte(`",`), content[1:])
		}))
		require.ErrorIs(t, err, backup.ErrDamaged)
		require.ErrorContains(t, err, "larger than anything")
	})
	t.Run("a row that would fill the memory", func(t *testing.T) {
		t.Parallel()
		bomb := open(t, rewrite(t, path, func(name string, content []byte) []byte {
			if name != "tables/animals.ndjson" {
				return content
			}
			return bytes.Replace(content, []byte("animal 1"), bytes.Repeat([]byte("a"), 33<<20), 1)
		}))
		err := bomb.Restore(t.Context(), dbtest.SQLite(t), []db.Migrations{farm(1)}, nil)
		require.ErrorIs(t, err, backup.ErrDamaged)
		require.ErrorContains(t, err, "larger than anything")
	})
	t.Run("a newer format", func(t *testing.T) {
		t.Parallel()
		newer := rewrite(t, path, func(name string, content []byte) []byte {
			return bytes.Replace(content, []byte(`"format": 1`), []byte(`"format": 2`), 1)
		})
		_, err := backup.OpenFile(newer)
		require.ErrorIs(t, err, backup.ErrNewer)
	})
	t.Run("no archive at all", func(t *testing.T) {
		t.Parallel()
		other := filepath.Join(t.TempDir(), "x")
		require.NoError(t, os.WriteFile(other, []byte("hello"), 0o600))
		_, err := backup.OpenFile(other)
		require.ErrorIs(t, err, backup.ErrDamaged)
		_, err = backup.OpenFile(other + "y")
		require.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("half an archive", func(t *testing.T) {
		t.Parallel()
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		half := filepath.Join(t.TempDir(), "half.zip")
		require.NoError(t, os.WriteFile(half, whole[:len(whole)/2], 0o600))
		_, err = backup.OpenFile(half)
		require.ErrorIs(t, err, backup.ErrDamaged)
	})
}

// rewrite copies an archive through change, which may drop an entry by returning nil.
func rewrite(t *testing.T, path string, change func(string, []byte) []byte) string {
	t.Helper()
	from, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer func() { _ = from.Close() }()
	changed := filepath.Join(t.TempDir(), "changed.zip")
	f, err := os.Create(changed)
	require.NoError(t, err)
	to := zip.NewWriter(f)
	for _, e := range from.File {
		r, err := e.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		if content = change(e.Name, content); content == nil {
			continue
		}
		w, err := to.Create(e.Name)
		require.NoError(t, err)
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, to.Close())
	require.NoError(t, f.Close())
	return changed
}
