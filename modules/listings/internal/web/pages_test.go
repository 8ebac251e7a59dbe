package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/web"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/metrics"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is in New York, where it is seven in the morning.
var (
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	newYork = time.FixedZone("EST", -5*3600)
)

// site is a house in memory whose pages are served. Whoever shows a role's name as his token has the role.
type site struct {
	t       *testing.T
	addr    string
	client  *http.Client
	winners *winners
	keep    func(l *builders.Listing)
}

func newSite(t *testing.T) *site {
	t.Helper()
	db := memory.NewDatabase()
	store, c := listings.NewStore(db), clock.NewVirtual(noon)
	s := &site{t: t, winners: &winners{Winners: listings.NewWinners(store)}}
	sheets := app.NewSheets(app.SheetParts{
		Views: listings.NewViews(store), Bids: app.NewBidHistory(listings.NewLedger(store)), Winners: s.winners,
		Names: people{}, Contacts: people{}, Clock: c, Zone: newYork,
	})
	work, repository := uow.New(outbox.NewOutbox(db), uow.Settings{}), listings.NewListings(store, app.Message)
	s.keep = func(l *builders.Listing) { l.Store(t, work, repository) }

	settings := httpserver.DefaultSettings()
	settings.Addr, settings.Rate = "127.0.0.1:0", httpserver.RateSettings{}
	registry := prometheus.NewRegistry()
	counted, err := metrics.NewHTTP(registry)
	require.NoError(t, err)
	server, err := httpserver.New(httpserver.Parts{
		Settings: settings, Build: httpserver.Build{Version: "test"}, Clock: c, Log: zap.NewNop(), Gatherer: registry,
		Metrics: counted, Routes: []httpserver.Routes{web.NewRoutes("The <House>", sheets)}, Authenticator: roles{},
	})
	require.NoError(t, err)
	require.NoError(t, server.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, server.Stop(context.Background())) })
	s.addr = server.Addr()
	s.client = &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s
}

type roles struct{}

func (roles) Authenticate(_ context.Context, shown identity.Credential) (identity.Caller, error) {
	caller := identity.Caller{ID: uuid.New(), Credential: uuid.New(), Roles: []identity.Role{identity.Member}}
	caller.Roles = append(caller.Roles, identity.Role(shown.Secret))
	return caller, nil
}

// people are all called the same.
type people struct{}

const nasty = `<script>alert("name")</script>`

func (people) Names(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	names := map[uuid.UUID]profilesapi.Name{}
	for _, m := range members {
		names[m] = profilesapi.Name{Handle: "ben", DisplayName: nasty}
	}
	return names, nil
}

func (p people) Contacts(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error) {
	contacts := map[uuid.UUID]profilesapi.Contact{}
	names, _ := p.Names(ctx, members)
	for m, name := range names {
		contacts[m] = profilesapi.Contact{Name: name, Email: "ben@example.org"}
	}
	return contacts, nil
}

// winners can fail, behind what was read.
type winners struct {
	app.Winners
	broken atomic.Bool
}

var errBroken = errors.New("broken")

func (w *winners) Won(ctx context.Context, wanted app.WonRange, now time.Time) ([]app.Win, error) {
	if w.broken.Load() && wanted.After.ID != uuid.Nil {
		return nil, errBroken
	}
	return w.Winners.Won(ctx, wanted, now)
}

// get opens a page as somebody with the role; as a guest without one.
func (s *site) get(path string, role identity.Role) (status int, header http.Header, body string, broken error) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.addr+path, http.NoBody)
	require.NoError(s.t, err)
	if role != "" {
		request.Header.Set("Authorization", "Bearer "+string(role))
	}
	response, err := s.client.Do(request)
	require.NoError(s.t, err)
	read, broken := io.ReadAll(response.Body)
	require.NoError(s.t, response.Body.Close())
	return response.StatusCode, response.Header, string(read), broken
}

// page opens a page as a moderator, and checks that it is one, with all that keeps it safe.
func (s *site) page(path string, want int, title string) string {
	s.t.Helper()
	status, header, body, broken := s.get(path, identity.Moderator)
	require.NoError(s.t, broken)
	require.Equal(s.t, want, status, body)
	require.Equal(s.t, "text/html; charset=utf-8", header.Get("Content-Type"))
	require.Regexp(s.t, `^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$`,
		header.Get("Content-Security-Policy"))
	require.Equal(s.t, "no-store", header.Get("Cache-Control"))
	require.Equal(s.t, "strict-origin", header.Get("Referrer-Policy"))
	require.Contains(s.t, body, "<h1>"+title+"</h1>")
	require.Contains(s.t, body, "The &lt;House&gt;")
	require.NotContains(s.t, body, "<script")
	require.NotContains(s.t, body, "ZgotmplZ")
	require.True(s.t, strings.HasSuffix(body, "</html>\n"))
	return body
}

var sheetPaths = []string{"/sheets", "/sheets/lots", "/sheets/winners", "/sheets/dues", "/sheets/bids?listing=" + uuid.NewString()}

