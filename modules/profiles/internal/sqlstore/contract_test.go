package sqlstore_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/contract"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) *db.Pool{
		"sqlite":   func(t *testing.T) *db.Pool { return dbtest.SQLite(t, schema...) },
		"postgres": func(t *testing.T) *db.Pool { return dbtest.Postgres(t, schema...) },
		// Stands in for clusters that know no other isolation.
		"postgres serializable": func(t *testing.T) *db.Pool {
			url := dbtest.PostgresURL(t, schema...) + "&default_transaction_isolation=serializable"
			return dbtest.Open(t, db.Settings{URL: url})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			databases := newRecycler(t, open)
			contract.Run(t, func(t *testing.T) contract.Store { return newStore(databases.take(t)) })
		})
	}
}

// TestSchema compares what the migrations make of the two databases.
func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, schema...)
}

// recycler lends out databases that are empty, as many as tests run at a time: to empty one takes a hundredth of what it
// takes to create one.
type recycler chan *db.Pool

func newRecycler(t *testing.T, open func(t *testing.T) *db.Pool) recycler {
	t.Helper()
	r := make(recycler, runtime.GOMAXPROCS(0))
	for range cap(r) {
		r <- open(t)
	}
	return r
}

// take returns a database and takes it back, emptied, when the test ends.
func (r recycler) take(t *testing.T) *db.Pool {
	t.Helper()
	pool := <-r
	t.Cleanup(func() {
		defer func() { r <- pool }()
		require.NoError(t, empty(context.WithoutCancel(t.Context()), pool))
	})
	return pool
}

func empty(ctx context.Context, pool *db.Pool) error {
	return pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, table := range []string{
			"accounts", "profiles", "notification_settings", "taken_handles", "sessions", "api_tokens", "devices", "throttles",
			"blocks", "invitations", "administrators", "outbox",
		} {
			if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
}
