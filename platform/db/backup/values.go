package backup

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/schema"
)

// portable describes a column without anything of its database. In SQLite words are text.
func portable(c schema.Column) Column {
	if c.Kind == schema.Words {
		return Column{Name: c.Name, Kind: schema.Text}
	}
	return Column{Name: c.Name, Kind: c.Kind}
}

// selectAll returns the query for a table's rows, in the order of its key, so that the same rows give the same archive.
// Names come from the database's catalogue and are quoted.
func selectAll(d db.Dialect, t schema.Table) string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = exported(d, c)
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + quote(t.Name)
	if len(t.Key) > 0 {
		keys := make([]string, len(t.Key))
		for i, name := range t.Key {
			keys[i] = quote(name)
		}
		query += " ORDER BY " + strings.Join(keys, ", ")
	}
	return query
}

// exported returns the expression that gives a column's value in a form that both databases share.
func exported(d db.Dialect, c schema.Column) string {
	name := quote(c.Name)
	switch {
	case d != db.Postgres, c.Kind == schema.Blob, c.Kind == schema.Real:
		return name
	case c.Kind == schema.Words:
		return "array_to_string(tsvector_to_array(" + name + "), ' ')"
	case c.Kind == schema.Text:
		return name + "::text"
	case c.Declared == "boolean":
		return name + "::int"
	default:
		return name
	}
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// export turns a row as the driver gives it into what JSON can hold, in place.
func export(columns []schema.Column, values []any) error {
	for i, value := range values {
		switch v := value.(type) {
		case string:
			if !utf8.ValidString(v) {
				return fmt.Errorf("column %s holds text that is not UTF-8", columns[i].Name)
			}
		case []byte:
			if columns[i].Kind == schema.Blob {
				values[i] = base64.StdEncoding.EncodeToString(v)
				continue
			}
			if !utf8.Valid(v) {
				return fmt.Errorf("column %s holds text that is not UTF-8", columns[i].Name)
			}
			values[i] = string(v)
		}
	}
	return nil
}

// imported turns a value of an archive into what a statement takes.
func imported(kind schema.Kind, value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case json.Number:
		if kind == schema.Real {
			return v.Float64()
		}
		return v.Int64()
	case string:
		if kind == schema.Blob {
			return base64.StdEncoding.DecodeString(v)
		}
		if kind == schema.Integer || kind == schema.Real {
			return nil, errors.New("text where a number belongs")
		}
		return v, nil
	default:
		return nil, fmt.Errorf("a %T", value)
	}
}

// insertAll returns the statement that adds rows to a table, and the columns in which they travel.
func insertAll(d db.Dialect, t schema.Table) (string, db.Columns) {
	travelling := make(db.Columns, len(t.Columns))
	names, values := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		travelling[i] = db.Column{Name: quote(c.Name), Type: travelType(c)}
		names[i] = quote(c.Name)
		values[i] = converted(d, c)
	}
	return "INSERT INTO " + quote(t.Name) + " (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(values, ", ") +
		" FROM " + travelling.Table(d, "saved"), travelling
}

func travelType(c schema.Column) db.Type {
	switch c.Kind {
	case schema.Integer:
		return db.Int
	case schema.Real:
		return db.Real
	case schema.Blob:
		return db.Bytes
	default:
		return db.Text
	}
}

// converted returns the expression that turns a value that has travelled into one of the column.
func converted(d db.Dialect, c schema.Column) string {
	name := "saved." + quote(c.Name)
	switch {
	case d != db.Postgres:
		return name
	case c.Kind == schema.Words:
		return "array_to_tsvector(array_remove(string_to_array(" + name + ", ' '), ''))"
	case c.Declared == "boolean":
		return name + " <> 0"
	default:
		return name + "::" + c.Declared
	}
}
