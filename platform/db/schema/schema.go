// Package schema reads what tables a database has, in words that mean the same for SQLite and PostgreSQL.
package schema

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/gavelhq/gavel/platform/db"
)

// Kind is what a column holds, whatever the database calls it.
type Kind string

// The kinds.
const (
	Text    Kind = "text"    // text, uuid, JSON; in SQLite also a column without a type
	Integer Kind = "integer" // integers, instants and booleans
	Real    Kind = "real"
	Blob    Kind = "blob"
	Words   Kind = "words" // a set of words for full-text search, separated by spaces
)

// Table is a table of a module.
type Table struct {
	Name        string
	Columns     []Column // in their order; those that the database computes are left out
	Key         []string // the primary key's columns; none for tables of full-text search
	Indexes     []Index  // those made by CREATE INDEX on ordinary columns, by name
	Constraints []string // names of checks and foreign keys, sorted
	Virtual     bool     // SQLite's full-text search
	Strict      bool     // the database insists on the columns' types
}

// Column is a column of a table.
type Column struct {
	Name     string
	Kind     Kind
	Declared string // the type in the database's own words
	Nullable bool
	Default  string // an expression, "" for none
	Counter  bool   // the database numbers the rows
	Linguist bool   // text that sorts as people do, not by its bytes
}

// Index is an index.
type Index struct {
	Name    string
	Columns []string // "" for an expression
	Unique  bool
	Partial bool
}

// Read returns all tables but the migrations' own, by name. Errors: what the database reports.
func Read(ctx context.Context, q db.Querier) ([]Table, error) {
	read := readSQLite
	if q.Dialect() == db.Postgres {
		read = readPostgres
	}
	found, err := read(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return found.tables(), nil
}

// catalog is what both databases are asked for; rows come in the order in which they are to be listed.
type catalog struct {
	Tables  []tableRow
	Columns []columnRow
	Indexes []indexRow
	Names   []constraintRow
}

type tableRow struct {
	Name    string `db:"name"`
	Virtual bool   `db:"is_virtual"`
	Strict  bool   `db:"is_strict"`
}

type columnRow struct {
	Table    string `db:"table_name"`
	Name     string `db:"name"`
	Declared string `db:"declared"`
	Nullable bool   `db:"nullable"`
	Key      int    `db:"key_position"` // from 1 on; 0 if it is not in the key
	Default  string `db:"default_value"`
	Counter  bool   `db:"is_counter"`
	Linguist bool   `db:"is_linguist"`
}

type indexRow struct {
	Table   string `db:"table_name"`
	Name    string `db:"name"`
	Column  string `db:"column_name"`
	Unique  bool   `db:"is_unique"`
	Partial bool   `db:"is_partial"`
}

type constraintRow struct {
	Table string `db:"table_name"`
	Name  string `db:"name"`
}

func (c *catalog) tables() []Table {
	tables := make([]Table, 0, len(c.Tables))
	for _, row := range c.Tables {
		if db.Bookkeeping(row.Name) {
			continue
		}
		t := Table{Name: row.Name, Virtual: row.Virtual, Strict: row.Strict}
		t.addColumns(c.Columns)
		t.addIndexes(c.Indexes)
		for _, n := range c.Names {
			if n.Table == t.Name {
				t.Constraints = append(t.Constraints, n.Name)
			}
		}
		slices.Sort(t.Constraints)
		tables = append(tables, t)
	}
	slices.SortFunc(tables, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	return tables
}

func (t *Table) addColumns(rows []columnRow) {
	keys := map[int]string{}
	for _, row := range rows {
		if row.Table != t.Name {
			continue
		}
		t.Columns = append(t.Columns, Column{
			Name: row.Name, Kind: kindOf(row.Declared), Declared: row.Declared, Nullable: row.Nullable,
			Default: row.Default, Counter: row.Counter, Linguist: row.Linguist,
		})
		if row.Key > 0 {
			keys[row.Key] = row.Name
		}
	}
	for i := 1; i <= len(keys); i++ {
		t.Key = append(t.Key, keys[i])
	}
}

func (t *Table) addIndexes(rows []indexRow) {
	for _, row := range rows {
		if row.Table != t.Name {
			continue
		}
		if last := len(t.Indexes) - 1; last >= 0 && t.Indexes[last].Name == row.Name {
			t.Indexes[last].Columns = append(t.Indexes[last].Columns, row.Column)
			continue
		}
		t.Indexes = append(t.Indexes, Index{Name: row.Name, Columns: []string{row.Column}, Unique: row.Unique, Partial: row.Partial})
	}
}

// kindOf understands the types of both databases.
func kindOf(declared string) Kind {
	switch declared {
	case "integer", "smallint", "bigint", "boolean", "INTEGER", "INT":
		return Integer
	case "real", "double precision", "REAL":
		return Real
	case "bytea", "blob", "BLOB":
		return Blob
	case "tsvector":
		return Words
	default:
		return Text
	}
}
