package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrRestoring means that a restore into this database has begun and not ended. Whatever it holds is not to be used.
var ErrRestoring = errors.New("a restore into this database was begun and has not ended: wait for it, or, if it was interrupted, run it again")

// restoringTable is there while a restore goes on, and after one that was killed.
const restoringTable = bookkeepingPrefix + "restoring"

// Restoring reports whether a restore into the database has begun and not ended. Errors: as Querier.Select.
func Restoring(ctx context.Context, q Querier) (bool, error) {
	tables, err := bookkeepingTables(ctx, q)
	return slices.Contains(tables, restoringTable), err
}

// BeginRestore marks the database as one that is being filled: until EndRestore every migrator but this one refuses to
// touch it and calls it not ready, also after a power cut. Errors: ErrUnavailable, or what the database reports.
func (m *Migrator) BeginRestore(ctx context.Context) error {
	if err := m.execute(ctx, "CREATE TABLE IF NOT EXISTS "+restoringTable+" (begun integer)"); err != nil {
		return fmt.Errorf("begin to restore: %w", err)
	}
	m.restoring = true
	return nil
}

// EndRestore removes the mark. Errors: as BeginRestore.
func (m *Migrator) EndRestore(ctx context.Context) error {
	if err := m.execute(ctx, "DROP TABLE IF EXISTS "+restoringTable); err != nil {
		return fmt.Errorf("end the restore: %w", err)
	}
	m.restoring = false
	return nil
}

// execute runs a statement in a transaction of its own.
func (m *Migrator) execute(ctx context.Context, statement string) error {
	return m.pool.Transact(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, statement)
		return err
	})
}

// usable returns ErrRestoring while somebody else fills the database.
func (m *Migrator) usable(ctx context.Context) error {
	if m.restoring || !m.pool.Exists() {
		return nil
	}
	begun, err := Restoring(ctx, m.pool.Read())
	if err == nil && begun {
		return ErrRestoring
	}
	return err
}
