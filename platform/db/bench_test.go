package db_test

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// BenchmarkTransaction is the shape of a bid (read a row under a lock, change it, add a row), with and without prepared
// statements.
func BenchmarkTransaction(b *testing.B) {
	for name, url := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(b.TempDir(), "gavel.db"), "postgres": dbtest.PostgresURL(b),
	} {
		for _, unprepared := range []bool{false, true} {
			b.Run(name+"/unprepared="+strconv.FormatBool(unprepared), func(b *testing.B) {
				pool := dbtest.Open(b, db.Settings{URL: url, Unprepared: unprepared})
				dbtest.Migrate(b, pool, market)
				target := newStall("target " + strconv.FormatBool(unprepared))
				store := func(s stall) {
					require.NoError(b, pool.Transact(b.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, s) }))
				}
				target.Price = int64(b.N)
				store(target)
				d := pool.Dialect()
				read := "SELECT " + stallColumns.Names() + " FROM stalls WHERE " + d.In("id", "$1") + " ORDER BY id" + d.ForUpdate()
				before := pool.Stats()
				for i := 0; b.Loop(); i++ {
					require.NoError(b, pool.Transact(b.Context(), func(ctx context.Context, tx *db.Tx) error {
						var found []stall
						if err := tx.Select(ctx, &found, read, d.IDs(ids1(target))); err != nil {
							return err
						}
						if _, err := tx.Exec(ctx, "UPDATE stalls SET seen_at = $1 WHERE id = $2 AND name = $3", i, target.ID, target.Name); err != nil {
							return err
						}
						return insert(ctx, tx, newStall(target.ID.String()+strconv.Itoa(i)))
					}))
				}
				spent := pool.Stats().Since(before)
				b.ReportMetric(float64(spent.RoundTrips)/float64(b.N), "roundtrips/op")
			})
		}
	}
}
