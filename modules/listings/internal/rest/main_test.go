package rest_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/rest"
	audit "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/metrics"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// site is an auction house in memory whose API answers on a free port. Its clock stands at noon until it is moved.
type site struct {
	t          *testing.T
	addr       string
	clock      *clock.Virtual
	market     *app.Market
	allowances domain.RetractionAllowances
	watches    domain.Watches
	watchLists domain.WatchLists
	ledger     *ledger
	views      *views
	acts       *audit.Log
	members    *members
	sales      domain.Sales
	contacts   contacts
	client     *http.Client
	checked    *openapitest.Transport
}

func newSite(t *testing.T) *site {
	t.Helper()
	db := memory.NewDatabase()
	store := listings.NewStore(db)
	c := clock.NewVirtual(noon)
	s := &site{
		t:          t,
		clock:      c,
		allowances: listings.NewAllowances(db),
		watches:    listings.NewWatches(store),
		watchLists: listings.NewWatchLists(store),
		ledger:     &ledger{Ledger: listings.NewLedger(store)},
		acts:       audit.NewLog(db),
		members:    &members{callers: map[string]identity.Caller{}},
		contacts:   contacts{},
	}
	s.market = app.NewMarket(uow.New(outbox.NewOutbox(db), uow.Settings{}), listings.NewListings(store, app.Message), c).
		Recording(s.acts, idempotency.NewKeys(answers.NewAnswers(db), c))
	s.views = &views{Views: listings.NewViews(store)}
	dealings := listings.NewDealings(store)
	queries := rest.Queries{
		Views:   s.views,
		Bids:    app.NewBidHistory(s.ledger),
		OwnBids: app.NewOwnBids(s.ledger, dealings, c),
		Log:     app.NewPublicLog(s.ledger),
		Watches: listings.NewWatchViews(store),
		Clock:   c,
	}
	s.sales = listings.NewSales(store, app.SaleMessage)
	saleRoutes := rest.NewSaleRoutes(s.saleUseCases(uow.New(outbox.NewOutbox(db), uow.Settings{}), store, db))
	s.addr = serve(t, []httpserver.Routes{rest.NewRoutes(queries, s.commands()), saleRoutes, rest.NewSheetRoutes(s.sheets(store))}, c, s.members)
	s.checked = openapitest.NewTransport(func(err error) { t.Error(err) }, "http://"+s.addr, &http.Transport{DisableKeepAlives: true})
	s.client = &http.Client{Transport: s.checked}
	return s
}

// house is what drafts take over.
var house = app.House{
	Currency: "USD",
	Table:    "flat:1.00",
	Digits: func(code string) (int, bool) {
		digits, known := map[string]int{"USD": 2, "EUR": 2, "JPY": 0}[code]
		return digits, known
	},
	TableOf: domain.BuiltInTable,
}

func (s *site) commands() rest.Commands {
	return rest.Commands{
		CreateDraft:       app.NewCreateDraft(s.market, house),
		EditListing:       app.NewEditListing(s.market, house),
		DeleteDraft:       app.NewDeleteDraft(s.market),
		PublishListing:    app.NewPublishListing(s.market, app.Everyone{}, rand.Reader),
		AppendDescription: app.NewAppendDescription(s.market),
		PlaceBid:          app.NewPlaceBid(s.market, app.Everyone{}),
		BuyNow:            app.NewBuyNow(s.market, app.Everyone{}),
		RetractBids:       app.NewRetractBids(s.market, s.allowances),
		CancelBids:        app.NewCancelBids(s.market),
		CancelListing:     app.NewCancelListing(s.market),
		FreezeListing:     app.NewFreezeListing(s.market),
		UnfreezeListing:   app.NewUnfreezeListing(s.market),
		RelistListing:     app.NewRelistListing(s.market),
		WatchListing:      app.NewWatchListing(s.market, app.Everyone{}, s.watches, s.watchLists, app.EndsSoon(time.Hour)),
		UnwatchListing:    app.NewUnwatchListing(s.market, s.watches, s.watchLists),
	}
}

// members know whose tokens are.
type members struct {
	mu      sync.Mutex
	callers map[string]identity.Caller
}

func (m *members) Authenticate(_ context.Context, shown identity.Credential) (identity.Caller, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	caller, ok := m.callers[shown.Secret]
	if !ok {
		return identity.Caller{}, identity.ErrInvalidCredential
	}
	return caller, nil
}

// signedIn returns the headers of a member with these roles beside that of a member.
func (s *site) signedIn(member uuid.UUID, roles ...identity.Role) []string {
	return s.caller(identity.Caller{ID: member, Roles: append(roles, identity.Member), Credential: uuid.New()})
}

// caller returns the headers of a caller.
func (s *site) caller(caller identity.Caller) []string {
	s.members.mu.Lock()
	defer s.members.mu.Unlock()
	token := uuid.NewString()
	s.members.callers[token] = caller
	return []string{"Authorization", "Bearer " + token}
}

