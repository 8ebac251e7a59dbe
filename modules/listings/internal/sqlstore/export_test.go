package sqlstore

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

// ListQuery returns the query that Views.Listings makes, for tests that look at its plan.
func ListQuery(
	t *testing.T, d db.Dialect, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (query string, args []any) {
	t.Helper()
	q, err := newListQuery(newSearchIndex(d), filter, viewer, request, now)
	require.NoError(t, err)
	return q.text(), q.args
}

// TaskQuery returns the query that the schedule makes.
func TaskQuery(now time.Time, limit int) (query string, args []any) {
	return selectTasks, []any{now.UnixMicro(), limit}
}

// ListingColumns returns all columns of listings but the id.
func ListingColumns() string { return addedColumns[1:].Names() }

// BidUpdate returns the statement that writes the head of a listing after most bids, and how many parameters it has.
func BidUpdate(d db.Dialect) (statement string, parameters int) {
	return newListingSQL(d).updateBidding.One, len(changedBidding)
}

// Statements returns the queries of units of work by what they are for.
func Statements(pool *db.Pool) map[string]string {
	l := NewListings(pool, nil)
	s := newListingSQL(pool.Dialect())
	return map[string]string{
		"load": s.load, "load locked": s.loadLocked, "committed": s.committed, "bids": l.selectBids, "accepted": newAcceptances(pool).find,
	}
}

// DealingQueries returns what the dealings ask about a member, by what it is for.
func DealingQueries(member, listing uuid.UUID, now time.Time) map[string]struct {
	Query string
	Args  []any
} {
	bids, args := selectBidsOf(member, app.BidsRange{Limit: 10})
	own, ownArgs := selectBidsOf(member, app.BidsRange{Listing: listing, Limit: 10})
	return map[string]struct {
		Query string
		Args  []any
	}{
		"selling":             {selectSelling, []any{member, now.UnixMicro(), 10}},
		"bidding":             {selectBidding, []any{member, now.UnixMicro(), listing, 10}},
		"withdrawn":           {selectWithdrawn, []any{member, now.UnixMicro(), listing, listing}},
		"sold":                {selectSold, []any{member, listing, 10}},
		"owing":               {selectOwing, []any{member, now.UnixMicro(), 10, now.UnixMicro()}},
		"won":                 {selectWon, []any{now.UnixMicro(), now.UnixMicro(), listing, now.UnixMicro(), 10}},
		"bids":                {bids, args},
		"bids on one listing": {own, ownArgs},
	}
}

// WatchQueries returns what is asked about watches and bidders, by what it is for, with the index or the key that finds it:
// in PostgreSQL's words and in SQLite's.
func WatchQueries(t *testing.T, member, listing uuid.UUID, now time.Time) map[string]struct {
	Query string
	Args  []any
	Found []string
} {
	t.Helper()
	watched, args, err := watchedQuery(member, app.WatchFilter{}, page.Request{}, now)
	require.NoError(t, err)
	at := now.UnixMicro()
	return map[string]struct {
		Query string
		Args  []any
		Found []string
	}{
		"watched":     {watched, args, []string{"listing_watches_member"}},
		"watches":     {selectWatches, []any{member, listing, 10}, []string{"listing_watches_member"}},
		"ending soon": {selectEndingSoon, []any{at, at, 10}, []string{"listings_running", "listing_watches_untold"}},
		"bidders":     {selectBidders, []any{listing, member, 10}, []string{"listing_log_pkey"}},
		"withdrawn":   {selectWithdrawnOn, []any{listing, member, member}, []string{"listing_log_pkey"}},
		"lost lead":   {selectLostLead, []any{listing, member, 1, 100, at}, []string{"listing_log_pkey"}},
	}
}
