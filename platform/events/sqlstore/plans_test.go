package sqlstore_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
)

// TestForgettingDoesNotReadTheWholeOutbox asks the databases how they find what is old among many events, none of which is.
func TestForgettingDoesNotReadTheWholeOutbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		fill(t, pool)
		plan := explain(t, pool, sqlstore.NewOutbox(pool).ForgetQuery(), int64(1_000_000), int64(0), 1000)
		require.Contains(t, plan, "outbox_by_number", plan)
		require.NotContains(t, plan, "Seq Scan", plan)
		require.NotContains(t, plan, "Sort", plan)
		for line := range strings.Lines(plan) {
			require.False(t, strings.HasPrefix(line, "SCAN outbox"), plan)
			require.NotContains(t, line, "TEMP B-TREE FOR ORDER", plan)
		}
	}, sqlstore.Migrations())
}

// fill makes many events, all of which have a number.
func fill(t *testing.T, pool *db.Pool) {
	t.Helper()
	n, numbers, id := 50_000, `generate_series(1, $1::bigint) AS numbers (n)`, `md5(n::text)::uuid`
	if pool.Dialect() == db.SQLite { // which plans without looking at the number of rows
		n = 100
		numbers = `(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1) SELECT n FROM numbers) AS numbers`
		id = `'00000000-0000-4000-8000-' || format('%012d', n)`
	}
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `
			INSERT INTO outbox (id, aggregate, seq, kind, at, payload, number, nth)
			SELECT `+id+`, `+id+`, 1, 'a.v1', n * 1000, '{}', n, 0
			FROM `+numbers, n); err != nil {
			return err
		}
		if pool.Dialect() == db.Postgres {
			_, err := tx.Exec(ctx, `ANALYZE outbox`)
			return err
		}
		return nil
	}))
}

// explain returns the plan of a query, one line a step.
func explain(t *testing.T, pool *db.Pool, query string, args ...any) (plan string) {
	t.Helper()
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var lines []string
		if tx.Dialect() == db.Postgres {
			err := tx.Select(ctx, &lines, "EXPLAIN "+query, args...)
			plan = strings.Join(lines, "\n")
			return err
		}
		var steps []struct {
			ID      int    `db:"id"`
			Parent  int    `db:"parent"`
			NotUsed int    `db:"notused"`
			Detail  string `db:"detail"`
		}
		err := tx.Select(ctx, &steps, "EXPLAIN QUERY PLAN "+query, args...)
		for _, s := range steps {
			lines = append(lines, s.Detail)
		}
		plan = strings.Join(lines, "\n")
		return err
	}))
	return plan
}
