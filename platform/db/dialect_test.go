package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestDialect(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		d := pool.Dialect()
		stalls := []stall{newStall("a"), newStall("b"), newStall("c")}
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, stalls...) }))

		t.Run("finds rows by any number of ids", func(t *testing.T) {
			query := "SELECT name FROM stalls WHERE " + d.In("id", "$1") + " ORDER BY name"
			for want, ids := range map[string][]uuid.UUID{
				"":   {},
				"b":  {stalls[1].ID, uuid.Must(uuid.NewV7())},
				"ac": {stalls[2].ID, stalls[0].ID, stalls[2].ID},
			} {
				var names []string
				require.NoError(t, pool.Read().Select(t.Context(), &names, query, d.IDs(ids)))
				got := ""
				for _, name := range names {
					got += name
				}
				require.Equal(t, want, got)
			}
		})

		t.Run("changes rows to values of their own, with one statement", func(t *testing.T) {
			columns := db.Columns{{Name: "id", Type: db.UUID}, {Name: "price", Type: db.Int}, {Name: "seen_at", Type: db.Int}}
			seen := db.Micros(opened)
			args, err := columns.Rows(d, [][]any{{stalls[0].ID, 10, &seen}, {stalls[1].ID, 20, nil}, {uuid.Must(uuid.NewV7()), 30, nil}})
			require.NoError(t, err)
			require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				touched, err := tx.Exec(ctx, "UPDATE stalls SET price = new.price, seen_at = new.seen_at FROM "+
					columns.Table(d, "new")+" WHERE stalls.id = new.id", args...)
				require.EqualValues(t, 2, touched)
				return err
			}))
			got := selectStalls(t, pool)
			require.Equal(t, []int64{10, 20, 1}, []int64{got[0].Price, got[1].Price, got[2].Price})
			require.Equal(t, opened, got[0].SeenAt.Time())
		})
	}, market)
}

func TestRowsRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	columns := db.Columns{{Name: "n", Type: db.Int}}
	for name, row := range map[string][]any{"too few": {}, "too many": {1, 2}, "a time": {time.Now()}, "a channel": {make(chan int)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := columns.Rows(db.SQLite, [][]any{row})
			require.ErrorContains(t, err, "row 0")
		})
	}
}

func TestMicros(t *testing.T) {
	t.Parallel()
	var m db.Micros
	require.Error(t, m.Scan("2026-01-01"))
	require.Error(t, m.Scan(nil))
	require.NoError(t, m.Scan(int64(-1)))
	require.Equal(t, time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), m.Time())

	berlin := time.FixedZone("CEST", 2*60*60)
	value, err := db.Micros(time.Date(2026, 7, 1, 2, 0, 0, 1999, berlin)).Value()
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 7, 1, 0, 0, 0, 1000, time.UTC).UnixMicro(), value)
}
