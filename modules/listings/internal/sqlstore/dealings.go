package sqlstore

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Dealings are the app.Dealings.
type Dealings struct {
	pool   *db.Pool
	tables *tables
}

var _ app.Dealings = (*Dealings)(nil)

// NewDealings returns the dealings over pool.
func NewDealings(pool *db.Pool) *Dealings { return &Dealings{pool: pool, tables: newTables()} }

// selectSelling finds what the member $1 sells and is not over at $2.
const selectSelling = `
	SELECT id, title
	FROM listings
	WHERE seller = $1 AND ` + isRunning + ` AND (frozen OR ends_at > $2)
	ORDER BY id
	LIMIT $3`

// biddingOn is where the member $1 has ever bid, of what is not over at $2.
const biddingOn = `
	FROM listing_log
	JOIN (SELECT id, title, leader AS leads_now FROM listings WHERE ` + isRunning + ` AND (frozen OR ends_at > $2)) AS running
		ON id = listing_id
	WHERE bidder = $1`

// selectBidding counts the bids of the member, by listing from behind $3.
const selectBidding = `
	SELECT id, title, leads_now, count(*) AS placed` + biddingOn + ` AND kind = 'bid_placed' AND id > $3
	GROUP BY id, title, leads_now
	ORDER BY id
	LIMIT $4`

// selectWithdrawn finds what was taken back of them, on the listings behind $3 up to $4.
const selectWithdrawn = `
	SELECT listing_id, details` + biddingOn + ` AND kind IN ('bids_retracted', 'bids_cancelled') AND id > $3 AND id <= $4`

// sellingRow is a row of selectSelling.
type sellingRow struct {
	Listing uuid.UUID `db:"id"`
	Title   string    `db:"title"`
}

// biddingOnRow is a row of selectBidding.
type biddingOnRow struct {
	sellingRow
	Leader maybeID `db:"leads_now"`
	Placed int     `db:"placed"`
}

// Running returns the listings that are not over and that the member sells or has a live bid on. Errors:
// app.ErrUnreadable, db.ErrUnavailable.
func (d *Dealings) Running(ctx context.Context, member uuid.UUID, now time.Time, limit int) ([]app.Dealing, error) {
	var rows []sellingRow
	if err := d.pool.Read().Select(ctx, &rows, selectSelling, member, db.Micros(now), limit); err != nil {
		return nil, fmt.Errorf("look up what %s sells: %w", member, err)
	}
	var found []app.Dealing
	for _, r := range rows {
		found = append(found, app.Dealing{Listing: r.Listing, Title: r.Title, Part: app.PartSeller})
	}
	for after := uuid.Nil; len(found) < limit; {
		bidding, last, err := d.bidding(ctx, member, now, after, limit)
		if err != nil {
			return nil, err
		}
		found = append(found, bidding...)
		if last == uuid.Nil {
			break
		}
		after = last
	}
	return found[:min(limit, len(found))], nil
}

// bidding returns those of the next listings on which the member has a live bid, and the last that was looked at; zero
// when there are no more. A bid is withdrawn at most once, so live is what was placed and not withdrawn.
func (d *Dealings) bidding(
	ctx context.Context, member uuid.UUID, now time.Time, after uuid.UUID, limit int,
) (found []app.Dealing, last uuid.UUID, err error) {
	var rows []biddingOnRow
	if err := d.pool.Read().Select(ctx, &rows, selectBidding, member, db.Micros(now), after, limit); err != nil {
		return nil, uuid.Nil, fmt.Errorf("look up what %s bids on: %w", member, err)
	}
	if len(rows) == 0 {
		return nil, uuid.Nil, nil
	}
	last = rows[len(rows)-1].Listing
	withdrawn, err := d.withdrawn(ctx, member, now, after, last)
	if err != nil {
		return nil, uuid.Nil, err
	}
	for _, r := range rows {
		dealing := app.Dealing{Listing: r.Listing, Title: r.Title, Part: app.PartBidder}
		if uuid.UUID(r.Leader) == member {
			dealing.Part = app.PartLeader
		}
		if r.Placed > withdrawn[r.Listing] {
			found = append(found, dealing)
		}
	}
	if len(rows) < limit {
		last = uuid.Nil
	}
	return found, last, nil
}

// withdrawn returns how many of the member's bids were withdrawn, by listing.
func (d *Dealings) withdrawn(
	ctx context.Context, member uuid.UUID, now time.Time, after, last uuid.UUID,
) (map[uuid.UUID]int, error) {
	var rows []eventRow
	if err := d.pool.Read().Select(ctx, &rows, selectWithdrawn, member, db.Micros(now), after, last); err != nil {
		return nil, fmt.Errorf("look up which bids of %s were withdrawn: %w", member, err)
	}
	withdrawn := map[uuid.UUID]int{}
	for _, r := range rows {
		var e domain.Event
		if err := r.addDetails(&e); err != nil {
			return nil, err
		}
		withdrawn[r.Listing] += len(e.Withdrawn)
	}
	return withdrawn, nil
}

