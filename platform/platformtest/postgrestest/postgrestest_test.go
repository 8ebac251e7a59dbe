package postgrestest_test

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("postgres", url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

func TestOpen(t *testing.T) {
	t.Parallel()

	t.Run("each test has a database of its own", func(t *testing.T) {
		t.Parallel()
		one, other := open(t, postgrestest.Open(t)), open(t, postgrestest.Open(t))
		_, err := one.ExecContext(t.Context(), "CREATE TABLE only_here (id int)")
		require.NoError(t, err)
		_, err = other.ExecContext(t.Context(), "SELECT 1 FROM only_here")
		require.ErrorContains(t, err, "does not exist")
	})

	t.Run("it is gone after the test", func(t *testing.T) {
		t.Parallel()
		var url string
		t.Run("inner", func(t *testing.T) { url = postgrestest.Open(t) })
		require.ErrorContains(t, open(t, url).PingContext(t.Context()), "does not exist")
	})

	t.Run("a template is filled once and copied for each", func(t *testing.T) {
		t.Parallel()
		var fills atomic.Int32
		fill := func(ctx context.Context, url string) error {
			fills.Add(1)
			pool, err := sql.Open("postgres", url)
			if err != nil {
				return err
			}
			defer func() { _ = pool.Close() }()
			_, err = pool.ExecContext(ctx, "CREATE TABLE filled (id int)")
			return err
		}
		for range 3 {
			_, err := open(t, postgrestest.OpenLike(t, "own_test", fill)).ExecContext(t.Context(), "INSERT INTO filled VALUES (1)")
			require.NoError(t, err)
		}
		require.EqualValues(t, 1, fills.Load())
	})

	t.Run("it flushes what it commits", func(t *testing.T) {
		t.Parallel()
		pool := open(t, postgrestest.Open(t))
		for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			var value string
			require.NoError(t, pool.QueryRowContext(t.Context(), "SHOW "+setting).Scan(&value))
			require.Equal(t, "on", value, setting)
		}
	})
}

//nolint:tparallel // the steps share one cluster
func TestClusterSurvivesBeingKilled(t *testing.T) {
	t.Parallel()
	cluster, err := postgrestest.StartCluster(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })

	pool := open(t, cluster.URL("postgres"))
	_, err = pool.ExecContext(t.Context(), "CREATE TABLE kept (id int)")
	require.NoError(t, err)

	require.NoError(t, cluster.Kill())
	require.Error(t, pool.PingContext(t.Context()))
	require.ErrorIs(t, cluster.Kill(), os.ErrProcessDone)

	require.NoError(t, cluster.Start(t.Context()))
	_, err = pool.ExecContext(t.Context(), "INSERT INTO kept VALUES (1)")
	require.NoError(t, err)

	t.Run("and runs under another command", func(t *testing.T) {
		require.NoError(t, cluster.Kill())
		require.ErrorIs(t, cluster.StartUnder(t.Context(), "no-such-command"), exec.ErrNotFound)
		require.NoError(t, cluster.StartUnder(t.Context(), "env", "PGTZ=UTC"))
		_, err = pool.ExecContext(t.Context(), "INSERT INTO kept VALUES (2)")
		require.NoError(t, err)
	})
}

func TestInstallUnpacksAndLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	archive := filepath.Join(dir, "package.tgz")
	writeArchive(t, archive, map[string]string{
		"package/native/bin/postgres":     "program",
		"package/native/lib/lib.so.1.2":   "library",
		"package/native/pg-symlinks.json": `[{"source": "native/lib/lib.so.1.2", "target": "native/lib/lib.so"}]`,
	})

	require.NoError(t, postgrestest.Install(archive, dir))
	linked, err := os.ReadFile(filepath.Join(dir, "package/native/lib/lib.so"))
	require.NoError(t, err)
	require.Equal(t, "library", string(linked))

	t.Run("but nothing outside of the folder", func(t *testing.T) {
		t.Parallel()
		archive := filepath.Join(t.TempDir(), "evil.tgz")
		writeArchive(t, archive, map[string]string{"../outside": "x"})
		require.ErrorContains(t, postgrestest.Install(archive, t.TempDir()), "escapes")
	})
}

func writeArchive(t *testing.T, path string, files map[string]string) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	zipped := gzip.NewWriter(f)
	archive := tar.NewWriter(zipped)
	for name, content := range files {
		require.NoError(t, archive.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}))
		_, err := archive.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, zipped.Close())
	require.NoError(t, f.Close())
}
