package dbtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/schema"
)

// SameSchema fails the test unless the migrations make the same tables, columns, keys, indexes and named constraints in
// both dialects, and unless both keep the rules of the house: SQLite's tables are strict, PostgreSQL's text is sorted by
// its bytes, nothing is numbered by the database, and a primary key is called TABLE_pkey. It also takes all of them back.
func SameSchema(t *testing.T, sets ...db.Migrations) {
	t.Helper()
	sqlite, postgres := SQLite(t, sets...), Postgres(t, sets...)
	ours, theirs := read(t, sqlite), read(t, postgres)
	for _, table := range ours {
		require.True(t, table.Strict || table.Virtual, "SQLite's table %s is not STRICT", table.Name)
	}
	for _, table := range theirs {
		for _, c := range table.Columns {
			require.False(t, c.Counter, `%s.%s is numbered by the database`, table.Name, c.Name)
			require.False(t, c.Linguist, `%s.%s lacks COLLATE "C"`, table.Name, c.Name)
		}
	}
	if diff := cmp.Diff(alike(ours, theirs), alike(theirs, ours)); diff != "" {
		t.Fatalf("the schemas differ (-sqlite +postgres):\n%s", diff)
	}
	var keys []string
	require.NoError(t, postgres.Read().Select(t.Context(), &keys, `
		SELECT conname::text FROM pg_constraint
		WHERE contype = 'p' AND connamespace = current_schema()::regnamespace AND conname <> conrelid::regclass || '_pkey'
			AND conrelid::regclass::text NOT LIKE 'goose%'`))
	require.Empty(t, keys, "primary keys that are not called TABLE_pkey")

	for _, pool := range []*db.Pool{sqlite, postgres} {
		require.NoError(t, db.NewMigrator(pool, sets, nil).Reset(t.Context()))
		require.Empty(t, read(t, pool), "left in %s after taking back all migrations", pool.Dialect())
	}
}

func read(t *testing.T, pool *db.Pool) []schema.Table {
	t.Helper()
	tables, err := schema.Read(t.Context(), pool.Read())
	require.NoError(t, err)
	return tables
}

// alike leaves out what may differ: SQLite's words for types, and all but the names where one side is a table of
// full-text search.
func alike(tables, others []schema.Table) []schema.Table {
	virtual := map[string]bool{}
	for _, table := range append(tables[:len(tables):len(tables)], others...) {
		virtual[table.Name] = virtual[table.Name] || table.Virtual
	}
	same := make([]schema.Table, len(tables))
	for i, table := range tables {
		bare := schema.Table{Name: table.Name, Key: table.Key, Indexes: table.Indexes, Constraints: table.Constraints}
		if virtual[table.Name] {
			bare = schema.Table{Name: table.Name}
		}
		for _, c := range table.Columns {
			column := schema.Column{Name: c.Name}
			if !virtual[table.Name] {
				column.Kind, column.Nullable = c.Kind, c.Nullable
			}
			bare.Columns = append(bare.Columns, column)
		}
		same[i] = bare
	}
	return same
}
