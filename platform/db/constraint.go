package db

import (
	"context"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// constraint finds the name of the constraint that a message of SQLite speaks of:
//
//	constraint failed: UNIQUE constraint failed: bids.listing_id, bids.seq (2067)
//	constraint failed: UNIQUE constraint failed: index 'members_name' (2067)
//	constraint failed: CHECK constraint failed: bids_amount_positive (275)
//	constraint failed: NOT NULL constraint failed: bids.amount (1299)
//	constraint failed: FOREIGN KEY constraint failed (787)
func (p *Pool) constraint(ctx context.Context, reported *sqlite.Error) string {
	_, what, _ := strings.Cut(reported.Error(), " constraint failed: ")
	if end := strings.LastIndex(what, " ("); end >= 0 {
		what = what[:end]
	}
	table, _, _ := strings.Cut(what, ".")
	switch reported.Code() {
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return table + "_pkey"
	case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		return strings.ReplaceAll(what, ".", "_") + "_not_null"
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		if name, ok := strings.CutPrefix(what, "index '"); ok {
			return strings.TrimSuffix(name, "'")
		}
		return p.uniqueIndex(ctx, table, strings.ReplaceAll(what, table+".", ""))
	default:
		return what
	}
}

// uniqueIndex returns the name of the unique index of table over columns ("listing_id, seq"), which SQLite does not
// mention. It asks the schema once per index.
func (p *Pool) uniqueIndex(ctx context.Context, table, columns string) string {
	key := table + ": " + columns
	if name, ok := p.uniques.Load(key); ok {
		return name.(string)
	}
	var name string
	err := p.Read().Get(context.WithoutCancel(ctx), &name, `
		SELECT list.name
		FROM pragma_index_list($1) AS list
		WHERE list."unique" AND $2 = (
			SELECT group_concat(info.name, ', ' ORDER BY info.seqno) FROM pragma_index_info(list.name) AS info
		)
		ORDER BY list.name`, table, columns)
	if err != nil {
		// The violation is the news; that it cannot be named is seen by whoever looks for the name.
		return key
	}
	p.uniques.Store(key, name)
	return name
}
