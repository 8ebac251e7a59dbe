package rest_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// Names calls those whom the contacts know.
func (c contacts) Names(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	names := map[uuid.UUID]profilesapi.Name{}
	for _, m := range members {
		if contact, known := c[m]; known {
			names[m] = contact.Name
		}
	}
	return names, nil
}

// berlin has a time zone of its own: 2026-03-01 begins an hour before it does in UTC.
var berlin = time.FixedZone("CET", 3600)

func (s *site) sheets(store *listings.Store) *app.Sheets {
	return app.NewSheets(app.SheetParts{
		Views: s.views, Bids: app.NewBidHistory(s.ledger), Winners: listings.NewWinners(store), Names: s.contacts,
		Contacts: s.contacts, Clock: s.clock, Zone: berlin,
	})
}

// sheet downloads a sheet and returns its rows.
func (s *site) sheet(path string, headers ...string) [][]string {
	s.t.Helper()
	a := s.get("/api/v1/sheets/"+path, headers...)
	require.NoError(s.t, a.broken)
	require.Equal(s.t, http.StatusOK, a.status, a.body)
	require.Equal(s.t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
	require.Regexp(s.t, `^attachment; filename="[a-z0-9-]+\.csv"$`, a.header.Get("Content-Disposition"))
	require.Equal(s.t, "no-store", a.header.Get("Cache-Control"))
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	require.NoError(s.t, err)
	return rows
}

func TestSheetsForASpreadsheet(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, buyer := uuid.New(), uuid.New()
	s.contacts[seller] = profilesapi.Contact{Name: profilesapi.Name{Handle: "ada", DisplayName: "Ada"}, Email: "ada@example.org"}
	s.contacts[buyer] = profilesapi.Contact{Name: profilesapi.Name{Handle: "ben", DisplayName: "=cmd|' /C calc'!A0"}, Email: "ben@example.org"}
	mod := s.signedIn(uuid.New(), identity.Moderator)
	_, sold := s.sell(seller, buyer)
	open := s.publish(seller, domain.Content{Title: "=HYPERLINK(\"http://example.org\")"})
	s.draft(seller, domain.Content{Title: "A draft"})
	s.bid(open, buyer, "5")

	require.Equal(t, [][]string{
		{"id", "title", "seller", "start_price", "price", "currency", "state", "starts_at", "ends_at", "bids"},
		{sold.String(), "A chair", "ada", "1.00", "20.00", "USD", "sold", "2026-03-01T12:00:00.123456Z", "2026-03-01T12:00:00.123456Z", "0"},
		{open.String(), "'=HYPERLINK(\"http://example.org\")", "ada", "1.00", "1.00", "USD", "open", "2026-03-01T12:00:00.123456Z", "2026-03-08T12:00:00.123456Z", "1"},
	}, s.sheet("lots.csv?to=2026-03-08", mod...))
	require.Len(t, s.sheet("lots.csv", mod...), 2, "the last 30 days")
	require.Equal(t, [][]string{
		{"seq", "at", "bidder", "amount", "price", "currency", "standing"},
		{"3", "2026-03-01T12:00:00.123456Z", "ben", "", "1.00", "USD", "live"},
	}, s.sheet("bids.csv?listing="+open.String(), mod...))
	require.Equal(t, [][]string{
		{"listing", "title", "price", "currency", "winner", "display_name", "email", "sold_at", "paid_at", "handed_over_at", "received_at"},
		{sold.String(), "A chair", "20.00", "USD", "ben", "'=cmd|' /C calc'!A0", "ben@example.org", "2026-03-01T12:00:00.123456Z", "", "", ""},
	}, s.sheet("winners.csv", mod...))
	require.Equal(t, [][]string{
		{"buyer", "display_name", "email", "count", "owing", "paid", "currency"},
		{"ben", "'=cmd|' /C calc'!A0", "ben@example.org", "1", "20.00", "0.00", "USD"},
	}, s.sheet("dues.csv?from=2026-03-01&to=2026-03-01", mod...))
	require.Len(t, s.sheet("dues.csv?from=2026-02-01&to=2026-02-28", mod...), 1)

	s.get("/api/v1/sheets/lots.csv?from=2026-03-02&to=2026-03-01", mod...).problem(t, http.StatusUnprocessableEntity, "invalid_period")
	s.get("/api/v1/sheets/lots.csv?from=2025-01-01&to=2026-01-02", mod...).problem(t, http.StatusUnprocessableEntity, "invalid_period")
	require.Equal(t, http.StatusUnprocessableEntity, s.get("/api/v1/sheets/lots.csv?from=yesterday", mod...).status)
	s.get("/api/v1/sheets/bids.csv?listing="+uuid.NewString(), mod...).problem(t, http.StatusNotFound, "listing_not_found")
}

func TestThePeriodOfASheetBeginsInTheSitesTimeZone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.signedIn(uuid.New(), identity.Admin)
	s.clock.Advance(time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC).Sub(noon) - time.Microsecond)
	_, evening := s.sell(uuid.New(), uuid.New())
	s.clock.Advance(time.Microsecond)
	_, midnight := s.sell(uuid.New(), uuid.New())
	for _, sheet := range []string{"lots.csv", "winners.csv"} {
		rows := s.sheet(sheet+"?from=2026-03-01&to=2026-03-01", admin...)
		require.Len(t, rows, 2)
		require.Equal(t, evening.String(), rows[1][0])
		rows = s.sheet(sheet+"?from=2026-03-02&to=2026-03-02", admin...)
		require.Len(t, rows, 2)
		require.Equal(t, midnight.String(), rows[1][0])
	}
}

func TestSheetsAreForModeratorsAndAdmins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, listing := s.sell(uuid.New(), uuid.New())
	mod := identity.Caller{ID: uuid.New(), Roles: []identity.Role{identity.Member, identity.Moderator}, Credential: uuid.New(), Token: true}
	for _, path := range []string{"lots.csv", "bids.csv?listing=" + listing.String(), "winners.csv", "dues.csv"} {
		path = "/api/v1/sheets/" + path
		s.get(path).problem(t, http.StatusUnauthorized, "sign_in_required")
		s.get(path, s.signedIn(uuid.New())...).problem(t, http.StatusForbidden, "not_permitted")
		s.get(path, s.signedIn(uuid.New(), identity.Agent)...).problem(t, http.StatusForbidden, "not_permitted")
		mod.Scopes = []string{listingsapi.Moderate.Name()}
		s.get(path, s.caller(mod)...).problem(t, http.StatusForbidden, "missing_scope")
		mod.Scopes = []string{listingsapi.Sheets.Name()}
		require.Equal(t, http.StatusOK, s.get(path, s.caller(mod)...).status)
		require.Equal(t, http.StatusOK, s.get(path, s.signedIn(uuid.New(), identity.Admin)...).status)
	}
}

func TestASheetThatBreaksOffIsNotWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	mod := s.signedIn(uuid.New(), identity.Moderator)
	id := s.publish(uuid.New(), domain.Content{})
	for i := range 150 { // more than are read at once
		s.bid(id, uuid.New(), domain.Money{Minor: int64(1000 + 1000*i), Currency: domain.Currency{Code: "USD", Digits: 2}}.Decimal())
	}
	path := "bids.csv?listing=" + id.String()
	rows := s.sheet(path, mod...)
	require.Len(t, rows, 151)
	require.Equal(t, "152", rows[1][0], "the newest first")
	require.Equal(t, "3", rows[150][0])
	s.ledger.failBefore.Store(60)
	require.Error(t, s.get("/api/v1/sheets/"+path, mod...).broken, "the client must notice")
}
