package listingstest_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// newTrader returns a trader over an empty store in memory, its auditor, and the use case that closes what is over.
func newTrader(c clock.Clock) (listingstest.Trader, listingstest.Auditor, *app.KeepTime) {
	db := memory.NewDatabase()
	stores := listings.NewMemoryStores(db)
	market := app.NewMarket(uow.New(outbox.NewOutbox(db), uow.Settings{}), stores.Listings, c)
	house := app.House{
		Digits: func(string) (int, bool) { return 2, true },
		Table:  domain.DefaultTable, TableOf: domain.BuiltInTable,
	}
	return listingstest.Trader{Clock: c, Market: listingstest.Market{
		CreateDraft:    app.NewCreateDraft(market, house),
		PublishListing: app.NewPublishListing(market, app.Everyone{}, rand.Reader),
		PlaceBid:       app.NewPlaceBid(market, app.Everyone{}),
	}}, listingstest.Auditor{Ledger: stores.Ledger}, app.NewKeepTime(market, stores.Schedule)
}

// traded returns what became of the first orders of a load with one worker.
func traded(t *testing.T, trader listingstest.Trader, seed uint64, orders int) []listingstest.Outcome {
	t.Helper()
	lots, err := trader.Publish(t.Context(), listingstest.Lots{Seed: 1, Count: 3, Duration: time.Hour})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var outcomes []listingstest.Outcome
	load := listingstest.Load{Seed: seed, Workers: 1, Bidders: 5, Listings: lots}
	trader.Trade(ctx, load, func(o listingstest.Outcome) {
		if outcomes = append(outcomes, o); len(outcomes) == orders {
			stop()
		}
	})
	return outcomes
}

func acknowledged(outcomes []listingstest.Outcome) []listingstest.Outcome {
	var bids []listingstest.Outcome
	for _, o := range outcomes {
		if o.Seq != 0 {
			bids = append(bids, o)
		}
	}
	return bids
}

func TestTraderDoesWhatItsSeedSays(t *testing.T) {
	t.Parallel()
	const orders = 300
	run := func(seed uint64) []listingstest.Outcome {
		trader, _, _ := newTrader(clock.NewFixed(noon))
		return traded(t, trader, seed, orders)
	}
	one := run(1)
	require.Len(t, one, orders)
	require.Empty(t, cmp.Diff(one, run(1), cmpopts.IgnoreUnexported(listingstest.Outcome{})))
	require.NotEmpty(t, cmp.Diff(one, run(2), cmpopts.IgnoreUnexported(listingstest.Outcome{})))

	require.Greater(t, len(acknowledged(one)), orders/2, "most bids count")
	keys := map[string]bool{}
	for _, o := range one {
		require.Empty(t, o.Failed)
		require.NotEqual(t, o.Seq == 0, o.Refused == "", "acknowledged or refused")
		keys[o.Key] = true
	}
	require.Len(t, keys, orders, "each under a key of its own")
}

//nolint:tparallel // the steps share one market
func TestAuditor(t *testing.T) {
	t.Parallel()
	now := clock.NewVirtual(noon)
	trader, auditor, keepTime := newTrader(now)
	bids := acknowledged(traded(t, trader, 1, 50))

	t.Run("finds every acknowledged bid, and misses one that is elsewhere", func(t *testing.T) {
		require.NoError(t, auditor.Logged(t.Context(), bids))
		for name, spoil := range map[string]func(*listingstest.Outcome){
			"seq":     func(o *listingstest.Outcome) { o.Seq++ },
			"end":     func(o *listingstest.Outcome) { o.Seq = 1000 },
			"listing": func(o *listingstest.Outcome) { o.Listing = o.Bidder },
			"bidder":  func(o *listingstest.Outcome) { o.Bidder = o.Listing },
			"maximum": func(o *listingstest.Outcome) { o.Cents++ },
		} {
			spoilt := bids[len(bids)-1]
			spoil(&spoilt)
			require.ErrorContains(t, auditor.Logged(t.Context(), []listingstest.Outcome{bids[0], spoilt}), spoilt.Key, name)
		}
	})
	t.Run("verifies what is stored", func(t *testing.T) {
		found, err := auditor.Verify(t.Context())
		require.NoError(t, err)
		require.Equal(t, listingstest.Verified{Listings: 3, Events: int64(2*3 + len(bids))}, found)
	})
	t.Run("tells what is overdue, and what has closed", func(t *testing.T) {
		end := noon.Add(time.Hour)
		overdue, err := auditor.Overdue(t.Context(), end.Add(-time.Microsecond))
		require.NoError(t, err)
		require.Empty(t, overdue)
		overdue, err = auditor.Overdue(t.Context(), end)
		require.NoError(t, err)
		require.Len(t, overdue, 3)

		now.Set(end.Add(time.Minute))
		_, err = keepTime.Do(t.Context())
		require.NoError(t, err)
		overdue, err = auditor.Overdue(t.Context(), now.Now())
		require.NoError(t, err)
		require.Empty(t, overdue)
		closed, err := auditor.Closed(t.Context())
		require.NoError(t, err)
		require.Len(t, closed, 3)
	})
}
