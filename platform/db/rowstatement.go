package db

import (
	"context"
	"strconv"
	"strings"
)

// RowStatement writes rows of some columns, or finds something for each. One row travels as plain parameters, many as one
// array a column, which is one round trip whatever their number. Taking arrays apart has its price, though: a row alone is
// written in half the time without them, and in SQLite, where there is no network to save, rows are written one by one
// because that is several times as fast.
type RowStatement struct {
	// Columns are those of the rows.
	Columns Columns
	// One has a parameter for each column, Many what Columns.Table makes of them.
	One, Many string
	// Finds says that it is a query, for one row of anything for each.
	Finds bool
}

// InsertRows returns INSERT INTO table; what follows the row is up to rest.
func InsertRows(d Dialect, table string, columns Columns, rest string) RowStatement {
	into := `
			INSERT INTO ` + table + ` (` + columns.Names() + `)`
	values := make([]string, len(columns))
	for i := range columns {
		values[i] = "$" + strconv.Itoa(i+1)
	}
	return RowStatement{
		Columns: columns,
		One: into + `
			VALUES (` + strings.Join(values, ", ") + `)` + rest,
		Many: into + `
			SELECT ` + columns.Names() + `
			FROM ` + columns.Table(d, "new") + rest,
	}
}

// statement returns what writes the rows, each of which has to be there.
func (s RowStatement) statement(d Dialect, rows [][]any) (Statement, error) {
	statement := Statement{Query: s.One, Args: rows, Rows: len(rows), Finds: s.Finds}
	if len(rows) == 1 || d != Postgres {
		return statement, nil
	}
	args, err := s.Columns.Rows(d, rows)
	statement.Query, statement.Args = s.Many, [][]any{args}
	return statement, err
}

// Later leaves the rows, if there are any, to the end of the transaction, where each must be written or found. Refused says
// what a violated constraint means; it may be nil. Errors: a row of another length, a value that its column cannot hold.
func (s RowStatement) Later(tx *Tx, rows [][]any, refused func(error) error) error {
	if len(rows) == 0 {
		return nil
	}
	statement, err := s.statement(tx.Dialect(), rows)
	statement.Refused = refused
	if err == nil {
		tx.Later(statement)
	}
	return err
}

// Exec writes the rows, if there are any. Errors: as Later, and Tx.Exec.
func (s RowStatement) Exec(ctx context.Context, tx *Tx, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	statement, err := s.statement(tx.Dialect(), rows)
	for i := 0; err == nil && i < len(statement.Args); i++ {
		_, err = tx.Exec(ctx, statement.Query, statement.Args[i]...)
	}
	return err
}
