package sqlstore

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gavelhq/gavel/platform/db"
)

// newUpdate returns UPDATE of the listings with the column id that are at the version in the column loaded. Set returns
// the assignments, given what stands for the new value of a column. Many rows are locked first, in the order in which all
// units lock them: an UPDATE alone takes its locks in any order, and a unit that remembers its listings holds none yet.
func newUpdate(d db.Dialect, columns db.Columns, set func(value func(column string) string) string) db.RowStatement {
	update := func(value func(column string) string, from string) string {
		return `
			UPDATE listings
			SET ` + set(value) + from + `
			WHERE listings.id = ` + value("id") + ` AND listings.version = ` + value("loaded")
	}
	return db.RowStatement{
		Columns: columns,
		One:     update(parameterOf(columns), ""),
		Many: update(func(name string) string { return "new." + name }, `
			FROM (
				SELECT `+qualified("given", columns)+`
				FROM `+columns.Table(d, "given")+`
				JOIN listings AS held ON held.id = given.id AND held.version = given.loaded
				ORDER BY held.id`+d.ForUpdateOf("held")+`
			) AS new`),
	}
}

// newCheck returns the query for the listings with the column id that are at the version in the column loaded.
func newCheck(d db.Dialect, columns db.Columns) db.RowStatement {
	value := parameterOf(columns)
	return db.RowStatement{
		Columns: columns, Finds: true,
		One: `
			SELECT 1
			FROM listings
			WHERE id = ` + value("id") + ` AND version = ` + value("loaded"),
		Many: `
			SELECT 1
			FROM ` + columns.Table(d, "seen") + `
			JOIN listings ON listings.id = seen.id AND listings.version = seen.loaded`,
	}
}

// parameterOf returns what stands for the value of a column where one row is written.
func parameterOf(columns db.Columns) func(column string) string {
	return func(name string) string {
		return "$" + strconv.Itoa(1+slices.IndexFunc(columns, func(c db.Column) bool { return c.Name == name }))
	}
}

func qualified(table string, columns db.Columns) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = table + "." + c.Name
	}
	return strings.Join(names, ", ")
}

// assign returns the assignments of all columns.
func assign(columns db.Columns, value func(column string) string) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.Name + " = " + value(c.Name)
	}
	return strings.Join(parts, ", ")
}
