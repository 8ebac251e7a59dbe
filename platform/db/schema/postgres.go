package schema

import (
	"context"

	"github.com/gavelhq/gavel/platform/db"
)

func readPostgres(ctx context.Context, q db.Querier) (*catalog, error) {
	c := &catalog{}
	if err := q.Select(ctx, &c.Tables, `
		SELECT relname::text AS name, false AS is_virtual, true AS is_strict
		FROM pg_class
		WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')`); err != nil {
		return nil, err
	}
	// A collation of 0 is that of a type without one; 950 is "C".
	if err := q.Select(ctx, &c.Columns, `
		SELECT t.relname::text AS table_name, c.attname::text AS name, format_type(c.atttypid, c.atttypmod) AS declared,
			NOT c.attnotnull AS nullable, coalesce(array_position(k.indkey::int2[], c.attnum) + 1, 0) AS key_position,
			coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS default_value,
			c.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false) AS is_counter,
			c.attcollation NOT IN (0, 950) AS is_linguist
		FROM pg_class AS t
		JOIN pg_attribute AS c ON c.attrelid = t.oid
		LEFT JOIN pg_index AS k ON k.indrelid = t.oid AND k.indisprimary
		LEFT JOIN pg_attrdef AS d ON d.adrelid = t.oid AND d.adnum = c.attnum
		WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
			AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''
		ORDER BY t.relname, c.attnum`); err != nil {
		return nil, err
	}
	if err := q.Select(ctx, &c.Indexes, `
		SELECT t.relname::text AS table_name, i.relname::text AS name, coalesce(c.attname::text, '') AS column_name,
			k.indisunique AS is_unique, k.indpred IS NOT NULL AS is_partial
		FROM pg_index AS k
		JOIN pg_class AS t ON t.oid = k.indrelid
		JOIN pg_class AS i ON i.oid = k.indexrelid
		JOIN pg_am AS method ON method.oid = i.relam
		CROSS JOIN LATERAL unnest(k.indkey::int2[]) WITH ORDINALITY AS part (attnum, position)
		LEFT JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum = part.attnum AND part.attnum > 0
		LEFT JOIN pg_constraint AS made ON made.conindid = i.oid AND made.contype IN ('p', 'u', 'x')
		WHERE t.relnamespace = current_schema()::regnamespace AND method.amname = 'btree' AND made.oid IS NULL
		ORDER BY t.relname, i.relname, part.position`); err != nil {
		return nil, err
	}
	if err := q.Select(ctx, &c.Names, `
		SELECT t.relname::text AS table_name, c.conname::text AS name
		FROM pg_constraint AS c
		JOIN pg_class AS t ON t.oid = c.conrelid
		WHERE t.relnamespace = current_schema()::regnamespace AND c.contype IN ('c', 'f')`); err != nil {
		return nil, err
	}
	return c, nil
}
