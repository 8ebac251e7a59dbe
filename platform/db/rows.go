package db

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Type is the type of a column of Columns.
type Type int

// The types. Text is also what JSON travels as, and Micros are Int.
const (
	Text Type = iota
	Int
	UUID
	Bytes
	Bool
	Real
)

// Columns describe rows that travel in one parameter a column, so that a statement for one row and for a thousand has
// the same text, stays prepared and costs one round trip.
type Columns []Column

// Column is one of them.
type Column struct {
	Name string
	Type Type
}

// Names returns the columns as a list for INSERT or SELECT.
func (c Columns) Names() string {
	names := make([]string, len(c))
	for i, column := range c {
		names[i] = column.Name
	}
	return strings.Join(names, ", ")
}

// Table returns a FROM item called alias whose rows are those given to Rows as the statement's parameters from $1 on:
//
//	INSERT INTO outbox (` + c.Names() + `) SELECT ` + c.Names() + ` FROM ` + c.Table(dialect, "new") + ` ORDER BY …
//	UPDATE listings SET price = new.price FROM ` + c.Table(dialect, "new") + ` WHERE listings.id = new.id
//
// In SQLite an INSERT … SELECT with ON CONFLICT needs "WHERE true" after it, or the parser takes ON for a join's.
func (c Columns) Table(d Dialect, alias string) string {
	parts := make([]string, len(c))
	if d == Postgres {
		for i, column := range c {
			parts[i] = "$" + strconv.Itoa(i+1) + "::" + column.Type.postgres() + "[]"
		}
		return "unnest(" + strings.Join(parts, ", ") + ") AS " + alias + " (" + c.Names() + ")"
	}
	for i, column := range c {
		value := "value ->> " + strconv.Itoa(i)
		if column.Type == Bytes {
			value = "unhex(" + value + ")"
		}
		parts[i] = value + " AS " + column.Name
	}
	return "(SELECT " + strings.Join(parts, ", ") + " FROM json_each($1)) AS " + alias
}

// Rows returns the arguments for Table: each row has a value for each column, nil or a nil pointer for NULL. Errors: a
// row of another length, a value that its column cannot hold.
func (c Columns) Rows(d Dialect, rows [][]any) ([]any, error) {
	for i, row := range rows {
		if len(row) != len(c) {
			return nil, fmt.Errorf("row %d has %d values for %d columns", i, len(row), len(c))
		}
	}
	if d == Postgres {
		return c.arrays(rows)
	}
	cells := make([][]any, len(rows))
	for i, row := range rows {
		cells[i] = make([]any, len(row))
		for j, value := range row {
			cell, err := c[j].Type.cell(value)
			if err != nil {
				return nil, fmt.Errorf("row %d, column %s: %w", i, c[j].Name, err)
			}
			cells[i][j] = cell
		}
	}
	return []any{jsonArray[[]any](cells)}, nil
}

func (t Type) postgres() string {
	switch t {
	case Int:
		return "bigint"
	case UUID:
		return "uuid"
	case Bytes:
		return "bytea"
	case Bool:
		return "boolean"
	case Real:
		return "double precision"
	default:
		return "text"
	}
}

// cell turns a value into what a JSON array can hold.
func (t Type) cell(value any) (any, error) {
	value, err := driver.DefaultParameterConverter.ConvertValue(value)
	if err != nil {
		return nil, err
	}
	switch v := value.(type) {
	case nil:
		return nil, nil
	case []byte:
		if t != Bytes {
			return string(v), nil
		}
		return hex.EncodeToString(v), nil
	case int64, float64, bool, string:
		return v, nil
	default:
		return nil, fmt.Errorf("a %T cannot travel in an array", value)
	}
}
