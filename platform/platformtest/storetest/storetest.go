// Package storetest runs the suites of stores on every database that stores must work on.
package storetest

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// OnEveryDatabase runs a suite on each kind of database, in parallel. The suite calls open once for each of its cases, from
// as many goroutines as it likes, and gets a database with the schema that is empty and the case's own. The tables are
// all those that a case may write to, in an order in which they can be emptied.
func OnEveryDatabase(
	t *testing.T, schema []db.Migrations, tables []string, suite func(t *testing.T, open func(t *testing.T) *db.Pool),
) {
	t.Helper()
	for name, create := range map[string]func(t *testing.T) *db.Pool{
		"sqlite":   func(t *testing.T) *db.Pool { t.Helper(); return dbtest.SQLite(t, schema...) },
		"postgres": func(t *testing.T) *db.Pool { t.Helper(); return dbtest.Postgres(t, schema...) },
		// Stands in for clusters that know no other isolation.
		"postgres serializable": func(t *testing.T) *db.Pool {
			t.Helper()
			url := dbtest.PostgresURL(t, schema...) + "&default_transaction_isolation=serializable"
			return dbtest.Open(t, db.Settings{URL: url})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			databases := newRecycler(t, create)
			suite(t, func(t *testing.T) *db.Pool { t.Helper(); return databases.take(t, tables) })
		})
	}
}

// recycler lends out databases that are empty, as many as tests run at a time: to empty one takes a hundredth of what it
// takes to create one.
type recycler chan *db.Pool

func newRecycler(t *testing.T, create func(t *testing.T) *db.Pool) recycler {
	t.Helper()
	r := make(recycler, runtime.GOMAXPROCS(0))
	for range cap(r) {
		r <- create(t)
	}
	return r
}

// take returns a database and takes it back, the tables emptied, when the test ends.
func (r recycler) take(t *testing.T, tables []string) *db.Pool {
	t.Helper()
	pool := <-r
	t.Cleanup(func() {
		defer func() { r <- pool }()
		require.NoError(t, empty(context.WithoutCancel(t.Context()), pool, tables))
	})
	return pool
}

func empty(ctx context.Context, pool *db.Pool, tables []string) error {
	return pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, table := range tables {
			if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
}
