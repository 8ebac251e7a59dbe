// Package memory is a store without a database, for tests, replays and trying things out. It keeps the promises that the
// unit of work makes over SQL: isolation, atomic commit over several repositories, rollback and conflicts.
package memory

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gavelhq/gavel/platform/uow"
)

// Database is a set of collections that commit together. It is safe for concurrent use.
type Database struct {
	writer chan struct{} // holds one token while a unit locks or commits
	rows   sync.RWMutex  // guards what the collections hold
}

// NewDatabase returns an empty database.
func NewDatabase() *Database { return &Database{writer: make(chan struct{}, 1)} }

// Read calls fn while nothing changes, for views that read more than one collection. fn must not write, nor call Read.
func (db *Database) Read(fn func()) {
	db.rows.RLock()
	defer db.rows.RUnlock()
	fn()
}

// Change calls fn while nobody reads, for what is no unit of work: what is of no use any more goes. fn must not call Read,
// and must change nothing that units check.
func (db *Database) Change(fn func()) {
	db.rows.Lock()
	defer db.rows.Unlock()
	fn()
}

// patience is the longest that a unit waits for the lock before it runs again. Two units that want two databases, and hold
// one each, would wait for each other for ever.
const patience = 250 * time.Millisecond

// Join returns the transaction of the unit of work in ctx. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict when
// the lock did not come free in time.
func (db *Database) Join(ctx context.Context) (*Transaction, error) {
	return uow.Join(ctx, db, func(ctx context.Context, locking bool) (*Transaction, error) {
		tx := &Transaction{db: db}
		if locking {
			return tx, tx.lock(ctx)
		}
		return tx, nil
	})
}

// Transaction is the database's side of one unit of work. What it is told to check and to apply happens at the commit,
// under the lock.
type Transaction struct {
	db     *Database
	locked bool
	checks []func() error
	writes []func()
}

// Check adds a condition of the commit, such as a version or a unique key. It runs under the lock; its error refuses
// the commit.
func (tx *Transaction) Check(condition func() error) { tx.checks = append(tx.checks, condition) }

// Write adds a change that the commit makes. It runs under the lock and cannot fail.
func (tx *Transaction) Write(change func()) { tx.writes = append(tx.writes, change) }

// Prepare takes the lock and asks every condition. Errors: uow.ErrConflict, or what a condition reports.
func (tx *Transaction) Prepare(ctx context.Context) error {
	if err := tx.lock(ctx); err != nil {
		return err
	}
	for _, check := range tx.checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// Commit makes every change, all at once for whoever reads. Errors: none.
func (tx *Transaction) Commit(context.Context) error {
	tx.db.rows.Lock()
	for _, write := range tx.writes {
		write()
	}
	tx.db.rows.Unlock()
	tx.unlock()
	return nil
}

// Rollback forgets every change.
func (tx *Transaction) Rollback() { tx.unlock() }

// Durable returns false: memory survives no crash.
func (tx *Transaction) Durable() bool { return false }

// Err returns nil: nothing breaks a transaction in memory before it is prepared. Errors: none.
func (tx *Transaction) Err() error { return nil }

func (tx *Transaction) lock(ctx context.Context) error {
	if tx.locked {
		return nil
	}
	if err := uow.AwaitTurn(ctx); err != nil {
		return err
	}
	select {
	case tx.db.writer <- struct{}{}:
		tx.locked = true
		return nil
	default:
		return tx.awaitLock(ctx)
	}
}

func (tx *Transaction) awaitLock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case tx.db.writer <- struct{}{}:
		tx.locked = true
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: lock the memory database: %w", uow.ErrConflict, context.Cause(ctx))
	}
}

func (tx *Transaction) unlock() {
	if tx.locked {
		tx.locked = false
		<-tx.db.writer
	}
}