// selectOwing finds what is sold at $2 and not marked paid, or not before $4: what the member $1 has bought, then what he has
// sold. Of what has ended and is not closed yet, which is little, the leader is the winner.
const selectOwing = `
	SELECT sold.id, sold.title, owed, CASE WHEN paid_at IS NULL THEN 0 ELSE 1 END AS paid
	FROM (
		SELECT id, title, 0 AS owed
		FROM listings
		WHERE winner = $1
		UNION ALL
		SELECT id, title, 0 AS owed
		FROM listings
		WHERE ` + hasSold + ` AND leader = $1
		UNION ALL
		SELECT id, title, 1 AS owed
		FROM listings
		WHERE seller = $1 AND (status = 'sold' OR ` + hasSold + `)
	) AS sold
	LEFT JOIN listing_sales ON listing_sales.id = sold.id
	WHERE paid_at IS NULL OR paid_at >= $4 AND received_at IS NULL
	ORDER BY paid, owed, sold.id
	LIMIT $3`

// hasSold holds for what is sold at $2, though nobody has closed it yet.
const hasSold = isRunning + ` AND NOT frozen AND ends_at <= $2 AND leader IS NOT NULL AND reserve_met`

// owingRow is a row of selectOwing.
type owingRow struct {
	sellingRow
	Owed int64 `db:"owed"`
	Paid int64 `db:"paid"`
}

// Owing returns the listings that are sold and not marked paid for good, and that the member has bought or sold. Errors:
// db.ErrUnavailable.
func (d *Dealings) Owing(ctx context.Context, member uuid.UUID, now time.Time, limit int) ([]app.Dealing, error) {
	var rows []owingRow
	unmarkable := db.Micros(now.Add(-domain.UnmarkWithin))
	if err := d.pool.Read().Select(ctx, &rows, selectOwing, member, db.Micros(now), limit, unmarkable); err != nil {
		return nil, fmt.Errorf("look up what %s owes, or is owed: %w", member, err)
	}
	found := make([]app.Dealing, len(rows))
	for i, r := range rows {
		found[i] = app.Dealing{Listing: r.Listing, Title: r.Title, Part: app.PartOwes, Over: r.Paid != 0}
		if r.Owed != 0 {
			found[i].Part = app.PartOwed
		}
	}
	return found, nil
}

// selectSold finds the listings of the seller $1 from behind $2.
var selectSold = selectListing(`
			SELECT `+addedColumns.Names()+`
			FROM listings
			WHERE seller = $1 AND id > $2
			ORDER BY id
			LIMIT $3`) + `
		ORDER BY id`

// Sold returns the listings of a seller as stored. Errors: app.ErrUnreadable, db.ErrUnavailable.
func (d *Dealings) Sold(ctx context.Context, seller, after uuid.UUID, limit int) ([]domain.State, error) {
	var rows []listingRow
	if err := d.pool.Read().Select(ctx, &rows, selectSold, seller, after, limit); err != nil {
		return nil, fmt.Errorf("read the listings of %s: %w", seller, err)
	}
	states := make([]domain.State, len(rows))
	for i, r := range rows {
		state, err := r.state(d.tables)
		if err != nil {
			return nil, err
		}
		states[i] = state
	}
	return states, nil
}

// Bids returns what the logs say about the bids of a member. Errors: app.ErrUnreadable, db.ErrUnavailable.
func (d *Dealings) Bids(ctx context.Context, bidder uuid.UUID, wanted app.BidsRange) ([]domain.Event, error) {
	query, args := selectBidsOf(bidder, wanted)
	var rows []eventRow
	if err := d.pool.Read().Select(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read the bids of %s: %w", bidder, err)
	}
	return eventsOf(rows)
}

// selectBidsOf returns the query for a range of a bidder's events. "listing_id = …" would say the same of one listing,
// but then SQLite reads the whole log of it rather than the bidder's part.
func selectBidsOf(bidder uuid.UUID, wanted app.BidsRange) (query string, args []any) {
	var p parameters
	if wanted.Listing != uuid.Nil {
		wanted.AfterListing = wanted.Listing
	}
	terms := []string{
		"bidder = " + p.add(bidder),
		"(listing_id, seq) > (" + p.add(wanted.AfterListing) + ", " + p.add(wanted.AfterSeq) + ")",
	}
	if wanted.Listing != uuid.Nil {
		terms = append(terms, "(listing_id, seq) <= ("+p.add(wanted.Listing)+", "+p.add(int64(math.MaxInt64))+")")
	}
	return `
		SELECT ` + eventColumns.Names() + `
		FROM listing_log
		WHERE ` + strings.Join(terms, " AND ") + `
		ORDER BY listing_id, seq
		LIMIT ` + p.add(wanted.Limit), p.args
}
