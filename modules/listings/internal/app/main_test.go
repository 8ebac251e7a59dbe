package app_test

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	audit "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// house is an auction house in memory with every use case. Its clock stands at noon until a test moves it; its increment
// is one dollar at every price.
type house struct {
	t       *testing.T
	clock   *clock.Virtual
	bidders *bidders
	sellers *sellers
	outbox  *outbox.Outbox
	acts    *audit.Log
	answers *idempotency.Keys
	ledger  *ledger

	work     *uow.Work
	listings domain.Repository
	market   *app.Market
	views    app.Views
	dealings app.Dealings
	house    app.House

	create        *app.CreateDraft
	edit          *app.EditListing
	deletion      *app.DeleteDraft
	publishing    *app.PublishListing
	describe      *app.AppendDescription
	placeBid      *app.PlaceBid
	buyNow        *app.BuyNow
	retract       *app.RetractBids
	cancelBids    *app.CancelBids
	cancel        *app.CancelListing
	freeze        *app.FreezeListing
	unfreeze      *app.UnfreezeListing
	relist        *app.RelistListing
	keepTime      *app.KeepTime
	watch         *app.WatchListing
	unwatch       *app.UnwatchListing
	forget        *app.ForgetWatches
	watchLists    app.WatchViews
	watchers      *app.TellWatchers
	otherWatchers func(app.Untold) *app.TellWatchers
	news          *app.TellMarket
	more          *app.TellBidders
	untold        app.Untold
	notices       *notices
	delivered     int // events that the subscriber has got
	bids          *app.BidHistory
	own           *app.OwnBids
	log           *app.PublicLog

	saleNews   *saleNews
	saleViews  app.SaleViews
	openSale   *app.OpenSale
	markPaid   *app.MarkPaid
	unmarkPaid *app.UnmarkPaid
	handedOver *app.MarkHandedOver
	received   *app.MarkReceived
	keepSales  *app.KeepSales
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db := memory.NewDatabase()
	store := listings.NewStore(db)
	h := &house{
		t:       t,
		clock:   clock.NewVirtual(noon),
		bidders: &bidders{refused: map[uuid.UUID]error{}},
		sellers: &sellers{refused: map[uuid.UUID]error{}},
		outbox:  outbox.NewOutbox(db),
		acts:    audit.NewLog(db),
		ledger:  &ledger{Ledger: listings.NewLedger(store)},
		views:   listings.NewViews(store),
		house: app.House{
			Currency: "USD",
			Table:    "flat:1.00",
			Digits: func(code string) (int, bool) {
				digits, known := map[string]int{"USD": 2, "JPY": 0, "KWD": 3}[code]
				return digits, known
			},
			TableOf: domain.BuiltInTable,
		},
	}
	h.work = uow.New(h.outbox, uow.Settings{})
	h.listings = &getting{Repository: listings.NewListings(store, app.Message)}
	h.answers = idempotency.NewKeys(answers.NewAnswers(db), h.clock)
	m := app.NewMarket(h.work, h.listings, h.clock).Recording(h.acts, h.answers)
	h.market = m
	h.create, h.edit, h.deletion = app.NewCreateDraft(m, h.house), app.NewEditListing(m, h.house), app.NewDeleteDraft(m)
	h.publishing, h.describe, h.relist = app.NewPublishListing(m, h.sellers, rand.Reader), app.NewAppendDescription(m), app.NewRelistListing(m)
	h.placeBid, h.buyNow = app.NewPlaceBid(m, h.bidders), app.NewBuyNow(m, h.bidders)
	h.retract, h.cancelBids = app.NewRetractBids(m, listings.NewAllowances(db)), app.NewCancelBids(m)
	h.cancel, h.freeze, h.unfreeze = app.NewCancelListing(m), app.NewFreezeListing(m), app.NewUnfreezeListing(m)
	h.keepTime = app.NewKeepTime(m, listings.NewSchedule(store))
	h.dealings = listings.NewDealings(store)
	h.watchesOver(db, store)
	h.own = app.NewOwnBids(h.ledger, h.dealings, h.clock)
	h.setUpSales(listings.NewSales(store, app.SaleMessage), listings.NewSaleViews(store))
	h.bids, h.log = app.NewBidHistory(h.ledger), app.NewPublicLog(h.ledger)
	return h
}

