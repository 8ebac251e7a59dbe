package db

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/jmoiron/sqlx"
)

// Querier reads: a Tx, a Reader or a Snapshot.
type Querier interface {
	// Dialect returns which database this is.
	Dialect() Dialect
	// Get reads the one row of a query into dest. Errors: sql.ErrNoRows, ErrUnavailable, the context's, or what the
	// driver reports.
	Get(ctx context.Context, dest any, query string, args ...any) error
	// Select reads all rows of a query into dest, a slice. Errors: as Get, but no rows are no error.
	Select(ctx context.Context, dest any, query string, args ...any) error

	query(ctx context.Context, query string, args []any) (*sqlx.Rows, error)
	failed(ctx context.Context, err error) error
}

var (
	_ Querier = (*Tx)(nil)
	_ Querier = (*Reader)(nil)
	_ Querier = (*Snapshot)(nil)
)

// Rows returns the rows of a query one by one, as T, a struct with db tags: for results that need not fit into memory.
// The transaction or connection is occupied until the loop ends. Errors: as Querier.Get, once, as the last element.
func Rows[T any](ctx context.Context, q Querier, query string, args ...any) iter.Seq2[T, error] {
	return each(ctx, q, query, args, scanStruct[T])
}

// Values returns the rows of a query one by one, each as the values that the driver gives: for queries whose columns are
// not known beforehand. The slice is the caller's. Errors: as Rows.
func Values(ctx context.Context, q Querier, query string, args ...any) iter.Seq2[[]any, error] {
	return each(ctx, q, query, args, (*sqlx.Rows).SliceScan)
}

func scanStruct[T any](found *sqlx.Rows) (row T, err error) {
	err = found.StructScan(&row)
	return row, err
}

func each[T any](
	ctx context.Context, q Querier, query string, args []any, scan func(*sqlx.Rows) (T, error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		found, err := q.query(ctx, query, args)
		if err != nil {
			yield(none, err)
			return
		}
		defer func() { _ = found.Close() }() // what matters, found.Err reports
		for found.Next() {
			row, err := scan(found)
			if err != nil {
				yield(none, q.failed(ctx, err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := found.Err(); err != nil {
			yield(none, q.failed(ctx, err))
		}
	}
}

// Reader reads what is committed, each query by itself. It is safe for concurrent use.
type Reader struct{ pool *Pool }

// Dialect returns which database this is.
func (r *Reader) Dialect() Dialect { return r.pool.Dialect() }

// Get reads the one row of a query into dest, a struct with db tags or a single value. Errors: as Querier.
func (r *Reader) Get(ctx context.Context, dest any, query string, args ...any) error {
	return r.failed(ctx, sqlx.GetContext(ctx, r.pool.read, dest, query, args...))
}

// Select reads all rows of a query into dest, a slice. Errors: as Querier.
func (r *Reader) Select(ctx context.Context, dest any, query string, args ...any) error {
	return r.failed(ctx, sqlx.SelectContext(ctx, r.pool.read, dest, query, args...))
}

func (r *Reader) query(ctx context.Context, query string, args []any) (*sqlx.Rows, error) {
	rows, err := r.pool.read.QueryxContext(ctx, query, args...)
	return rows, r.failed(ctx, err)
}

func (r *Reader) failed(ctx context.Context, err error) error { return r.pool.translate(ctx, err) }

// Snapshot calls fn with a view of the database that stands still, for readings that need several queries. Writers do
// not wait for it. Errors: what fn returns, ErrUnavailable.
func (r *Reader) Snapshot(ctx context.Context, fn func(ctx context.Context, s *Snapshot) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if r.Dialect() == Postgres {
		options.Isolation = sql.LevelRepeatableRead // SQLite knows only one level, and it is this one
	}
	tx, err := r.pool.read.BeginTxx(ctx, options)
	if err != nil {
		return fmt.Errorf("begin a snapshot: %w", r.failed(ctx, err))
	}
	// There is nothing to commit.
	defer func() { _ = tx.Rollback() }()
	return fn(ctx, &Snapshot{pool: r.pool, tx: tx})
}

// Snapshot reads the database as it was at its first query. One goroutine uses it at a time.
type Snapshot struct {
	pool *Pool
	tx   *sqlx.Tx
}

// Dialect returns which database this is.
func (s *Snapshot) Dialect() Dialect { return s.pool.Dialect() }

// Get reads the one row of a query into dest, a struct with db tags or a single value. Errors: as Querier.
func (s *Snapshot) Get(ctx context.Context, dest any, query string, args ...any) error {
	return s.failed(ctx, sqlx.GetContext(ctx, s.tx, dest, query, args...))
}

// Select reads all rows of a query into dest, a slice. Errors: as Querier.
func (s *Snapshot) Select(ctx context.Context, dest any, query string, args ...any) error {
	return s.failed(ctx, sqlx.SelectContext(ctx, s.tx, dest, query, args...))
}

func (s *Snapshot) query(ctx context.Context, query string, args []any) (*sqlx.Rows, error) {
	rows, err := s.tx.QueryxContext(ctx, query, args...)
	return rows, s.failed(ctx, err)
}

func (s *Snapshot) failed(ctx context.Context, err error) error { return s.pool.translate(ctx, err) }
