package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Roll is the app.Roll. It reads with the transaction of the unit of work.
type Roll struct{ pool *db.Pool }

var _ app.Roll = (*Roll)(nil)

// NewRoll returns the roll over pool.
func NewRoll(pool *db.Pool) *Roll { return &Roll{pool: pool} }

// selectBidders counts the bids of the next members behind $2 who have bid on the listing $1. An index would make it
// cheaper, and every bid dearer: it is asked once for each portion of the bidders of what has ended. The log of the listing
// is read first, as a whole, lest a database goes through what everybody has ever bid because that is in the right order.
const selectBidders = `
	WITH bids AS MATERIALIZED (SELECT bidder FROM listing_log WHERE listing_id = $1 AND kind = 'bid_placed')
	SELECT bidder, count(*) AS placed
	FROM bids
	WHERE bidder > $2
	GROUP BY bidder
	ORDER BY bidder
	LIMIT $3`

// selectWithdrawnOn finds what was taken back of the bids of the members behind $2 up to $3.
const selectWithdrawnOn = `
	WITH withdrawals AS MATERIALIZED (
		SELECT bidder, details FROM listing_log WHERE listing_id = $1 AND kind IN ('bids_retracted', 'bids_cancelled')
	)
	SELECT bidder, details
	FROM withdrawals
	WHERE bidder > $2 AND bidder <= $3`

// selectLostLead looks for a bid by which the member $2 lost the lead, among the events from $3 on before $4, not before $5.
const selectLostLead = `
	SELECT count(*)
	FROM listing_log
	WHERE listing_id = $1 AND seq >= $3 AND seq < $4 AND at >= $5 AND kind = 'bid_placed'
		AND former_leader = $2 AND leader <> $2`

// bidderRow is a row of selectBidders.
type bidderRow struct {
	Bidder uuid.UUID `db:"bidder"`
	Placed int       `db:"placed"`
}

// Bidders returns the next members who have a live bid: one was placed and not withdrawn, which it is at most once. Errors:
// uow.ErrNoUnit, uow.ErrEnded, app.ErrUnreadable, db.ErrUnavailable.
func (r *Roll) Bidders(
	ctx context.Context, listing, after uuid.UUID, limit int,
) (live []uuid.UUID, last uuid.UUID, err error) {
	tx, err := r.pool.Tx(ctx)
	if err != nil {
		return nil, uuid.Nil, err
	}
	return bidders(ctx, tx, listing, after, limit)
}

func bidders(
	ctx context.Context, from db.Querier, listing, after uuid.UUID, limit int,
) (live []uuid.UUID, last uuid.UUID, err error) {
	var rows []bidderRow
	if err := from.Select(ctx, &rows, selectBidders, listing, after, limit+1); err != nil {
		return nil, uuid.Nil, fmt.Errorf("look up who has bid on %s: %w", listing, err)
	}
	if len(rows) == 0 {
		return nil, uuid.Nil, nil
	}
	if len(rows) > limit {
		rows = rows[:limit]
		last = rows[limit-1].Bidder
	}
	withdrawn, err := withdrawnOn(ctx, from, listing, after, rows[len(rows)-1].Bidder)
	if err != nil {
		return nil, uuid.Nil, err
	}
	for _, row := range rows {
		if row.Placed > withdrawn[row.Bidder] {
			live = append(live, row.Bidder)
		}
	}
	return live, last, nil
}

// withdrawnOn returns how many bids of those members were withdrawn.
func withdrawnOn(ctx context.Context, from db.Querier, listing, after, last uuid.UUID) (map[uuid.UUID]int, error) {
	var rows []eventRow
	if err := from.Select(ctx, &rows, selectWithdrawnOn, listing, after, last); err != nil {
		return nil, fmt.Errorf("look up which bids on %s were withdrawn: %w", listing, err)
	}
	withdrawn := map[uuid.UUID]int{}
	for _, row := range rows {
		var e domain.Event
		if err := row.addDetails(&e); err != nil {
			return nil, err
		}
		withdrawn[uuid.UUID(row.Bidder)] += len(e.Withdrawn)
	}
	return withdrawn, nil
}

// LostLead reports whether the member lost the lead to somebody shortly before. Errors: uow.ErrNoUnit, uow.ErrEnded,
// db.ErrUnavailable.
func (r *Roll) LostLead(ctx context.Context, listing, member uuid.UUID, seq int64, since time.Time) (bool, error) {
	tx, err := r.pool.Tx(ctx)
	if err != nil {
		return false, err
	}
	var times int64
	err = tx.Get(ctx, &times, selectLostLead, listing, member, seq-app.LostLeadLooksAt, seq, db.Micros(since))
	if err != nil {
		return false, fmt.Errorf("look up whether %s was outbid on %s: %w", member, listing, err)
	}
	return times > 0, nil
}
