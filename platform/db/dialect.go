package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// Dialect is what differs between the databases, beside the migrations. Full-text search is so different that it is
// left to the modules' views, which ask for the dialect.
type Dialect string

// The dialects; the value is the name of their folder of migrations.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

func init() {
	// Tells sqlx how the driver of this name writes parameters; $1 binds by number in SQLite too.
	sqlx.BindDriver(string(SQLite), sqlx.DOLLAR)
}

// ForUpdate returns the clause that ends a SELECT of rows which this transaction is going to change. The rows must come
// ORDER BY their key, so that all transactions lock in the same order. It leaves the keys free for foreign keys to
// look at. SQLite needs none: its transactions have the whole database to themselves.
func (d Dialect) ForUpdate() string {
	if d == Postgres {
		return " FOR NO KEY UPDATE"
	}
	return ""
}

// ForUpdateOf is ForUpdate for the rows of one of the tables of a query.
func (d Dialect) ForUpdateOf(table string) string {
	if d == Postgres {
		return d.ForUpdate() + " OF " + table
	}
	return ""
}

// In returns the condition that a uuid column has one of the ids of the parameter, whatever their number: the text
// stays the same, so the statement stays prepared. The column and the parameter ("$1") are part of the query's text and
// never come from outside. The argument is what IDs returns.
func (d Dialect) In(column, parameter string) string {
	if d == Postgres {
		return column + " = ANY (" + parameter + "::uuid[])"
	}
	return column + " IN (SELECT value FROM json_each(" + parameter + "))"
}

// IDs returns the argument for In.
func (d Dialect) IDs(ids []uuid.UUID) driver.Valuer {
	if d == Postgres {
		a := newArray(UUID, len(ids), len(uuid.Nil))
		for _, id := range ids {
			a = appendBytes(a, id[:])
		}
		return a
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return jsonArray[string](texts)
}

// jsonArray is SQLite's stand-in for an array parameter.
type jsonArray[T any] []T

// Value implements driver.Valuer. Errors: a value that JSON cannot hold.
func (a jsonArray[T]) Value() (driver.Value, error) {
	text, err := json.Marshal([]T(a))
	if err != nil {
		return nil, fmt.Errorf("encode an array: %w", err)
	}
	return string(text), nil
}

// driver returns the name under which sqlx knows the driver.
func (d Dialect) driver() string { return string(d) }

func (d Dialect) goose() goose.Dialect {
	if d == Postgres {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}
