package db_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// TestADatabaseWhoseFirstWriterWasKilledCanBeRead looks at what a process leaves that is killed before its new database
// keeps a write-ahead log: a journal that whoever only reads may not roll back.
func TestADatabaseWhoseFirstWriterWasKilledCanBeRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "gavel.db")
	dieWriting(t, path)

	var tables int
	reader := dbtest.Open(t, db.Settings{URL: "sqlite:" + path}).Read()
	require.NoError(t, reader.Get(t.Context(), &tables, "SELECT count(*) FROM sqlite_master"))
	require.Zero(t, tables, "nothing was committed")
}

// dieWriting copies a database, and the journal beside it, out of the middle of a transaction.
func dieWriting(t *testing.T, to string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gavel.db")
	pool, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	for _, statement := range []string{
		"PRAGMA cache_size = 1", "BEGIN", "CREATE TABLE stalls (name)",
		"WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO stalls SELECT hex(zeroblob(5000)) FROM n",
	} {
		_, err := pool.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	for _, end := range []string{"", "-journal"} {
		content, err := os.ReadFile(path + end)
		require.NoError(t, err)
		require.NotEmpty(t, content)
		require.NoError(t, os.WriteFile(to+end, content, 0o600))
	}
}
