package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Ledger is the app.Ledger.
type Ledger struct {
	pool   *db.Pool
	tables *tables
}

var _ app.Ledger = (*Ledger)(nil)

// NewLedger returns the ledger over pool.
func NewLedger(pool *db.Pool) *Ledger { return &Ledger{pool: pool, tables: newTables()} }

// State returns the listing as stored. Errors: domain.ErrListingNotFound, app.ErrUnreadable, db.ErrUnavailable.
func (l *Ledger) State(ctx context.Context, id uuid.UUID) (domain.State, error) {
	var row listingRow
	err := l.reader(ctx).Get(ctx, &row, selectListing(`SELECT `+addedColumns.Names()+` FROM listings WHERE id = $1`), id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.State{}, domain.ErrListingNotFound
	case err != nil:
		return domain.State{}, fmt.Errorf("read listing %s: %w", id, err)
	}
	return row.state(l.tables)
}

// Events returns the events of the listing's log that the range asks for. Errors: app.ErrUnreadable,
// db.ErrUnavailable.
func (l *Ledger) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	query, args := selectEvents(id, wanted)
	var rows []eventRow
	if err := l.reader(ctx).Select(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read the log of %s: %w", id, err)
	}
	return eventsOf(rows)
}

// selectEvents returns the query for a range of a log.
func selectEvents(id uuid.UUID, wanted app.EventRange) (query string, args []any) {
	var p parameters
	terms := []string{"listing_id = " + p.add(id), "seq > " + p.add(wanted.After)}
	if wanted.Before != 0 {
		terms = append(terms, "seq < "+p.add(wanted.Before))
	}
	if len(wanted.Kinds) > 0 {
		kinds := make([]string, len(wanted.Kinds))
		for i, kind := range wanted.Kinds {
			kinds[i] = p.add(string(kind))
		}
		terms = append(terms, "kind IN ("+strings.Join(kinds, ", ")+")")
	}
	order := "seq"
	if wanted.Descending {
		order = "seq DESC"
	}
	query = `
		SELECT ` + eventColumns.Names() + `
		FROM listing_log
		WHERE ` + strings.Join(terms, " AND ") + `
		ORDER BY ` + order
	if wanted.Limit > 0 {
		query += ` LIMIT ` + p.add(wanted.Limit)
	}
	return query, p.args
}

// publishedAtOnce is how many ids Published reads with one query.
const publishedAtOnce = 1000

// selectPublished finds listings and logs after $1, at most $2 of them. Each half reads the primary key in its order and
// stops when it has enough.
const selectPublished = `
	SELECT id FROM (
		SELECT id FROM (
			SELECT id
			FROM listings
			WHERE id > $1 AND head_seq > 0
			ORDER BY id
			LIMIT $2
		) AS published
		UNION
		SELECT id FROM (
			SELECT DISTINCT listing_id AS id
			FROM listing_log
			WHERE listing_id > $1
			ORDER BY listing_id
			LIMIT $2
		) AS logged
	) AS both_halves
	ORDER BY id
	LIMIT $2`

// Published yields the ids of all listings that have a log or should have one, and of all logs whose listing is gone.
// Errors: db.ErrUnavailable.
func (l *Ledger) Published(ctx context.Context) iter.Seq2[uuid.UUID, error] {
	return func(yield func(uuid.UUID, error) bool) {
		for after := uuid.Nil; ; {
			var ids []uuid.UUID
			err := l.reader(ctx).Select(ctx, &ids, selectPublished, after, publishedAtOnce)
			if err != nil {
				yield(uuid.Nil, fmt.Errorf("read the ids of published listings: %w", err))
				return
			}
			for _, id := range ids {
				if !yield(id, nil) {
					return
				}
			}
			if len(ids) < publishedAtOnce {
				return
			}
			after = ids[len(ids)-1]
		}
	}
}

// Consistent calls read with a context in which this ledger reads from one snapshot of the database; commits go on
// meanwhile. Errors: what read returns, db.ErrUnavailable.
func (l *Ledger) Consistent(ctx context.Context, read func(ctx context.Context) error) error {
	if _, ok := ctx.Value(snapshotKey{l.pool}).(*db.Snapshot); ok {
		return read(ctx)
	}
	return l.pool.Read().Snapshot(ctx, func(ctx context.Context, s *db.Snapshot) error {
		return read(context.WithValue(ctx, snapshotKey{l.pool}, s))
	})
}

// snapshotKey is the key of a context's snapshot of a database.
type snapshotKey struct{ pool *db.Pool }

// reader returns the snapshot that Consistent opened around ctx, or the way to what is committed now.
func (l *Ledger) reader(ctx context.Context) db.Querier {
	if s, ok := ctx.Value(snapshotKey{l.pool}).(*db.Snapshot); ok {
		return s
	}
	return l.pool.Read()
}

// parameters number the arguments of a query that is put together.
type parameters struct{ args []any }

// add returns the parameter that stands for the argument.
func (p *parameters) add(arg any) string {
	p.args = append(p.args, arg)
	return "$" + strconv.Itoa(len(p.args))
}
