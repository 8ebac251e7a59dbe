package sqlstore_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/idempotency/idempotencytest"
	"github.com/gavelhq/gavel/platform/idempotency/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

func newStore(pool *db.Pool) idempotencytest.Store {
	waiting := uowtest.WaitsForRows
	if pool.Dialect() == db.SQLite {
		waiting = uowtest.WaitsForWriter
	}
	return idempotencytest.Store{
		Work:    uow.New(outbox.NewOutbox(pool), uow.Settings{}),
		Answers: sqlstore.NewAnswers(pool),
		Waiting: waiting,
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) *db.Pool{
		"sqlite":   func(t *testing.T) *db.Pool { t.Helper(); return dbtest.SQLite(t, sqlstore.Migrations()) },
		"postgres": func(t *testing.T) *db.Pool { t.Helper(); return dbtest.Postgres(t, sqlstore.Migrations()) },
		// Stands in for clusters that know no other isolation.
		"postgres serializable": func(t *testing.T) *db.Pool {
			t.Helper()
			url := dbtest.PostgresURL(t, sqlstore.Migrations()) + "&default_transaction_isolation=serializable"
			return dbtest.Open(t, db.Settings{URL: url})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			databases := newRecycler(t, open)
			idempotencytest.Run(t, func(t *testing.T) idempotencytest.Store { return newStore(databases.take(t)) })
		})
	}
}

func TestTheAnswersAreTheSameInBothDialects(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, sqlstore.Migrations())
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
		require.NoError(t, pool.Transact(context.WithoutCancel(t.Context()), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM idempotency_answers")
			return err
		}))
	})
	return pool
}