func TestPagesOfSheetsAreForModeratorsAndAdmins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range sheetPaths {
		status, header, body, _ := s.get(path, "")
		require.Equal(t, http.StatusSeeOther, status)
		require.Equal(t, "/sign-in", header.Get("Location"))
		require.Equal(t, "no-store", header.Get("Cache-Control"))
		require.NotContains(t, body, "<table")
		for _, role := range []identity.Role{identity.Member, identity.Agent, identity.Lead} {
			status, _, body, _ = s.get(path, role)
			require.Equal(t, http.StatusForbidden, status, "%s as %s", path, role)
			require.Contains(t, body, "not_permitted")
		}
		status, _, _, _ = s.get(path, identity.Admin)
		require.NotEqual(t, http.StatusForbidden, status, path)
	}
}

func TestSheetsToPrint(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	buyer := uuid.New()
	sold := builders.Draft().At(noon.Add(-time.Hour)).Titled(`<script>alert("title")</script>`).WithBuyNow("60").Published().BoughtBy(buyer)
	open := builders.Draft().At(noon.Add(-time.Hour)).Titled("A lamp").Published().BidBy(uuid.New(), "20").BidBy(buyer, "45.67")
	s.keep(sold)
	s.keep(open)

	asked := s.page("/sheets", http.StatusOK, "Sheets")
	require.Contains(t, asked, `name="from" type="date" value="2026-01-31"`)
	require.Contains(t, asked, `name="to" type="date" value="2026-03-01"`)
	for _, id := range []string{"from", "to", "listing"} {
		require.Contains(t, asked, `<label for="`+id+`">`)
	}

	lots := s.page("/sheets/lots?from=2026-03-01&to=2026-12-31", http.StatusOK, "Lots")
	require.Contains(t, lots, `<caption id="about">Lots, 2026-03-01 to 2026-12-31. Times are in EST. Made 2026-03-01 07:00:00 EST.</caption>`)
	require.Contains(t, lots, `<th scope="col">Title</th>`)
	require.Contains(t, lots, `<th scope="row">`+sold.ID().String()+`</th>`)
	require.Contains(t, lots, `&lt;script&gt;alert(&#34;title&#34;)&lt;/script&gt;`)
	require.Contains(t, lots, `<td class="number">60.00</td>`)
	require.Contains(t, lots, "2026-03-01 06:00:00 EST")
	require.Contains(t, lots, `href="/api/v1/sheets/lots.csv?from=2026-03-01&amp;to=2026-12-31"`)
	require.Contains(t, lots, "A lamp")
	require.NotContains(t, s.page("/sheets/lots?to=2026-02-28", http.StatusOK, "Lots"), "A lamp")

	bids := s.page("/sheets/bids?listing="+open.ID().String(), http.StatusOK, "Bids")
	require.Contains(t, bids, `<td class="number">20.00</td>`, "what lost is public")
	winners := s.page("/sheets/winners", http.StatusOK, "Winners")
	require.Contains(t, winners, "ben@example.org")
	require.Contains(t, winners, "&lt;script&gt;alert(&#34;name&#34;)&lt;/script&gt;")
	dues := s.page("/sheets/dues", http.StatusOK, "Dues")
	require.Contains(t, dues, `<td class="number">60.00</td><td class="number">0.00</td><td>USD</td>`)
	require.NotContains(t, lots+bids+winners+dues, "45.67", "the leader's maximum")
	require.Contains(t, s.page("/sheets/dues?from=2026-01-01&to=2026-01-02", http.StatusOK, "Dues"), "There is nothing to show.")
}

func TestWhatIsWrongWithAPeriodIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	again := s.page("/sheets/lots?from=2026-03-02&to=2026-03-01", http.StatusUnprocessableEntity, "Sheets")
	require.Contains(t, again, `role="alert">The first day, 2026-03-02, comes after the last, 2026-03-01.`)
	require.Contains(t, again, `value="2026-03-02"`)
	again = s.page(`/sheets/dues?from="><script>`, http.StatusUnprocessableEntity, "Sheets")
	require.Contains(t, again, "Write the day like 2026-03-31.")
	for _, listing := range []string{uuid.NewString(), "x", ""} {
		again = s.page("/sheets/bids?listing="+listing, http.StatusNotFound, "Sheets")
		require.Contains(t, again, `role="alert"`)
	}
}

func TestAPageThatBreaksOffIsNotWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range 101 { // more than are read at once
		s.keep(builders.Draft().At(noon.Add(-time.Hour)).WithBuyNow("60").Published().BoughtBy(uuid.New()))
	}
	require.Equal(t, 101, strings.Count(s.page("/sheets/winners", http.StatusOK, "Winners"), "ben@example.org"))
	s.winners.broken.Store(true)
	_, _, body, broken := s.get("/sheets/winners", identity.Moderator)
	require.Error(t, broken, "the reader must notice")
	require.NotContains(t, body, "</html>")
}
