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
	"github.com/gavelhq/gavel/platform/page"
)

// WatchViews are the app.WatchViews.
type WatchViews struct {
	pool   *db.Pool
	tables *tables
}

var _ app.WatchViews = (*WatchViews)(nil)

// NewWatchViews returns the views over pool.
func NewWatchViews(pool *db.Pool) *WatchViews { return &WatchViews{pool: pool, tables: newTables()} }

// watchedRow is a listing on a watch list.
type watchedRow struct {
	listingRow
	Since db.Micros `db:"since"`
}

// Watched returns one page of the listings that the member watches. Errors: page.ErrInvalidCursor, app.ErrUnreadable,
// db.ErrUnavailable.
func (v *WatchViews) Watched(
	ctx context.Context, member uuid.UUID, filter app.WatchFilter, request page.Request, now time.Time,
) (page.Of[app.WatchedListing], error) {
	var none page.Of[app.WatchedListing]
	query, args, err := watchedQuery(member, filter, request, now)
	if err != nil {
		return none, err
	}
	var rows []watchedRow
	if err := v.pool.Read().Select(ctx, &rows, query, args...); err != nil {
		return none, fmt.Errorf("list what %s watches: %w", member, err)
	}
	found := make([]app.WatchedListing, len(rows))
	for i, row := range rows {
		state, err := row.state(v.tables)
		if err != nil {
			return none, err
		}
		found[i] = app.WatchedListing{ListingSummary: app.SummaryOf(state, now), Since: row.Since.Time()}
	}
	next := func(w app.WatchedListing) page.Cursor { return page.Encode(filter.List(), w.Key(filter.Order())) }
	return page.Cut(request, found, next), nil
}

// watchedQuery returns the query for the page, and one row more. A watch list is at most domain.MaxWatches long, so it is
// sorted as a whole. Errors: page.ErrInvalidCursor.
func watchedQuery(
	member uuid.UUID, filter app.WatchFilter, request page.Request, now time.Time,
) (query string, args []any, err error) {
	after, resumed, err := page.Decode[app.ListingKey](filter.List(), request.Cursor)
	if err != nil {
		return "", nil, err
	}
	column, direction, comparison := "ends_at", "", " > "
	switch filter.Order() {
	case app.SortNewest:
		column, direction, comparison = "since", " DESC", " < "
	case app.SortEndedLast:
		direction, comparison = " DESC", " < "
	}
	var p parameters
	where := "member = " + p.add(member)
	if !filter.Ended {
		where += " AND " + isRunning + " AND (frozen OR ends_at > " + p.add(db.Micros(now)) + ")"
	}
	if resumed {
		where += " AND (" + column + ", id)" + comparison + "(" + p.add(after.At) + ", " + p.add(after.ID) + ")"
	}
	return `
		SELECT ` + summaryColumns + `, since
		FROM (SELECT listing_id, member, since FROM listing_watches) AS watches
		JOIN listings ON id = listing_id
		WHERE ` + where + `
		ORDER BY ` + column + direction + `, id` + direction + `
		LIMIT ` + p.add(request.Size()+1), p.args, nil
}

// Since returns since when the member watches the listing. Errors: domain.ErrNotWatched, db.ErrUnavailable.
func (v *WatchViews) Since(ctx context.Context, member, listing uuid.UUID) (time.Time, error) {
	var since db.Micros
	err := v.pool.Read().Get(ctx, &since, `SELECT since FROM listing_watches WHERE member = $1 AND listing_id = $2`, member, listing)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return time.Time{}, domain.ErrNotWatched
	case err != nil:
		return time.Time{}, fmt.Errorf("look up whether %s watches %s: %w", member, listing, err)
	}
	return since.Time(), nil
}

// selectWatches finds what the member $1 watches, by listing from behind $2.
const selectWatches = `
	SELECT id, version, member, listing_id, since, announced_end
	FROM listing_watches
	WHERE member = $1 AND listing_id > $2
	ORDER BY listing_id
	LIMIT $3`

// Watches returns the member's watches by listing. Errors: db.ErrUnavailable.
func (v *WatchViews) Watches(ctx context.Context, member, after uuid.UUID, limit int) ([]domain.WatchState, error) {
	var rows []watchRow
	if err := v.pool.Read().Select(ctx, &rows, selectWatches, member, after, limit); err != nil {
		return nil, fmt.Errorf("read what %s watches: %w", member, err)
	}
	states := make([]domain.WatchState, len(rows))
	for i, r := range rows {
		states[i] = r.state()
	}
	return states, nil
}
