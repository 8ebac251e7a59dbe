package sqlstore_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/page"
)

// TestPlans asks the databases how they answer in a market of 100,000 listings, nearly all of which have ended.
func TestPlans(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		seller := builders.ID()
		crowd(t, pool, seller)
		now := builders.Epoch.Add(time.Hour)
		cursor := page.Encode("listings/ending", app.ListingKey{At: now.UnixMicro(), ID: seller})

		for name, c := range map[string]struct {
			filter app.Filter
			cursor page.Cursor
			index  string
		}{
			"open, ending soon":                 {filter: app.Filter{Statuses: []domain.Status{domain.StatusOpen}}, index: "listings_running"},
			"open, ending soon, the next page":  {filter: app.Filter{Statuses: []domain.Status{domain.StatusOpen}}, cursor: cursor, index: "listings_running"},
			"to be had at once":                 {filter: app.Filter{Statuses: []domain.Status{domain.StatusOpen}, BuyNow: true}, index: "listings_running"},
			"all, by the end":                   {index: "listings_by_end"},
			"all, by the end, the next page":    {cursor: cursor, index: "listings_by_end"},
			"all, by the end, the latest first": {filter: app.Filter{Sort: app.SortEndedLast}, index: "listings_by_end"},
			"all, the newest first":             {filter: app.Filter{Sort: app.SortNewest}, index: "listings_by_creation"},
			"a seller's, the newest first":      {filter: app.Filter{Seller: seller, Sort: app.SortNewest}, index: "listings_by_seller"},
		} {
			query, args := sqlstore.ListQuery(t, pool.Dialect(), c.filter, domain.Actor{}, page.Request{Cursor: c.cursor}, now)
			plan := explain(t, pool, query, args)
			require.Contains(t, plan, c.index, name)
			requireNoScan(t, name, plan)
			if !c.filter.BuyNow { // there may be too few to find enough of them in the order of the index
				requireNoSort(t, name, plan)
			}
		}

		query, args := sqlstore.TaskQuery(now, 100)
		plan := explain(t, pool, query, args)
		require.Contains(t, plan, "listings_running")
		require.Contains(t, plan, "listings_starting")
		requireNoScan(t, "due", plan)

		query, args = sqlstore.ListQuery(t, pool.Dialect(), app.Filter{Words: "lamp"}, domain.Actor{}, page.Request{}, now)
		require.Contains(t, explain(t, pool, query, args), "listing_search", "search")
	}, schema...)
}

// TestPlansOfUnits asks the databases how they find what a unit of work needs: never by looking at all there is.
func TestPlansOfUnits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		id := builders.ID()
		ids := pool.Dialect().IDs([]uuid.UUID{id})
		statements := sqlstore.Statements(pool)
		for name, args := range map[string][]any{
			"load":        {ids},
			"load locked": {ids},
			"bids":        {id, 7},
			"accepted":    {ids},
			"committed":   {ids},
		} {
			plan := explain(t, pool, statements[name], args, "SET LOCAL enable_seqscan = off") // the tables are empty
			requireNoScan(t, name, plan)
		}
	}, schema...)
}

// TestPlansOfDealings asks the databases how they find what one member has to do with the market.
func TestPlansOfDealings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		for name, q := range sqlstore.DealingQueries(builders.ID(), builders.ID(), builders.Epoch) {
			plan := explain(t, pool, q.Query, q.Args, "SET LOCAL enable_seqscan = off") // the tables are empty
			requireNoScan(t, name, plan)
			if strings.HasPrefix(name, "bid") || name == "withdrawn" {
				require.Contains(t, plan, "listing_log_bidder", name)
			}
			if strings.HasPrefix(name, "bids") {
				requireNoSort(t, name, plan)
			}
		}
	}, schema...)
}

// TestPlansOfWatches asks the databases how they find what members watch, and who is to be told.
func TestPlansOfWatches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		for name, q := range sqlstore.WatchQueries(t, builders.ID(), builders.ID(), builders.Epoch) {
			plan := explain(t, pool, q.Query, q.Args, "SET LOCAL enable_seqscan = off") // the tables are empty
			requireNoScan(t, name, plan)
			for _, index := range q.Found {
				if pool.Dialect() == db.SQLite { // which calls the indexes of keys after the tables
					index = strings.NewReplacer("listing_log_pkey", "PRIMARY KEY", "listing_watches_member", "sqlite_autoindex_listing_watches_2").
						Replace(index)
				}
				require.Contains(t, plan, index, name)
			}
		}
	}, schema...)
}

