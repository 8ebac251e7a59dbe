package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/gavelhq/gavel/platform/uow"
)

// Tx is a transaction: one unit of work's (Pool.Tx) or one of its own (Pool.Transact). One goroutine uses it at a time.
//
// A unit's begins with the first statement that needs it. One that only looks (Look) and leaves what it writes to its end
// (Later) never needs it in PostgreSQL: there all that is left to the end is one statement, which is a transaction by itself.
type Tx struct {
	pool  *Pool
	tx    *sqlx.Tx // nil before it has begun
	end   context.CancelFunc
	later []Statement
	ends  bool // nothing comes any more but what was left to the end
	looks bool // the unit verifies at its end what was looked at before the transaction began
	err   error
}

var _ uow.Resource = (*Tx)(nil)

// begin begins a transaction. ctx bounds the waiting for it; it does not bound its life, which would let a cancelled
// request tear down the connection in the middle of a commit.
func (p *Pool) begin(ctx context.Context) (*Tx, error) {
	tx := &Tx{pool: p}
	return tx, tx.begin(ctx)
}

// begin begins, unless it has. Errors: ErrUnavailable, uow.ErrConflict when SQLite stayed busy or by uow.AwaitTurn, the
// context's.
func (tx *Tx) begin(ctx context.Context) error {
	if tx.tx != nil || tx.err != nil {
		return tx.err
	}
	if tx.err = uow.AwaitTurn(ctx); tx.err != nil {
		return tx.err
	}
	life, detach, end := attached(ctx)
	begun, err := tx.pool.write.BeginTxx(life, nil)
	if err != nil {
		detach()
		end()
		tx.err = fmt.Errorf("begin: %w", tx.pool.translate(ctx, err))
		return tx.err
	}
	tx.tx, tx.end = begun, end
	if !detach() {
		tx.Rollback()
		tx.err = fmt.Errorf("begin: %w", ctx.Err())
	}
	return tx.err
}

// attached returns a context that ends with ctx until detach is called, which reports whether it was in time.
func attached(ctx context.Context) (life context.Context, detach func() bool, end context.CancelFunc) {
	life, end = context.WithCancel(context.WithoutCancel(ctx))
	return life, context.AfterFunc(ctx, end), end
}

// Dialect returns which database this is.
func (tx *Tx) Dialect() Dialect { return tx.pool.Dialect() }

// Exec executes a statement, after those that were left to the end, and returns how many rows it touched. Errors:
// *ConstraintError, uow.ErrConflict, ErrUnavailable, ErrStorage, the context's, or what the driver reports; after any of
// them the transaction cannot commit.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (touched int64, err error) {
	if err := tx.runLater(ctx); err != nil {
		return 0, err
	}
	return tx.exec(ctx, query, args)
}

func (tx *Tx) exec(ctx context.Context, query string, args []any) (touched int64, err error) {
	if err := tx.begin(ctx); err != nil {
		return 0, err
	}
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
	if err := tx.runLater(ctx); err != nil {
		return err
	}
	return tx.failed(ctx, sqlx.GetContext(ctx, tx.tx, dest, query, args...))
}

// Select reads all rows of a query into dest, a slice. Errors: as Exec.
func (tx *Tx) Select(ctx context.Context, dest any, query string, args ...any) error {
	if err := tx.runLater(ctx); err != nil {
		return err
	}
	return tx.failed(ctx, sqlx.SelectContext(ctx, tx.tx, dest, query, args...))
}

// Look is Select for what rests on nothing else: in a unit that verifies at its end what it has looked at it does not begin
// the transaction, but if that has begun it is part of it. Errors: as Select.
func (tx *Tx) Look(ctx context.Context, dest any, query string, args ...any) error {
	if !tx.looks || tx.tx != nil || tx.err != nil {
		return tx.Select(ctx, dest, query, args...)
	}
	return tx.failed(ctx, sqlx.SelectContext(ctx, tx.reader(), dest, query, args...))
}

func (tx *Tx) query(ctx context.Context, query string, args []any) (*sqlx.Rows, error) {
	if err := tx.runLater(ctx); err != nil {
		return nil, err
	}
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

// Prepare runs what was left to the end, but for what Commit sends as one statement. Errors: as Exec, those of the
// statements that were left, uow.ErrConflict.
func (tx *Tx) Prepare(ctx context.Context) error {
	if tx.err != nil || len(tx.later) == 0 || tx.atOnce() {
		return tx.err
	}
	tx.ends = true
	return tx.runLater(ctx)
}

// Commit commits. It gives up when ctx is over; the connection then finishes by itself, one way or the other. Errors:
// uow.ErrConflict, *ConstraintError or ErrStorage when nothing was committed, those of the statements that were left to the
// end; uow.ErrCommitUnknown.
func (tx *Tx) Commit(ctx context.Context) error {
	if err := errors.Join(tx.err, ctx.Err()); err != nil {
		tx.Rollback()
		return fmt.Errorf("commit: %w", err)
	}
	commit := func() error { return nil }
	switch {
	case tx.tx != nil:
		commit = func() error {
			defer tx.end()
			if err := tx.tx.Commit(); err != nil {
				return tx.pool.translateCommit(ctx, err)
			}
			return nil
		}
	case len(tx.later) > 0:
		commit = func() error { return tx.commitAtOnce(ctx) }
	}
	done := make(chan error, 1)
	go func() { done <- commit() }()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("commit: %w: %w", uow.ErrCommitUnknown, ctx.Err())
	}
}

// Rollback undoes everything. After Commit it does nothing.
func (tx *Tx) Rollback() {
	if tx.tx == nil {
		return
	}
	// A connection that is too broken to roll back is closed by the driver, and its server rolls back.
	_ = tx.tx.Rollback()
	tx.end()
}

// Durable returns true: a commit is on disk when it is answered.
func (tx *Tx) Durable() bool { return true }

// Err returns the first error that broke the transaction. Errors: as Exec.
func (tx *Tx) Err() error { return tx.err }
