package sqlstore

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gavelhq/gavel/platform/db"
)

// rowStatement writes rows of some columns. One row travels as plain parameters, many as one array a column, which is
// one round trip whatever their number. Taking arrays apart has its price, though: a row alone is written in half the
// time without them, and in SQLite, where there is no network to save, rows are written one by one because that is
// several times as fast.
type rowStatement struct {
	columns   db.Columns
	one, many string
}

// newInsert returns INSERT INTO table; what follows the row is up to rest.
func newInsert(d db.Dialect, table string, columns db.Columns, rest string) rowStatement {
	into := `
			INSERT INTO ` + table + ` (` + columns.Names() + `)`
	values := make([]string, len(columns))
	for i := range columns {
		values[i] = "$" + strconv.Itoa(i+1)
	}
	return rowStatement{
		columns: columns,
		one: into + `
			VALUES (` + strings.Join(values, ", ") + `)` + rest,
		many: into + `
			SELECT ` + columns.Names() + `
			FROM ` + columns.Table(d, "new") + rest,
	}
}

// newUpdate returns UPDATE of the listings with the column id that are at the version in the column loaded. Set returns
// the assignments, given what stands for the new value of a column.
func newUpdate(d db.Dialect, columns db.Columns, set func(value func(column string) string) string) rowStatement {
	update := func(value func(column string) string, from string) string {
		return `
			UPDATE listings
			SET ` + set(value) + from + `
			WHERE listings.id = ` + value("id") + ` AND listings.version = ` + value("loaded")
	}
	parameter := func(name string) string {
		return "$" + strconv.Itoa(1+slices.IndexFunc(columns, func(c db.Column) bool { return c.Name == name }))
	}
	return rowStatement{
		columns: columns,
		one:     update(parameter, ""),
		many: update(func(name string) string { return "new." + name }, `
			FROM `+columns.Table(d, "new")),
	}
}

// assign returns the assignments of all columns.
func assign(columns db.Columns, value func(column string) string) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.Name + " = " + value(c.Name)
	}
	return strings.Join(parts, ", ")
}

// exec writes the rows, if there are any, and returns how many it touched. Errors: as db.Tx.Exec.
func (s rowStatement) exec(ctx context.Context, tx *db.Tx, rows [][]any) (touched int64, err error) {
	if len(rows) > 1 && tx.Dialect() == db.Postgres {
		args, err := s.columns.Rows(tx.Dialect(), rows)
		if err != nil {
			return 0, err
		}
		return tx.Exec(ctx, s.many, args...)
	}
	for _, row := range rows {
		n, err := tx.Exec(ctx, s.one, row...)
		if err != nil {
			return touched, err
		}
		touched += n
	}
	return touched, nil
}
