package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/gather"
	"github.com/gavelhq/gavel/platform/page"
)

// Views is the app.Views.
type Views struct {
	pool   *db.Pool
	tables *tables
	search searchIndex
	states *gather.Rows[uuid.UUID, listingRow]
}

var (
	_ app.Views    = (*Views)(nil)
	_ app.Showcase = (*Views)(nil)
)

// NewViews returns the views over pool.
func NewViews(pool *db.Pool) *Views {
	return &Views{
		pool: pool, tables: newTables(), search: newSearchIndex(pool.Dialect()),
		states: gather.FromPool(pool, gather.Query[uuid.UUID, listingRow]{
			Key: askedID,
			One: `
	SELECT ` + recordColumns + `
	` + fromRecords + `
	WHERE id = $1`,
			Many: `
	SELECT ` + recordColumns + `
	` + fromRecords + `
	JOIN ` + gather.From(pool.Dialect(), askedID) + ` ON listing_id = asked.asked_id`,
			Parameter: func(id uuid.UUID) any { return id },
			KeyOf:     func(row listingRow) uuid.UUID { return row.ID },
		}),
	}
}

// askedID is what states are found by.
var askedID = db.Column{Name: "asked_id", Type: db.UUID}

// summaryColumns are what a list shows. No maximum is among them, no reserve and no secret.
const summaryColumns = `id, seller, created_at, currency, digits, title, start_price, buy_now, starts_at,
	version, status, frozen, ends_at, leader_seq, price, next_minimum, reserve_met, bids`

// recordColumns are what a listing's page shows. The maxima stay where they are. The secret makes aliases of leader and winner
// and goes no further.
const recordColumns = summaryColumns + `, relisted_from, ruleset, increments, duration,
		soft_close_window, soft_close_extension, soft_close_cap, secret, published_end, leader, winner, final_price,
		head_seq, head_hash, head_at, description, additions`

const fromRecords = `FROM listings
	JOIN (SELECT listing_id, description, additions FROM listing_texts) AS texts ON listing_id = id`

// selectRecord reads a record with its reserve, if it is a draft of the member who asks.
const selectRecord = `
	SELECT ` + recordColumns + `,
		CASE WHEN status = 'draft' AND seller = $2 THEN reserve ELSE 0 END AS reserve
	` + fromRecords + `
	WHERE id = $1`

// Listing returns one listing as viewer may see it. Errors: domain.ErrListingNotFound, db.ErrUnavailable.
func (v *Views) Listing(ctx context.Context, id uuid.UUID, viewer domain.Actor, now time.Time) (app.ListingRecord, error) {
	var row listingRow
	err := v.pool.Read().Get(ctx, &row, selectRecord, id, viewer.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return app.ListingRecord{}, domain.ErrListingNotFound
	case err != nil:
		return app.ListingRecord{}, fmt.Errorf("read listing %s: %w", id, err)
	}
	state, err := row.state(v.tables)
	if err != nil {
		return app.ListingRecord{}, err
	}
	return app.RecordOf(state, viewer, now)
}

// State returns the listing as it is stored, without the reserve. In PostgreSQL those who ask at the same time share queries.
// Errors: domain.ErrListingNotFound, db.ErrUnavailable.
func (v *Views) State(ctx context.Context, id uuid.UUID) (domain.State, error) {
	row, found, err := v.states.Get(ctx, id)
	switch {
	case err != nil:
		return domain.State{}, fmt.Errorf("read listing %s: %w", id, err)
	case !found:
		return domain.State{}, domain.ErrListingNotFound
	}
	return row.state(v.tables)
}

// Shared reports whether other servers may write to the database: SQLite has one server, and commands beside it.
func (v *Views) Shared() bool { return v.pool.Dialect() == db.Postgres }

// Listings returns one page of the listings that match the filter. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Listings(
	ctx context.Context, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (page.Of[app.ListingSummary], error) {
	states, err := v.States(ctx, filter, viewer, request, now)
	return page.Map(states, func(s domain.State) app.ListingSummary { return app.SummaryOf(s, now) }), err
}

// States returns the listings of the page, with what a list shows of them. Errors: as Listings.
func (v *Views) States(
	ctx context.Context, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (page.Of[domain.State], error) {
	var none page.Of[domain.State]
	q, err := newListQuery(v.search, filter, viewer, request, now)
	if err != nil {
		return none, err
	}
	var rows []listingRow
	if err := v.pool.Read().Select(ctx, &rows, q.text(), q.args...); err != nil {
		return none, fmt.Errorf("list listings: %w", err)
	}
	states := make([]domain.State, len(rows))
	for i, row := range rows {
		if states[i], err = row.state(v.tables); err != nil {
			return none, err
		}
	}
	next := func(s domain.State) page.Cursor { return page.Encode(q.list(), app.SummaryOf(s, now).Key(q.order)) }
	return page.Cut(request, states, next), nil
}
