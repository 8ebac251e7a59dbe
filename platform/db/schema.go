package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// tableNames returns the tables of the schema, sorted: all but the shadows of virtual tables and SQLite's own.
func (p *Pool) tableNames(ctx context.Context, q Querier) ([]string, error) {
	query := `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`
	if p.Dialect() == Postgres {
		query = `SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')`
	}
	var names []string
	if err := q.Select(ctx, &names, query); err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	slices.Sort(names)
	return names, nil
}

// bookkeeping reports whether a table belongs to the migrations rather than to a module.
func bookkeeping(table string) bool { return strings.HasPrefix(table, "goose_") }
