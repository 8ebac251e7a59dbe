package sqlstore

import (
	"context"
	"strconv"
	"strings"

	"github.com/gavelhq/gavel/platform/db"
)

// insert adds rows of some columns to a table. One row travels as plain parameters, many to PostgreSQL as one array a
// column, which is one round trip whatever their number; SQLite has no network to save, and writes rows faster one by one.
type insert struct {
	columns   db.Columns
	one, many string
}

// newInsert returns what inserts into the table. Value returns what stands for a column's value in the statement, given
// its parameter or its name.
func newInsert(d db.Dialect, table string, columns db.Columns, value func(column db.Column, text string) string) insert {
	into := `
		INSERT INTO ` + table + ` (` + columns.Names() + `)`
	parameters, names := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		parameters[i], names[i] = value(c, "$"+strconv.Itoa(i+1)), value(c, c.Name)
	}
	return insert{
		columns: columns,
		one: into + `
		VALUES (` + strings.Join(parameters, ", ") + `)`,
		many: into + `
		SELECT ` + strings.Join(names, ", ") + `
		FROM ` + columns.Table(d, "new"),
	}
}

// plain is the value of a column as it travels.
func plain(_ db.Column, text string) string { return text }

// exec adds the rows, if there are any. Errors: as db.Tx.Exec.
func (i insert) exec(ctx context.Context, tx *db.Tx, rows [][]any) error {
	if len(rows) > 1 && tx.Dialect() == db.Postgres {
		args, err := i.columns.Rows(tx.Dialect(), rows)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, i.many, args...)
		return err
	}
	for _, row := range rows {
		if _, err := tx.Exec(ctx, i.one, row...); err != nil {
			return err
		}
	}
	return nil
}