// elsewhere returns the market as another server with another clock has it.
func (h *house) elsewhere(c clock.Clock) *app.Market { return app.NewMarket(h.work, h.listings, c) }

// bidders lets everyone bid but those who are refused.
type bidders struct{ refused map[uuid.UUID]error }

func (b *bidders) MayBid(_ context.Context, member, _ uuid.UUID) error { return b.refused[member] }

// sellers lets everyone sell but those who are refused.
type sellers struct{ refused map[uuid.UUID]error }

func (s *sellers) MaySell(_ context.Context, member uuid.UUID) error { return s.refused[member] }

// ledger remembers how much was read at once, and can be made to fail.
type ledger struct {
	app.Ledger
	mu     sync.Mutex
	most   int // events in one portion
	broken error
}

func (l *ledger) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken != nil {
		return nil, l.broken
	}
	events, err := l.Ledger.Events(ctx, id, wanted)
	l.most = max(l.most, len(events))
	return events, err
}

// moderator is one.
var moderator = domain.Actor{ID: uuid.MustParse("0198c0de-0000-7000-8000-00000000f00d"), Moderator: true}

// by is a member who is no moderator.
func by(member uuid.UUID) domain.Actor { return domain.Actor{ID: member} }

func usd(text string) domain.Offer { return domain.Offer{Amount: text, Currency: "USD"} }

func dollars(minor int64) domain.Money { return domain.Currency{Code: "USD", Digits: 2}.Money(minor) }

// content completes a content with what a publication needs.
func content(c domain.Content) domain.Content {
	if c.Title == "" {
		c.Title = "A box of books"
	}
	if c.StartPrice.IsZero() {
		c.StartPrice = usd("10")
	}
	if c.Duration == 0 {
		c.Duration = 7 * 24 * time.Hour
	}
	return c
}

func (h *house) draft(seller uuid.UUID, c domain.Content) uuid.UUID {
	h.t.Helper()
	id, err := h.create.Do(h.t.Context(), app.CreateDraftCommand{Seller: seller, Content: content(c)})
	require.NoError(h.t, err)
	return id
}

// publish puts a listing on the market, open unless it starts later.
func (h *house) publish(seller uuid.UUID, c domain.Content) uuid.UUID {
	h.t.Helper()
	id := h.draft(seller, c)
	require.NoError(h.t, h.publishing.Do(h.t.Context(), app.PublishListingCommand{Listing: id, By: by(seller)}))
	return id
}

// bid places a bid that is accepted.
func (h *house) bid(listing, bidder uuid.UUID, maximum string) domain.BidAnswer {
	h.t.Helper()
	answer, err := h.placeBid.Do(h.t.Context(), app.PlaceBidCommand{Listing: listing, Bidder: bidder, Maximum: usd(maximum)})
	require.NoError(h.t, err)
	return answer
}

// state returns a listing as it is stored.
func (h *house) state(id uuid.UUID) domain.State {
	h.t.Helper()
	state, err := h.ledger.State(h.t.Context(), id)
	require.NoError(h.t, err)
	return state
}

// kinds returns what happened to a listing, in order.
func (h *house) kinds(id uuid.UUID) []domain.EventKind {
	h.t.Helper()
	events, err := h.ledger.Events(h.t.Context(), id, app.EventRange{})
	require.NoError(h.t, err)
	kinds := make([]domain.EventKind, len(events))
	for i, e := range events {
		kinds[i] = e.Kind
	}
	return kinds
}

// unchanged runs a command that must be refused with want and leave the listing, the log and the outbox as they are.
func (h *house) unchanged(id uuid.UUID, want error, command func() error) {
	h.t.Helper()
	before, messages := h.state(id), len(h.outbox.Messages())
	err := command()
	require.ErrorIs(h.t, err, want)
	require.ErrorContains(h.t, err, id.String(), "the error says on what")
	after := h.state(id)
	require.Equal(h.t, before.Version, after.Version)
	require.Equal(h.t, before.Head, after.Head)
	require.Len(h.t, h.outbox.Messages(), messages)
}
