package backup

import (
	"context"
	"fmt"

	"github.com/gavelhq/gavel/platform/db"
)

// suspendForeignKeys lets rows come in any order until the returned function is called, which checks them all. SQLite
// checks at the commit; PostgreSQL, whose keys cannot wait, has them taken away and added again.
func suspendForeignKeys(ctx context.Context, tx *db.Tx) (resume func() error, err error) {
	if tx.Dialect() == db.SQLite {
		_, err := tx.Exec(ctx, "PRAGMA defer_foreign_keys = ON")
		return func() error { return nil }, err
	}
	var keys []struct {
		Table      string `db:"table_name"`
		Name       string `db:"name"`
		Definition string `db:"definition"`
	}
	if err := tx.Select(ctx, &keys, `
		SELECT conrelid::regclass::text AS table_name, conname::text AS name, pg_get_constraintdef(oid) AS definition
		FROM pg_constraint
		WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`); err != nil {
		return nil, fmt.Errorf("list the foreign keys: %w", err)
	}
	for _, k := range keys {
		if _, err := tx.Exec(ctx, "ALTER TABLE "+k.Table+" DROP CONSTRAINT "+quote(k.Name)); err != nil {
			return nil, fmt.Errorf("suspend foreign key %s: %w", k.Name, err)
		}
	}
	return func() error {
		for _, k := range keys {
			if _, err := tx.Exec(ctx, "ALTER TABLE "+k.Table+" ADD CONSTRAINT "+quote(k.Name)+" "+k.Definition); err != nil {
				return fmt.Errorf("check foreign key %s: %w", k.Name, err)
			}
		}
		return nil
	}, nil
}