// TestABidWritesNoIndexOfListings looks at what SQLite does for a bid to the head of a listing. (PostgreSQL compares the
// values and leaves indexes alone by itself.)
func TestABidWritesNoIndexOfListings(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, schema...)
	update, parameters := sqlstore.BidUpdate(pool.Dialect())
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var steps []struct {
			Addr    int            `db:"addr"`
			Opcode  string         `db:"opcode"`
			P1      int            `db:"p1"`
			P2      int            `db:"p2"`
			P3      int            `db:"p3"`
			P4      sql.NullString `db:"p4"`
			P5      int            `db:"p5"`
			Comment sql.NullString `db:"comment"`
		}
		err := tx.Select(ctx, &steps, "EXPLAIN "+update, make([]any, parameters)...)
		did := map[string]bool{}
		for _, s := range steps {
			did[s.Opcode] = true
		}
		require.True(t, did["Insert"], "the row is written")
		require.False(t, did["IdxInsert"] || did["IdxDelete"], "an index is written")
		return err
	}))
}

// crowd fills the database with 100,000 copies of a few listings.
func crowd(t *testing.T, pool *db.Pool, seller uuid.UUID) {
	t.Helper()
	s := newStore(pool)
	week := 7 * 24 * time.Hour
	copies := map[string]int{}
	for kind, b := range map[string]*builders.Listing{
		"draft":     builders.Draft(),
		"scheduled": builders.Draft().Starting(2 * time.Hour).Published(),
		"open":      builders.Draft().Published(),
		"sold":      builders.Draft().At(builders.Epoch.Add(-2*week)).Published().BidBy(builders.ID(), "20").After(week).Closed(),
		"seller":    builders.Draft().By(seller).Published(),
	} {
		b.Store(t, s.Work, s.Listings)
		copies[b.ID().String()] = map[string]int{"draft": 500, "scheduled": 500, "open": 3000, "sold": 95_900, "seller": 100}[kind]
	}
	if pool.Dialect() == db.SQLite { // which plans without looking at the number of rows
		for original := range copies {
			copies[original] /= 100
		}
	}
	numbers, id := `generate_series(1, $2::bigint) AS numbers (n)`, `gen_random_uuid()`
	if pool.Dialect() == db.SQLite {
		numbers = `(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $2) SELECT n FROM numbers) AS numbers`
		id = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' ||
			hex(randomblob(2)) || '-' || hex(randomblob(6)))`
	}
	columns := sqlstore.ListingColumns()
	values := strings.NewReplacer("ends_at", "ends_at - n * 1000000", "created_at", "created_at - n * 1000000").Replace(columns)
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for original, n := range copies {
			_, err := tx.Exec(ctx, `INSERT INTO listings (id, `+columns+`) SELECT `+id+`, `+values+` FROM listings, `+numbers+
				` WHERE listings.id = $1`, original, n)
			if err != nil {
				return err
			}
		}
		if pool.Dialect() == db.Postgres {
			_, err := tx.Exec(ctx, `ANALYZE listings`)
			return err
		}
		return nil
	}))
}

// explain returns the plan of a query, one line a step. The settings are PostgreSQL's.
func explain(t *testing.T, pool *db.Pool, query string, args []any, settings ...string) (plan string) {
	t.Helper()
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		if tx.Dialect() == db.SQLite {
			plan, err = explainSQLite(ctx, tx, query, args)
			return err
		}
		for _, setting := range settings {
			if _, err := tx.Exec(ctx, setting); err != nil {
				return err
			}
		}
		var lines []string
		err = tx.Select(ctx, &lines, "EXPLAIN "+query, args...)
		plan = strings.Join(lines, "\n")
		return err
	}))
	return plan
}

func explainSQLite(ctx context.Context, tx *db.Tx, query string, args []any) (string, error) {
	var steps []struct {
		ID      int    `db:"id"`
		Parent  int    `db:"parent"`
		NotUsed int    `db:"notused"`
		Detail  string `db:"detail"`
	}
	err := tx.Select(ctx, &steps, "EXPLAIN QUERY PLAN "+query, args...)
	lines := make([]string, len(steps))
	for i, s := range steps {
		lines[i] = s.Detail
	}
	return strings.Join(lines, "\n"), err
}

// requireNoScan fails if the plan reads a whole table.
func requireNoScan(t *testing.T, name, plan string) {
	t.Helper()
	require.NotContains(t, plan, "Seq Scan on listing", name)
	for line := range strings.Lines(plan) {
		if strings.HasPrefix(line, "SCAN listing") {
			require.Contains(t, line, "USING INDEX", name)
		}
	}
}

// requireNoSort fails if the plan sorts what it has read, for which it must read all that matches.
func requireNoSort(t *testing.T, name, plan string) {
	t.Helper()
	require.NotContains(t, plan, "Sort", name)
	require.NotContains(t, plan, "TEMP B-TREE", name)
}
