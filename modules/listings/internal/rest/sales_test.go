package rest_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/rest"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// contacts know how to reach some.
type contacts map[uuid.UUID]profilesapi.Contact

func (c contacts) Contacts(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error) {
	found := map[uuid.UUID]profilesapi.Contact{}
	for _, m := range members {
		if contact, known := c[m]; known {
			found[m] = contact
		}
	}
	return found, nil
}

func (s *site) saleUseCases(work *uow.Work, store *listings.Store, db *memory.Database) rest.SaleUseCases {
	desk := app.NewSaleDesk(app.SaleDeskParts{
		Work: work, Listings: listings.NewListings(store, app.Message), Sales: s.sales, Words: app.Words{Zone: time.UTC}, Acts: s.acts,
		Terms:   domain.SaleTerms{PayWithin: 7 * 24 * time.Hour, RemindBefore: 2 * 24 * time.Hour, Grace: 3 * 24 * time.Hour},
		Answers: idempotency.NewKeys(answers.NewAnswers(db), s.clock), Clock: s.clock,
	})
	return rest.SaleUseCases{
		OwnSales: app.NewOwnSales(listings.NewSaleViews(store), s.contacts),
		MarkPaid: app.NewMarkPaid(desk), UnmarkPaid: app.NewUnmarkPaid(desk),
		MarkHandedOver: app.NewMarkHandedOver(desk), MarkReceived: app.NewMarkReceived(desk),
	}
}

// sell returns the address of the sale of what the buyer has just bought of the seller.
func (s *site) sell(seller, buyer uuid.UUID) (path string, listing uuid.UUID) {
	s.t.Helper()
	listing = s.publish(seller, domain.Content{Title: "A chair", BuyNow: usd("20")})
	_, err := app.NewBuyNow(s.market, app.Everyone{}).Do(s.t.Context(), app.BuyNowCommand{Listing: listing, Buyer: buyer})
	require.NoError(s.t, err)
	return "/api/v1/sales/" + listing.String(), listing
}

func TestASaleIsSettled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, buyer := uuid.New(), uuid.New()
	s.contacts[seller] = profilesapi.Contact{Name: profilesapi.Name{Handle: "ada", DisplayName: "Ada"}, Email: "ada@example.org"}
	s.contacts[buyer] = profilesapi.Contact{Name: profilesapi.Name{Handle: "ben", DisplayName: "Ben"}}
	ada, ben := s.signedIn(seller), s.signedIn(buyer)
	path, listing := s.sell(seller, buyer)
	handed := s.post(path+"/handed-over", "", ada...).fields(t, http.StatusOK)
	require.Equal(t, map[string]any{
		"listing_id": listing.String(), "title": "A chair", "seller_id": seller.String(), "buyer_id": buyer.String(),
		"price": money("20.00"), "status": "owing", "sold_at": "2026-03-01T12:00:00.123456Z", "pay_by": "2026-03-08T12:00:00.123456Z",
		"handed_over_at": "2026-03-01T12:00:00.123456Z", "contact": map[string]any{"handle": "ben", "display_name": "Ben"},
	}, handed)
	read := s.get(path, ada...)
	require.Equal(t, "no-store", read.header.Get("Cache-Control"), "it has an address")
	tag := read.header.Get("ETag")
	require.Equal(t, http.StatusNotModified, s.get(path, append(ada, "If-None-Match", tag)...).status)
	seen := s.get(path, ben...).fields(t, http.StatusOK)
	require.Equal(t, map[string]any{"handle": "ada", "display_name": "Ada", "email": "ada@example.org"}, seen["contact"])

	s.post(path+"/paid", "", ben...).problem(t, http.StatusForbidden, "not_seller")
	s.post(path+"/received", "", ada...).problem(t, http.StatusForbidden, "not_buyer")
	require.Equal(t, "owing", s.post(path+"/received", "", ben...).fields(t, http.StatusOK)["status"], "owing until it is paid")
	s.post(path+"/paid", "", append(ada, "If-Match", tag)...).problem(t, http.StatusPreconditionFailed, "version_mismatch")
	tag = s.get(path, ada...).header.Get("ETag")
	paid := s.post(path+"/paid", "", append(ada, "If-Match", tag)...)
	require.Equal(t, "received", paid.fields(t, http.StatusOK)["status"])
	require.Equal(t, paid.header.Get("ETag"), s.get(path, ada...).header.Get("ETag"))
	s.send(http.MethodDelete, path+"/paid", "", ada...).problem(t, http.StatusConflict, "too_late_to_unmark")
}

func TestAPaymentIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	ada := s.signedIn(seller)
	path, _ := s.sell(seller, uuid.New())
	keyed := append(ada, "Idempotency-Key", "k")
	for range 2 {
		require.Equal(t, "paid", s.post(path+"/paid", "", keyed...).fields(t, http.StatusOK)["status"])
	}
	require.Equal(t, "owing", s.send(http.MethodDelete, path+"/paid", "", ada...).fields(t, http.StatusOK)["status"])
	require.Equal(t, "owing", s.send(http.MethodDelete, path+"/paid", "", ada...).fields(t, http.StatusOK)["status"], "there is nothing to take back")
	read := append(ada, "Idempotency-Key", "as read", "If-Match", s.get(path, ada...).header.Get("ETag"))
	for range 2 {
		require.Equal(t, "paid", s.post(path+"/paid", "", read...).fields(t, http.StatusOK)["status"], "what is repeated was right when it was asked")
	}
	other, _ := s.sell(seller, uuid.New())
	s.post(other+"/paid", "", keyed...).problem(t, http.StatusConflict, "idempotency_conflict")
}

func TestSalesAreNobodyElses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, buyer, keeper := uuid.New(), uuid.New(), uuid.New()
	s.contacts[seller] = profilesapi.Contact{Email: "canary@example.org"}
	s.contacts[buyer] = s.contacts[seller]
	path, _ := s.sell(seller, buyer)
	s.post(path+"/handed-over", "", s.signedIn(seller)...)
	s.get(path, s.signedIn(uuid.New())...).problem(t, http.StatusNotFound, "sale_not_found")
	s.get(path).problem(t, http.StatusUnauthorized, "sign_in_required")
	shown := s.get(path, s.signedIn(keeper, identity.Moderator)...)
	require.NotContains(t, shown.fields(t, http.StatusOK), "contact")
	require.NotContains(t, shown.body, "canary")
	program := identity.Caller{ID: keeper, Roles: []identity.Role{identity.Member, identity.Moderator}, Token: true, Scopes: []string{listingsapi.Settle.Name()}}
	s.get(path, s.caller(program)...).problem(t, http.StatusNotFound, "sale_not_found")
	require.Equal(t, "handed_over", s.post(path+"/paid", "", s.signedIn(keeper, identity.Moderator)...).fields(t, http.StatusOK)["status"])
}

func TestSalesAreListed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me := uuid.New()
	ada := s.signedIn(me)
	var paths []string
	for range 3 {
		path, _ := s.sell(me, uuid.New())
		s.post(path+"/handed-over", "", ada...)
		paths = append(paths, path)
	}
	s.post(paths[1]+"/paid", "", ada...)
	items := func(query string) []any {
		t.Helper()
		answer := s.get("/api/v1/sales?"+query, ada...)
		require.Equal(t, "no-store", answer.header.Get("Cache-Control"))
		return answer.fields(t, http.StatusOK)["items"].([]any)
	}
	require.Len(t, items("as=seller"), 3)
	require.Empty(t, items("as=buyer"))
	require.Len(t, items("as=seller&status=owing&status=overdue"), 2)
	require.Len(t, items("as=seller&status=handed_over"), 1)
	page := s.get("/api/v1/sales?as=seller&limit=2", ada...).fields(t, http.StatusOK)
	require.Len(t, page["items"], 2)
	require.Len(t, items("as=seller&limit=2&cursor="+page["next_cursor"].(string)), 1)
	s.get("/api/v1/sales?as=buyer&cursor="+page["next_cursor"].(string), ada...).problem(t, http.StatusBadRequest, "invalid_cursor")
	s.get("/api/v1/sales", ada...).problem(t, http.StatusUnprocessableEntity, "invalid_request")
	s.get("/api/v1/sales?as=moderator", ada...).problem(t, http.StatusUnprocessableEntity, "invalid_request")
}
