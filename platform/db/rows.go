package db

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
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

// arrays turns rows into one array a column, as text. The driver's own arrays cost several times as much, and they are a
// good part of what a bid among many costs.
func (c Columns) arrays(rows [][]any) ([]any, error) {
	arrays := make([]any, len(c))
	var text []byte
	for j := range c {
		text = append(text[:0], '{')
		for i, row := range rows {
			if i > 0 {
				text = append(text, ',')
			}
			var err error
			if text, err = c[j].Type.appendElement(text, row[j]); err != nil {
				return nil, fmt.Errorf("row %d, column %s: %w", i, c[j].Name, err)
			}
		}
		arrays[j] = string(append(text, '}'))
	}
	return arrays, nil
}

// appendElement appends the value as an element of PostgreSQL's text for arrays.
func (t Type) appendElement(text []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(text, "NULL"...), nil
	case string:
		return appendQuoted(text, v), nil
	case int64:
		return strconv.AppendInt(text, v, 10), nil
	case int:
		return strconv.AppendInt(text, int64(v), 10), nil
	case bool:
		return strconv.AppendBool(text, v), nil
	case float64:
		return strconv.AppendFloat(text, v, 'g', -1, 64), nil
	case uuid.UUID:
		return appendUUID(text, v), nil
	case []byte:
		if t != Bytes {
			return appendQuoted(text, v), nil
		}
		return append(hex.AppendEncode(append(text, `"\\x`...), v), '"'), nil
	}
	plain, err := driver.DefaultParameterConverter.ConvertValue(value)
	if err != nil {
		return nil, err
	}
	switch plain.(type) {
	case nil, string, int64, bool, float64, []byte:
		return t.appendElement(text, plain)
	default:
		return nil, fmt.Errorf("a %T cannot travel in an array", value)
	}
}

func appendQuoted[T string | []byte](text []byte, value T) []byte {
	text = append(text, '"')
	for i := range len(value) {
		if value[i] == '"' || value[i] == '\\' {
			text = append(text, '\\')
		}
		text = append(text, value[i])
	}
	return append(text, '"')
}

func appendUUID(text []byte, id uuid.UUID) []byte {
	for i, part := range [][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, part)
	}
	return text
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