// serve serves the routes until the test ends and returns the address.
func serve(t *testing.T, routes []httpserver.Routes, c clock.Clock, m identity.Authenticator) string {
	t.Helper()
	settings := httpserver.DefaultSettings()
	settings.Addr = "127.0.0.1:0"
	settings.Rate = httpserver.RateSettings{}
	registry := prometheus.NewRegistry()
	counted, err := metrics.NewHTTP(registry)
	require.NoError(t, err)
	server, err := httpserver.New(httpserver.Parts{
		Settings: settings, Build: httpserver.Build{Version: "test"}, Clock: c, Log: zap.NewNop(), Gatherer: registry,
		Metrics: counted, Routes: routes, Authenticator: m,
	})
	require.NoError(t, err)
	require.NoError(t, server.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, server.Stop(context.Background())) })
	return server.Addr()
}

// views can let something happen after a listing was read.
type views struct {
	app.Views
	after atomic.Pointer[func()] // once
}

func (v *views) Listing(ctx context.Context, id uuid.UUID, viewer domain.Actor, now time.Time) (app.ListingRecord, error) {
	record, err := v.Views.Listing(ctx, id, viewer, now)
	if after := v.after.Swap(nil); after != nil {
		(*after)()
	}
	return record, err
}

// ledger can be made to fail in the middle of a log.
type ledger struct {
	app.Ledger
	failAfter  atomic.Int64 // events beyond this one cannot be read; 0 for none
	failBefore atomic.Int64 // nor a page of bids that begins below this one
}

func (l *ledger) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	if after := l.failAfter.Load(); after > 0 && wanted.After >= after {
		return nil, context.DeadlineExceeded
	}
	if before := l.failBefore.Load(); wanted.Descending && wanted.Before < before {
		return nil, context.DeadlineExceeded
	}
	return l.Ledger.Events(ctx, id, wanted)
}

// answer is an HTTP answer, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
	broken error // where the body ended, unless at its end
}

func (s *site) get(path string, headers ...string) answer {
	s.t.Helper()
	return s.send(http.MethodGet, path, "", headers...)
}

func (s *site) post(path, body string, headers ...string) answer {
	s.t.Helper()
	return s.send(http.MethodPost, path, body, headers...)
}

// send sends a request, with a JSON body unless it is empty.
func (s *site) send(method, path, body string, headers ...string) answer {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.addr+path, strings.NewReader(body))
	require.NoError(s.t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.client.Do(request)
	require.NoError(s.t, err)
	read, broken := io.ReadAll(response.Body)
	require.NoError(s.t, response.Body.Close())
	return answer{status: response.StatusCode, header: response.Header, body: string(read), broken: broken}
}

// read asks for what is there and reads it into v.
func (s *site) read(path string, v any) {
	s.t.Helper()
	a := s.get(path)
	require.Equal(s.t, http.StatusOK, a.status, a.body)
	require.Equal(s.t, "application/json", a.header.Get("Content-Type"))
	require.NoError(s.t, json.Unmarshal([]byte(a.body), v), a.body)
}

// problem checks that the answer is a problem with that code.
func (a answer) problem(t *testing.T, status int, code string) {
	t.Helper()
	require.Equal(t, status, a.status, a.body)
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
	var problem struct {
		Code string `json:"code"`
	}
	require.NoError(t, json.Unmarshal([]byte(a.body), &problem))
	require.Equal(t, code, problem.Code, a.body)
}

// draft makes a draft in dollars; what the content leaves out has a value of no interest.
func (s *site) draft(seller uuid.UUID, content domain.Content) uuid.UUID {
	s.t.Helper()
	if content.Title == "" {
		content.Title = "A box of books"
	}
	if content.StartPrice.IsZero() {
		content.StartPrice = usd("1")
	}
	if content.Duration == 0 {
		content.Duration = 7 * 24 * time.Hour
	}
	id, err := app.NewCreateDraft(s.market, house).Do(s.t.Context(), app.CreateDraftCommand{
		Seller: seller, Currency: content.StartPrice.Currency, Content: content,
	})
	require.NoError(s.t, err)
	return id
}

// publish puts a listing on the market.
func (s *site) publish(seller uuid.UUID, content domain.Content) uuid.UUID {
	s.t.Helper()
	id := s.draft(seller, content)
	publish := app.NewPublishListing(s.market, app.Everyone{}, rand.Reader)
	require.NoError(s.t, publish.Do(s.t.Context(), app.PublishListingCommand{Listing: id, By: domain.Actor{ID: seller}}))
	return id
}

func (s *site) bid(listing, bidder uuid.UUID, maximum string) {
	s.t.Helper()
	_, err := app.NewPlaceBid(s.market, app.Everyone{}).Do(s.t.Context(), app.PlaceBidCommand{
		Listing: listing, Bidder: bidder, Maximum: usd(maximum),
	})
	require.NoError(s.t, err)
}

func usd(text string) domain.Offer { return domain.Offer{Amount: text, Currency: "USD"} }
