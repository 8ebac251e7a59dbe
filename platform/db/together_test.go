package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

var (
	errTaken = errors.New("taken")
	errAgain = errors.New("a conflict made the unit run again")

	stallByID = db.RowStatement{
		Columns: db.Columns{{Name: "id", Type: db.UUID}}, Finds: true,
		One:  "SELECT 1 FROM stalls WHERE id = $1",
		Many: "SELECT 1 FROM stalls JOIN unnest($1::uuid[]) AS asked (id) ON asked.id = stalls.id",
	}
	prices atomic.Int64

	rename = db.Statement{Query: "UPDATE stalls SET name = $2 WHERE id = $1"}
)

func rowsOf(stalls ...stall) [][]any {
	rows := make([][]any, len(stalls))
	for i, s := range stalls {
		rows[i] = []any{s.ID, s.Name, s.Price, s.Secret, s.Open, s.OpenedAt, s.SeenAt}
	}
	return rows
}

// another returns a stall that no other has the name and the price of.
func another(name string) stall {
	s := newStall(name)
	s.Price = 1 + prices.Add(1)
	return s
}

func taken(err error) error {
	if db.Violates(err, "stalls_pkey") {
		return errTaken
	}
	return err
}

// leave leaves stalls to the end of the transaction.
func leave(tx *db.Tx, stalls ...stall) error {
	return db.InsertRows(tx.Dialect(), "stalls", stallColumns, "").Later(tx, rowsOf(stalls...), taken)
}

// TestLater is about what is left to the end of a transaction. Each case is run in a transaction that has begun, and, as
// units do it, in one that has not.
func TestLater(t *testing.T) {
	t.Parallel()
	there := newStall("there")
	cases := map[string]struct {
		leave func(tx *db.Tx) error
		want  error
		more  int // stalls that there are afterwards
	}{
		"one row":     {func(tx *db.Tx) error { return leave(tx, another("a")) }, nil, 1},
		"many rows":   {func(tx *db.Tx) error { return leave(tx, another("a"), another("b"), another("c")) }, nil, 3},
		"nothing":     {func(tx *db.Tx) error { return leave(tx) }, nil, 0},
		"many writes": {func(tx *db.Tx) error { return errors.Join(leave(tx, another("a")), leave(tx, another("b"))) }, nil, 2},
		"more writes than become one": {func(tx *db.Tx) error {
			for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
				if err := leave(tx, another(name)); err != nil {
					return err
				}
			}
			return nil
		}, nil, 7},
		"a write that must touch what is not there, after one that could be made": {func(tx *db.Tx) error {
			if err := leave(tx, another("a"), another("b")); err != nil {
				return err
			}
			missing := rename
			missing.Args, missing.Rows = [][]any{{uuid.New(), "x"}}, 1
			tx.Later(missing)
			return nil
		}, errAgain, 0},
		"what is to be found is": {func(tx *db.Tx) error {
			return errors.Join(leave(tx, another("a")), stallByID.Later(tx, [][]any{{there.ID}}, nil))
		}, nil, 1},
		"what is to be found is not": {func(tx *db.Tx) error {
			return errors.Join(leave(tx, another("a")), stallByID.Later(tx, [][]any{{there.ID}, {uuid.New()}}, nil))
		}, errAgain, 0},
		"a constraint has its meaning": {func(tx *db.Tx) error {
			return errors.Join(leave(tx, another("a")), leave(tx, stall{ID: there.ID, Name: "other", Price: 1, OpenedAt: there.OpenedAt}))
		}, errTaken, 0},
	}
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, there) }))
		for name, c := range cases {
			for _, begun := range []bool{true, false} {
				t.Run(map[bool]string{true: name + ", begun", false: name + ", not begun"}[begun], func(t *testing.T) {
					before, runs := countStalls(t, pool), 0
					err := newWork().DoShared(t.Context(), func(ctx context.Context) error {
						if runs++; runs > 1 {
							return errAgain
						}
						tx, err := pool.Tx(ctx)
						if err != nil {
							return err
						}
						if begun {
							var n int
							if err := tx.Get(ctx, &n, "SELECT count(*) FROM stalls"); err != nil {
								return err
							}
						}
						return c.leave(tx)
					})
					require.ErrorIs(t, err, c.want)
					require.Equal(t, before+c.more, countStalls(t, pool))
				})
			}
		}
	}, market)
}

func TestExecComesAfterWhatWasLeft(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStall("before")
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := leave(tx, s); err != nil {
				return err
			}
			touched, err := tx.Exec(ctx, rename.Query, s.ID, "after")
			require.EqualValues(t, 1, touched)
			return err
		}))
		require.Equal(t, "after", selectStalls(t, pool)[0].Name)
	}, market)
}

// What is left to the end of a unit that has only looked is one statement: nothing else goes over the wire.
func TestWhatIsLeftIsOneStatement(t *testing.T) {
	t.Parallel()
	pool := dbtest.Postgres(t, market)
	for n := range 2 { // the first prepares
		before := pool.Stats()
		require.NoError(t, newWork().DoShared(t.Context(), func(ctx context.Context) error {
			tx, err := pool.Tx(ctx)
			if err != nil {
				return err
			}
			return errors.Join(leave(tx, newStall(fmt.Sprint("a", n))), leave(tx, newStall(fmt.Sprint("b", n)), newStall(fmt.Sprint("c", n))))
		}))
		if n == 1 {
			require.Equal(t, db.Stats{Statements: 1, RoundTrips: 1, Transactions: 1, Commits: 1}, pool.Stats().Since(before))
		}
	}
}
