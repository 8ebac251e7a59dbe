package seed_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listingsmemory "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/seed"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
	"github.com/gavelhq/gavel/platform/clock"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var usd = domain.Currency{Code: "USD", Digits: 2}

// market is an invented market in memory.
type market struct {
	*stage.Stage
	ledger app.Ledger
	result seed.Result
}

func invented(t *testing.T, o seed.Options) market {
	t.Helper()
	o.Now = now
	if o.Currency == (domain.Currency{}) {
		o.Currency = usd
	}
	db := memory.NewDatabase()
	store := listingsmemory.NewStore(db)
	ledger := listingsmemory.NewLedger(store)
	s := stage.New(stage.Ports{
		Work:       uow.New(eventsmemory.NewOutbox(db), uow.Settings{}),
		Listings:   listingsmemory.NewListings(store, app.Message),
		Allowances: listingsmemory.NewAllowances(db),
		Views:      listingsmemory.NewViews(store),
		Ledger:     ledger,
		Schedule:   listingsmemory.NewSchedule(store),
		House: app.House{
			Currency: o.Currency.Code,
			Table:    domain.DefaultTable,
			Digits:   func(string) (int, bool) { return o.Currency.Digits, true },
			TableOf:  domain.BuiltInTable,
		},
		Clock: clock.NewVirtual(seed.Beginning(now)),
	})
	result, err := seed.New(s, o).Play(t.Context(), s)
	require.NoError(t, err)
	require.Equal(t, now, s.Now())
	return market{Stage: s, ledger: ledger, result: result}
}

// records returns all published listings as everybody sees them, without what depends on their secrets.
func (m market) records(t *testing.T) []app.ListingRecord {
	t.Helper()
	var all []app.ListingRecord
	request := page.Request{Limit: page.MaxLimit}
	for {
		found, err := m.Views.Listings(t.Context(), app.Filter{}, domain.Actor{}, request, now)
		require.NoError(t, err)
		for _, summary := range found.Items {
			record, err := m.Views.Listing(t.Context(), summary.ID, domain.Actor{}, now)
			require.NoError(t, err)
			record.Leader, record.Winner, record.Head.Hash = domain.Alias{}, domain.Alias{}, domain.Hash{}
			all = append(all, record)
		}
		if found.Next == "" {
			return all
		}
		request.Cursor = found.Next
	}
}

func TestAMarketHasEverything(t *testing.T) {
	t.Parallel()
	m := invented(t, seed.Options{Seed: 1, Listings: 60})
	require.Equal(t, 60, m.result.Listings)
	require.Greater(t, m.result.Bids, 240)
	for _, status := range []string{"draft", "scheduled", "open", "sold", "unsold_no_bids", "unsold_reserve", "cancelled", "frozen"} {
		require.Positive(t, m.result.Statuses[status], status)
	}

	kinds := map[domain.EventKind]int{}
	seen := map[string]bool{}
	for id, err := range m.ledger.Published(t.Context()) {
		require.NoError(t, err)
		events, err := m.ledger.Events(t.Context(), id, app.EventRange{})
		require.NoError(t, err)
		for _, e := range events {
			kinds[e.Kind]++
			seen[string(e.Why)] = true
		}
	}
	for _, kind := range []domain.EventKind{
		domain.KindPublished, domain.KindOpened, domain.KindEdited, domain.KindDescribed, domain.KindBidPlaced,
		domain.KindBidsRetracted, domain.KindBidsCancelled, domain.KindBought, domain.KindFrozen, domain.KindUnfrozen,
		domain.KindCancelled, domain.KindClosed,
	} {
		require.Positive(t, kinds[kind], kind)
	}
	require.True(t, seen[string(domain.WhyHigherMaximum)])
	require.True(t, seen[string(domain.WhyReserveNotMet)])

	var prolonged, buyable, reserved, relisted int
	titles := map[string]bool{}
	for _, r := range m.records(t) {
		titles[r.Title] = true
		switch {
		case r.SoftClose != (domain.SoftClose{}) && r.Status == domain.StatusOpen && r.EndsAt.After(r.StartsAt.Add(r.Duration)):
			prolonged++
		case r.BuyNow.Minor > 0:
			buyable++
		case r.Status == domain.StatusOpen && !r.ReserveMet:
			reserved++
		case !(r.RelistedFrom == [16]byte{}):
			relisted++
		}
	}
	require.Positive(t, prolonged)
	require.Positive(t, buyable)
	require.Positive(t, reserved)
	require.Positive(t, relisted)
	require.Greater(t, len(titles), 40)

	verified, err := m.VerifyLogs.Do(t.Context(), app.VerifyLogsQuery{})
	require.NoError(t, err)
	require.Empty(t, verified.Flaws)
	require.Equal(t, int64(60-m.result.Statuses["draft"]), verified.Listings)
}

func TestTheSameNumberGivesTheSameMarket(t *testing.T) {
	t.Parallel()
	one := invented(t, seed.Options{Seed: 7, Listings: 40})
	again := invented(t, seed.Options{Seed: 7, Listings: 40})
	require.Empty(t, cmp.Diff(one.result, again.result))
	require.Empty(t, cmp.Diff(one.records(t), again.records(t), cmp.AllowUnexported(domain.IncrementTable{})))

	other := invented(t, seed.Options{Seed: 8, Listings: 40})
	require.NotEmpty(t, cmp.Diff(one.records(t), other.records(t), cmp.AllowUnexported(domain.IncrementTable{})))
}

func TestMarketsOfEverySize(t *testing.T) {
	t.Parallel()
	for listings := 1; listings <= 60; listings++ {
		m := invented(t, seed.Options{Seed: int64(-listings), Listings: listings})
		require.Equal(t, listings, m.result.Listings)
		all := 0
		for _, n := range m.result.Statuses {
			all += n
		}
		require.Equal(t, listings, all)
	}
}

func TestALargeMarket(t *testing.T) {
	t.Parallel()
	m := invented(t, seed.Options{Seed: 3, Listings: 500})
	require.Equal(t, 500, m.result.Listings)
}

func TestMarketsInOtherCurrencies(t *testing.T) {
	t.Parallel()
	for _, c := range []domain.Currency{{Code: "JPY", Digits: 0}, {Code: "KWD", Digits: 3}} {
		t.Run(c.Code, func(t *testing.T) {
			t.Parallel()
			m := invented(t, seed.Options{Seed: 1, Listings: 60, Currency: c})
			for _, r := range m.records(t) {
				require.Equal(t, c, r.Price.Currency)
			}
			require.Greater(t, m.result.Bids, 240)
		})
	}
}

func TestTheResultForPeople(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	require.NoError(t, seed.Result{Listings: 3, Bids: 2, Statuses: map[string]int{"open": 2, "draft": 1}}.WriteText(&text))
	require.Equal(t, "3 listings with 2 bids: 1 draft, 2 open.\n", text.String())
}

func TestProgressComesToAnEnd(t *testing.T) {
	t.Parallel()
	last, all := 0, 0
	invented(t, seed.Options{Seed: 1, Listings: 10, Progress: func(done, of int) {
		if done != last+1 {
			t.Error(errors.New("progress leaps"))
		}
		last, all = done, of
	}})
	require.Positive(t, last)
	require.Equal(t, all, last)
}
