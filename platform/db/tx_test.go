package db_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestTransact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		t.Run("keeps what was written when the function succeeds", func(t *testing.T) {
			seen := db.Micros(opened.Add(time.Microsecond))
			full := stall{
				ID: uuid.Must(uuid.NewV7()), Name: `"a", {b} \ 'ü' <c> NULL`, Price: 1<<53 + 1, Secret: []byte{0, 0xff, '\\'},
				Open: true, OpenedAt: db.Micros(opened), SeenAt: &seen,
			}
			empty := stall{ID: uuid.Must(uuid.NewV7()), Name: "", Price: 1, Secret: []byte{}, OpenedAt: db.Micros(time.Time{})}
			require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return insert(ctx, tx, full, empty)
			}))
			got := selectStalls(t, pool)
			require.Len(t, got, 2)
			require.Equal(t, full, got[1])
			require.Equal(t, opened, got[1].OpenedAt.Time())
			require.True(t, got[0].OpenedAt.Time().IsZero())
			require.Nil(t, got[0].SeenAt)
		})

		t.Run("rolls back when it fails", func(t *testing.T) {
			before := countStalls(t, pool)
			refused := errors.New("refused")
			require.ErrorIs(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return errors.Join(insert(ctx, tx, newStall("x")), refused)
			}), refused)
			require.Equal(t, before, countStalls(t, pool))
		})

		t.Run("rolls back and gives the connection back when it panics", func(t *testing.T) {
			before := countStalls(t, pool)
			require.Panics(t, func() {
				_ = pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					require.NoError(t, insert(ctx, tx, newStall("x")))
					panic("oops")
				})
			})
			require.Equal(t, before, countStalls(t, pool))
		})

		t.Run("does not commit after a swallowed error", func(t *testing.T) {
			before := countStalls(t, pool)
			err := pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if err := insert(ctx, tx, newStall("kept?")); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, "INSERT INTO nowhere (id) VALUES ($1)", 1)
				require.Error(t, err)
				require.ErrorIs(t, tx.Err(), err)
				return nil
			})
			require.Error(t, err)
			require.Equal(t, before, countStalls(t, pool))
		})

		t.Run("an empty result breaks nothing", func(t *testing.T) {
			before := countStalls(t, pool)
			require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				var id uuid.UUID
				require.ErrorIs(t, tx.Get(ctx, &id, "SELECT id FROM stalls WHERE name = $1", "nobody"), sql.ErrNoRows)
				return insert(ctx, tx, newStall("after"))
			}))
			require.Equal(t, before+1, countStalls(t, pool))
		})

		t.Run("outlives the context that it began with, but not its statements'", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			err := pool.Transact(ctx, func(_ context.Context, tx *db.Tx) error {
				cancel()
				require.NoError(t, insert(t.Context(), tx, newStall("cancelled")))
				return insert(ctx, tx, newStall("cancelled"))
			})
			require.ErrorIs(t, err, context.Canceled)
		})

		t.Run("does not begin under a context that is over", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			err := pool.Transact(ctx, func(context.Context, *db.Tx) error { return errors.New("called") })
			require.ErrorIs(t, err, context.Canceled)
		})
	}, market)
}

func TestTxInAUnitOfWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		t.Run("is one per unit", func(t *testing.T) {
			before := pool.Stats()
			require.NoError(t, newWork().Do(t.Context(), func(ctx context.Context) error {
				one, err := pool.Tx(ctx)
				require.NoError(t, err)
				other, err := pool.Tx(ctx)
				require.NoError(t, err)
				require.Same(t, one, other)
				require.True(t, one.Durable())
				require.EqualValues(t, 0, pool.Stats().Since(before).Transactions, "nothing was asked yet")
				return errors.Join(insert(ctx, one, newStall("one")), insert(ctx, other, newStall("other")))
			}))
			require.EqualValues(t, 1, pool.Stats().Since(before).Transactions)
		})

		t.Run("does not exist outside of one", func(t *testing.T) {
			_, err := pool.Tx(t.Context())
			require.ErrorIs(t, err, uow.ErrNoUnit)
		})

		t.Run("a broken one breaks its unit", func(t *testing.T) {
			err := newWork().Do(t.Context(), func(ctx context.Context) error {
				tx, err := pool.Tx(ctx)
				if err != nil {
					return err
				}
				_, err = tx.Exec(ctx, "INSERT INTO nowhere (id) VALUES ($1)", 1)
				require.Error(t, err)
				return nil
			})
			require.Error(t, err)
		})
	}, market)
}

func TestConstraintsAreNamed(t *testing.T) {
	t.Parallel()
	taken := newStall("taken")
	cases := map[string]struct {
		spoil func(*stall)
		want  string
	}{
		"a primary key":  {func(s *stall) { s.ID = taken.ID }, "stalls_pkey"},
		"a unique index": {func(s *stall) { s.Name = taken.Name }, "stalls_name_price"},
		"a check":        {func(s *stall) { s.Price = 0 }, "stalls_price_positive"},
	}
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, taken) }))
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				for range 2 { // the second time from memory
					broken := newStall("free")
					c.spoil(&broken)
					err := pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, broken) })
					var violated *db.ConstraintError
					require.ErrorAs(t, err, &violated)
					require.Equal(t, c.want, violated.Name)
					require.True(t, db.Violates(err, c.want))
				}
			})
		}
		t.Run("a missing value", func(t *testing.T) {
			err := pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, "INSERT INTO stalls (id, name, price, open, opened_at) VALUES ($1, $2, 1, $3, NULL)", uuid.Must(uuid.NewV7()), "x", false)
				return err
			})
			require.True(t, db.Violates(err, "stalls_opened_at_not_null"), "%v", err)
		})
	}, market)
}
