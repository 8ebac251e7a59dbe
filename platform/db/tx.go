package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/gavelhq/gavel/platform/uow"
)

// Tx is a transaction: one unit of work's (Pool.Tx) or one of its own (Pool.Transact). One goroutine uses it at a time.
type Tx struct {
	pool *Pool
	tx   *sqlx.Tx
	end  context.CancelFunc
	err  error
}

var _ uow.Resource = (*Tx)(nil)

// begin begins a transaction. ctx bounds the waiting for it; it does not bound its life, which would let a cancelled
// request tear down the connection in the middle of a commit.
func (p *Pool) begin(ctx context.Context) (*Tx, error) {
	life, detach, end := attached(ctx)
	tx, err := p.write.BeginTxx(life, nil)
	if err != nil {
		detach()
		end()
		return nil, fmt.Errorf("begin: %w", p.translate(ctx, err))
	}
	begun := &Tx{pool: p, tx: tx, end: end}
	if !detach() {
		begun.Rollback()
		return nil, fmt.Errorf("begin: %w", ctx.Err())
	}
	return begun, nil
}

// attached returns a context that ends with ctx until detach is called, which reports whether it was in time.
func attached(ctx context.Context) (life context.Context, detach func() bool, end context.CancelFunc) {
	life, end = context.WithCancel(context.WithoutCancel(ctx))
	return life, context.AfterFunc(ctx, end), end
}

// Dialect returns which database this is.
func (tx *Tx) Dialect() Dialect { return tx.pool.Dialect() }

// Exec executes a statement and returns how many rows it touched. Errors: *ConstraintError, uow.ErrConflict,
// ErrUnavailable, ErrStorage, the context's, or what the driver reports; after any of them the transaction cannot
// commit.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (touched int64, err error) {
	result, err := tx.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, tx.failed(ctx, err)
	}
	if touched, err = result.RowsAffected(); err != nil {
		return 0, tx.failed(ctx, err)
	}
	return touched, nil
}

// Get reads the one row of a query into dest, a struct with db tags or a single value. Errors: sql.ErrNoRows, which
// breaks nothing; otherwise as Exec.
func (tx *Tx) Get(ctx context.Context, dest any, query string, args ...any) error {
	return tx.failed(ctx, sqlx.GetContext(ctx, tx.tx, dest, query, args...))
}

// Select reads all rows of a query into dest, a slice. Errors: as Exec.
func (tx *Tx) Select(ctx context.Context, dest any, query string, args ...any) error {
	return tx.failed(ctx, sqlx.SelectContext(ctx, tx.tx, dest, query, args...))
}

func (tx *Tx) query(ctx context.Context, query string, args []any) (*sqlx.Rows, error) {
	rows, err := tx.tx.QueryxContext(ctx, query, args...)
	return rows, tx.failed(ctx, err)
}

// failed translates an error and remembers the first that broke the transaction.
func (tx *Tx) failed(ctx context.Context, err error) error {
	err = tx.pool.translate(ctx, err)
	if tx.err == nil && breaks(err) {
		tx.err = err
	}
	return err
}

// Prepare has nothing to do: the statements have run. Errors: the one that broke the transaction.
func (tx *Tx) Prepare(context.Context) error { return tx.err }

// Commit commits. It gives up when ctx is over; the connection then finishes by itself, one way or the other. Errors:
// uow.ErrConflict, *ConstraintError or ErrStorage when nothing was committed; uow.ErrCommitUnknown.
func (tx *Tx) Commit(ctx context.Context) error {
	if err := errors.Join(tx.err, ctx.Err()); err != nil {
		tx.Rollback()
		return fmt.Errorf("commit: %w", err)
	}
	done := make(chan error, 1)
	go func() {
		defer tx.end()
		done <- tx.tx.Commit()
	}()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("commit: %w", tx.pool.translateCommit(ctx, err))
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("commit: %w: %w", uow.ErrCommitUnknown, ctx.Err())
	}
}

// Rollback undoes everything. After Commit it does nothing.
func (tx *Tx) Rollback() {
	// A connection that is too broken to roll back is closed by the driver, and its server rolls back.
	_ = tx.tx.Rollback()
	tx.end()
}

// Durable returns true: a commit is on disk when it is answered.
func (tx *Tx) Durable() bool { return true }

// Err returns the first error that broke the transaction. Errors: as Exec.
func (tx *Tx) Err() error { return tx.err }
