package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

// Views is the app.Views.
type Views struct {
	pool   *db.Pool
	tables *tables
	search searchIndex
}

var _ app.Views = (*Views)(nil)

// NewViews returns the views over pool.
func NewViews(pool *db.Pool) *Views {
	return &Views{pool: pool, tables: newTables(), search: newSearchIndex(pool.Dialect())}
}

// summaryColumns are what a list shows. No maximum is among them, no reserve and no secret.
const summaryColumns = `id, seller, created_at, currency, digits, title, start_price, buy_now, starts_at,
	version, status, frozen, ends_at, leader_seq, price, next_minimum, reserve_met, bids`

// selectRecord reads what a listing's page shows. The maxima stay where they are. The secret makes aliases of leader and
// winner and goes no further; the reserve is for the seller of a draft.
const selectRecord = `
	SELECT ` + summaryColumns + `, relisted_from, ruleset, increments, duration,
		soft_close_window, soft_close_extension, soft_close_cap, secret, published_end, leader, winner, final_price,
		head_seq, head_hash, head_at, description, additions,
		CASE WHEN status = 'draft' AND seller = $2 THEN reserve ELSE 0 END AS reserve
	FROM listings
	JOIN (SELECT listing_id, description, additions FROM listing_texts) AS texts ON listing_id = id
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

// Listings returns one page of the listings that match the filter. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Listings(
	ctx context.Context, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (page.Of[app.ListingSummary], error) {
	var none page.Of[app.ListingSummary]
	order := cmp.Or(filter.Sort, app.SortEndingSoon)
	list := "listings/" + string(order)
	after, resumed, err := page.Decode[app.ListingKey](list, request.Cursor)
	if err != nil {
		return none, err
	}
	q := listQuery{search: v.search, now: now}
	q.filter(filter, viewer)
	if resumed {
		q.after(order, after)
	}
	var rows []listingRow
	if err := v.pool.Read().Select(ctx, &rows, q.text(order, request.Size()+1), q.args...); err != nil {
		return none, fmt.Errorf("list listings: %w", err)
	}
	summaries := make([]app.ListingSummary, len(rows))
	for i, row := range rows {
		state, err := row.state(v.tables)
		if err != nil {
			return none, err
		}
		summaries[i] = app.SummaryOf(state, now)
	}
	next := func(s app.ListingSummary) page.Cursor { return page.Encode(list, s.Key(order)) }
	return page.Cut(request, summaries, next), nil
}

// listQuery puts together the query for a page of listings.
type listQuery struct {
	parameters
	search searchIndex
	now    time.Time
	nowAt  string   // the parameter that holds it, once it was asked for
	terms  []string // all of which must hold
}

// at returns the parameter of the instant of the question.
func (q *listQuery) at() string {
	if q.nowAt == "" {
		q.nowAt = q.add(db.Micros(q.now))
	}
	return q.nowAt
}

func (q *listQuery) where(term string) { q.terms = append(q.terms, term) }

// text returns the query for at most limit rows.
func (q *listQuery) text(order app.Sort, limit int) string {
	where := ""
	if len(q.terms) > 0 {
		where = `
		WHERE ` + strings.Join(q.terms, `
			AND `)
	}
	column, direction := sorting(order)
	return `
		SELECT ` + summaryColumns + `
		FROM listings` + where + `
		ORDER BY ` + column + direction + `, id` + direction + `
		LIMIT ` + q.add(limit)
}

// after continues a list behind the key.
func (q *listQuery) after(order app.Sort, key app.ListingKey) {
	column, direction := sorting(order)
	comparison := " > "
	if direction != "" {
		comparison = " < "
	}
	q.where("(" + column + ", id)" + comparison + "(" + q.add(key.At) + ", " + q.add(key.ID) + ")")
}

// sorting returns the column of an order and its direction.
func sorting(order app.Sort) (column, direction string) {
	switch order {
	case app.SortEndingSoon:
		return "ends_at", ""
	case app.SortNewest:
		return "created_at", " DESC"
	default:
		return "ends_at", " DESC"
	}
}
