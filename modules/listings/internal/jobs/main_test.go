package jobs_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/jobs"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// house is an auction house in memory, on a virtual clock that stands at noon.
type house struct {
	t        *testing.T
	clock    *clock.Virtual
	market   *app.Market
	ledger   app.Ledger
	schedule app.Schedule
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db := memory.NewDatabase()
	store := listings.NewStore(db)
	c := clock.NewVirtual(noon)
	work := uow.New(outbox.NewOutbox(db), uow.Settings{})
	return &house{
		t:        t,
		clock:    c,
		market:   app.NewMarket(work, listings.NewListings(store, app.Message), c),
		ledger:   listings.NewLedger(store),
		schedule: listings.NewSchedule(store),
	}
}

// publish puts a listing on the market that opens and ends at these times.
func (h *house) publish(opens, ends time.Time) uuid.UUID {
	h.t.Helper()
	seller := uuid.New()
	create := app.NewCreateDraft(h.market, app.House{
		Currency: "USD",
		Table:    domain.DefaultTable,
		Digits:   func(string) (int, bool) { return 2, true },
		TableOf:  domain.BuiltInTable,
	})
	id, err := create.Do(h.t.Context(), app.CreateDraftCommand{Seller: seller, Content: domain.Content{
		Title:      "A clock",
		StartPrice: domain.Offer{Amount: "1", Currency: "USD"},
		StartsAt:   opens,
		Duration:   ends.Sub(opens),
	}})
	require.NoError(h.t, err)
	publish := app.NewPublishListing(h.market, app.Everyone{}, rand.Reader)
	require.NoError(h.t, publish.Do(h.t.Context(), app.PublishListingCommand{Listing: id, By: domain.Actor{ID: seller}}))
	return id
}

// log returns what happened to a listing, and when, after it was published.
func (h *house) log(id uuid.UUID) map[domain.EventKind]time.Time {
	h.t.Helper()
	events, err := h.ledger.Events(h.t.Context(), id, app.EventRange{After: 1})
	require.NoError(h.t, err)
	happened := map[domain.EventKind]time.Time{}
	for _, e := range events {
		require.NotContains(h.t, happened, e.Kind, "happened twice")
		happened[e.Kind] = e.At
	}
	return happened
}

// timekeeper is one with what it counts.
type timekeeper struct {
	*jobs.Timekeeper
	metrics *prometheus.Registry
}

// timekeeper returns one of the house's that has not started.
func (h *house) timekeeper() timekeeper {
	h.t.Helper()
	registry := prometheus.NewRegistry()
	k, err := jobs.NewTimekeeper(app.NewKeepTime(h.market, h.schedule), h.clock, zap.NewNop(), registry)
	require.NoError(h.t, err)
	return timekeeper{k, registry}
}

// start starts a timekeeper that stops with the test, and waits until it sleeps.
func start(t *testing.T, k timekeeper, c *clock.Virtual) {
	t.Helper()
	require.NoError(t, k.Start(t.Context()))
	t.Cleanup(k.Stop)
	require.NoError(t, c.AwaitScheduled(t.Context(), 1))
}

// moveTo moves the clock; the timekeepers, of which there are so many, do what they have to do on the way.
func moveTo(t *testing.T, c *clock.Virtual, at time.Time, timekeepers int) {
	t.Helper()
	for c.StepTo(at) {
		require.NoError(t, c.AwaitScheduled(t.Context(), timekeepers))
	}
}

// counted returns the value of a counter.
func (k timekeeper) counted(t *testing.T, name string) float64 {
	t.Helper()
	families, err := k.metrics.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	require.Fail(t, "no metric "+name)
	return 0
}
