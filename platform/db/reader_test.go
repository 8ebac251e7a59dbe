package db_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestReading(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		store := func(t *testing.T, name string) {
			require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, newStall(name)) }))
		}
		for i := range 10 {
			store(t, strconv.Itoa(i))
		}
		const ordered = "SELECT name FROM stalls WHERE price = $1 ORDER BY name"
		type row struct {
			Name string `db:"name"`
		}

		t.Run("rows come one by one, and a loop may stop", func(t *testing.T) {
			seen := 0
			for r, err := range db.Rows[row](t.Context(), pool.Read(), ordered, 1) {
				require.NoError(t, err)
				require.Equal(t, strconv.Itoa(seen), r.Name)
				if seen++; seen == 3 {
					break
				}
			}
			require.Equal(t, 3, seen)
		})

		t.Run("the same query can run inside the loop over it", func(t *testing.T) {
			if pool.Dialect() == db.Postgres {
				return // one connection answers one query at a time
			}
			require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				seen := 0
				for _, err := range db.Rows[row](ctx, tx, ordered, 1) {
					require.NoError(t, err)
					var inner []string
					require.NoError(t, tx.Select(ctx, &inner, ordered, 1))
					require.Len(t, inner, 10)
					seen++
				}
				require.Equal(t, 10, seen)
				return nil
			}))
		})

		t.Run("an error is the last element", func(t *testing.T) {
			errs := 0
			for _, err := range db.Rows[row](t.Context(), pool.Read(), "SELECT nothing FROM stalls WHERE price = $1", 1) {
				require.ErrorContains(t, err, "nothing")
				errs++
			}
			require.Equal(t, 1, errs)
		})

		t.Run("a snapshot stands still", func(t *testing.T) {
			require.NoError(t, pool.Read().Snapshot(t.Context(), func(ctx context.Context, s *db.Snapshot) error {
				var before, after int
				require.NoError(t, s.Get(ctx, &before, "SELECT count(*) FROM stalls"))
				store(t, "meanwhile")
				require.NoError(t, s.Get(ctx, &after, "SELECT count(*) FROM stalls"))
				require.Equal(t, before, after)
				return nil
			}))
		})

		t.Run("readers cannot write through a snapshot", func(t *testing.T) {
			require.NoError(t, pool.Read().Snapshot(t.Context(), func(ctx context.Context, s *db.Snapshot) error {
				require.Error(t, s.Get(ctx, new(int), "DELETE FROM stalls WHERE price = $1 RETURNING price", 1))
				return nil
			}))
		})
	}, market)
}

func TestStatementsStayPrepared(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		work := func() db.Stats {
			before := pool.Stats()
			require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return insert(ctx, tx, newStall("x"+strconv.FormatInt(before.Statements, 10)))
			}))
			return pool.Stats().Since(before)
		}
		require.Equal(t, db.Stats{Statements: 1, RoundTrips: 4, Transactions: 1, Commits: 1}, work(), "begin, prepare, execute, commit")
		require.Equal(t, db.Stats{Statements: 1, RoundTrips: 3, Transactions: 1, Commits: 1}, work(), "begin, execute, commit")

		t.Run("their number is bounded", func(t *testing.T) {
			for i := range 600 {
				var n int
				require.NoError(t, pool.Read().Get(t.Context(), &n, "SELECT count(*) FROM stalls WHERE price > $1 + "+strconv.Itoa(i), 0))
			}
			if pool.Dialect() == db.Postgres {
				require.NoError(t, pool.Read().Snapshot(t.Context(), func(ctx context.Context, s *db.Snapshot) error {
					var kept int
					require.NoError(t, s.Get(ctx, &kept, "SELECT count(*) FROM pg_prepared_statements"))
					require.LessOrEqual(t, kept, 256)
					return nil
				}))
			}
		})

		t.Run("a changed table does not confuse them", func(t *testing.T) {
			read := func() error {
				return pool.Read().Get(t.Context(), new(any), "SELECT price FROM stalls WHERE price = $1 LIMIT 1", 1)
			}
			require.NoError(t, read())
			if pool.Dialect() == db.Postgres {
				require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					_, err := tx.Exec(ctx, "ALTER TABLE stalls ALTER COLUMN price TYPE numeric")
					return err
				}))
				_ = read() // "cached plan must not change result type"
			}
			require.NoError(t, read())
		})
	}, market)
}

func TestUnprepared(t *testing.T) {
	t.Parallel()
	pool := dbtest.Open(t, db.Settings{URL: dbtest.PostgresURL(t, market), Unprepared: true})
	before := pool.Stats()
	var n int
	require.NoError(t, pool.Read().Get(t.Context(), &n, "SELECT count(*) FROM stalls WHERE price = $1", 1))
	require.EqualValues(t, 1, pool.Stats().Since(before).RoundTrips)
}
