// Package dbtest gives tests databases with a schema, SQLite and PostgreSQL, and checks that the two schemas agree.
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

// Each runs a test on an empty, migrated database of each kind, in parallel.
func Each(t *testing.T, test func(t *testing.T, pool *db.Pool), sets ...db.Migrations) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t, sets...))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t, sets...))
	})
}

// SQLite returns an empty, migrated database in a folder of the test.
func SQLite(tb testing.TB, sets ...db.Migrations) *db.Pool {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "gavel.db")
	if len(sets) > 0 {
		SQLiteFile(tb, path, sets...)
	}
	return Open(tb, db.Settings{URL: "sqlite:" + path})
}

// SQLiteFile makes an empty, migrated database, and the folder that it is to be in. It is a copy: migrating takes longer
// than most tests, so each schema is made once in a test process.
func SQLiteFile(tb testing.TB, path string, sets ...db.Migrations) {
	tb.Helper()
	key, err := hash(sets)
	require.NoError(tb, err)
	made, _ := templates.LoadOrStore(key, sync.OnceValues(func() ([]byte, error) { return template(sets) }))
	content, err := made.(func() ([]byte, error))()
	require.NoError(tb, err)
	require.NoError(tb, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(tb, os.WriteFile(path, content, 0o600))
}

// templates are functions that return the contents of empty, migrated databases, by the hash of what they were migrated
// with.
var templates sync.Map

func template(sets []db.Migrations) (content []byte, err error) {
	folder, err := os.MkdirTemp("", "gavel-schema-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "gavel.db")
	if err := migrate(context.Background(), "sqlite:"+path, sets); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func migrate(ctx context.Context, url string, sets []db.Migrations) error {
	pool, err := db.Open(db.Settings{URL: url})
	if err != nil {
		return err
	}
	_, err = db.NewMigrator(pool, sets, nil).Up(ctx)
	return errors.Join(err, pool.Close())
}

// Postgres returns an empty, migrated database of the test's own.
func Postgres(tb testing.TB, sets ...db.Migrations) *db.Pool {
	tb.Helper()
	return Open(tb, db.Settings{URL: PostgresURL(tb, sets...)})
}

// PostgresURL returns the address of an empty, migrated database of the test's own.
func PostgresURL(tb testing.TB, sets ...db.Migrations) string {
	tb.Helper()
	if len(sets) == 0 {
		return postgrestest.Open(tb)
	}
	key, err := hash(sets)
	require.NoError(tb, err)
	return postgrestest.OpenLike(tb, key, func(ctx context.Context, url string) error {
		return migrate(ctx, url, sets)
	})
}

// Open returns a pool that is closed when the test ends.
func Open(tb testing.TB, s db.Settings) *db.Pool {
	tb.Helper()
	pool, err := db.Open(s)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, pool.Close()) })
	return pool
}

// Migrate brings a database's schema up to date.
func Migrate(tb testing.TB, pool *db.Pool, sets ...db.Migrations) {
	tb.Helper()
	_, err := db.NewMigrator(pool, sets, nil).Up(tb.Context())
	require.NoError(tb, err)
}

// hash tells schemas apart by what their migrations say.
func hash(sets []db.Migrations) (string, error) {
	sum := sha256.New()
	for _, set := range sets {
		fmt.Fprintln(sum, set.Module)
		err := fs.WalkDir(set.FS, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			f, err := set.FS.Open(path)
			if err != nil {
				return err
			}
			fmt.Fprintln(sum, path)
			_, err = io.Copy(sum, f)
			return errors.Join(err, f.Close())
		})
		if err != nil {
			return "", fmt.Errorf("read the migrations of %s: %w", set.Module, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:32], nil
}
