package schema

import (
	"context"
	"regexp"

	"github.com/gavelhq/gavel/platform/db"
)

// namedConstraint finds what SQLite keeps only as the text of CREATE TABLE.
var namedConstraint = regexp.MustCompile(`(?i)\bCONSTRAINT\s+(\w+)\s+(?:CHECK|FOREIGN|REFERENCES)\b`)

func readSQLite(ctx context.Context, q db.Querier) (*catalog, error) {
	c := &catalog{}
	if err := q.Select(ctx, &c.Tables, `
		SELECT name, type = 'virtual' AS is_virtual, strict AS is_strict
		FROM pragma_table_list
		WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`); err != nil {
		return nil, err
	}
	if err := q.Select(ctx, &c.Columns, `
		SELECT t.name AS table_name, c.name, c.type AS declared, NOT c."notnull" AS nullable, c.pk AS key_position,
			coalesce(c.dflt_value, '') AS default_value,
			c.pk > 0 AND c.type = 'INTEGER' AND s.sql LIKE '%AUTOINCREMENT%' AS is_counter, 0 AS is_linguist
		FROM pragma_table_list AS t
		JOIN pragma_table_xinfo(t.name) AS c
		JOIN sqlite_schema AS s ON s.name = t.name
		WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND c.hidden = 0
		ORDER BY t.name, c.cid`); err != nil {
		return nil, err
	}
	if err := q.Select(ctx, &c.Indexes, `
		SELECT t.name AS table_name, i.name, coalesce(c.name, '') AS column_name, i."unique" AS is_unique, i.partial AS is_partial
		FROM pragma_table_list AS t
		JOIN pragma_index_list(t.name) AS i
		JOIN pragma_index_info(i.name) AS c
		WHERE t.schema = 'main' AND t.type = 'table' AND i.origin = 'c'
		ORDER BY t.name, i.name, c.seqno`); err != nil {
		return nil, err
	}
	var definitions []struct {
		Table string `db:"name"`
		SQL   string `db:"sql"`
	}
	if err := q.Select(ctx, &definitions, `SELECT name, sql FROM sqlite_schema WHERE type = 'table'`); err != nil {
		return nil, err
	}
	for _, d := range definitions {
		for _, match := range namedConstraint.FindAllStringSubmatch(d.SQL, -1) {
			c.Names = append(c.Names, constraintRow{Table: d.Table, Name: match[1]})
		}
	}
	return c, nil
}
