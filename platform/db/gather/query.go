package gather

import (
	"context"
	"database/sql"
	"errors"

	"github.com/gavelhq/gavel/platform/db"
)

// Query finds rows of type R, a struct with db tags, by a unique column.
type Query[K comparable, R any] struct {
	// Key is the column.
	Key db.Column
	// One finds the row with the key $1.
	One string
	// Many finds the rows with any of the keys in the column of the table that From returns.
	Many string
	// Parameter returns what stands for a key in a statement.
	Parameter func(K) any
	// KeyOf returns the key of a row.
	KeyOf func(R) K
}

// From returns the FROM item called asked whose column is a key's, for Query.Many.
func From(d db.Dialect, key db.Column) string { return db.Columns{key}.Table(d, "asked") }

// atOnce is how many queries of one kind are under way in PostgreSQL: enough for two cores, and few enough to be shared.
const atOnce = 2

// noLimit lets SQLite, where a query has no way to go and shares nothing, answer each by itself.
const noLimit = 1 << 30

// FromPool returns the rows that the query finds, as they are committed.
func FromPool[K comparable, R any](pool *db.Pool, q Query[K, R]) *Rows[K, R] {
	limit := atOnce
	if pool.Dialect() == db.SQLite {
		limit = noLimit
	}
	return New(limit, func(ctx context.Context, keys []K) (map[K]R, error) {
		if len(keys) == 1 {
			return q.one(ctx, pool, keys[0])
		}
		return q.many(ctx, pool, keys)
	})
}

func (q Query[K, R]) one(ctx context.Context, pool *db.Pool, key K) (map[K]R, error) {
	var row R
	err := pool.Read().Get(ctx, &row, q.One, q.Parameter(key))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return map[K]R{key: row}, nil
}

func (q Query[K, R]) many(ctx context.Context, pool *db.Pool, keys []K) (map[K]R, error) {
	parameters := make([][]any, len(keys))
	for i, key := range keys {
		parameters[i] = []any{q.Parameter(key)}
	}
	args, err := db.Columns{q.Key}.Rows(pool.Dialect(), parameters)
	if err != nil {
		return nil, err
	}
	var rows []R
	if err := pool.Read().Select(ctx, &rows, q.Many, args...); err != nil {
		return nil, err
	}
	found := make(map[K]R, len(rows))
	for _, row := range rows {
		found[q.KeyOf(row)] = row
	}
	return found, nil
}
