package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestBidsAreShownUnderAliases(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, first, second, leader := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	id := s.publish(seller, domain.Content{Title: "A chair"})
	s.bid(id, first, "5")
	s.clock.Advance(time.Second)
	s.bid(id, second, "8")
	s.clock.Advance(time.Second)
	s.bid(id, leader, "20")
	retract := app.NewRetractBids(s.market, s.allowances)
	_, err := retract.Do(t.Context(), app.RetractBidsCommand{Listing: id, Bidder: second, Reason: domain.ReasonWrongAmount})
	require.NoError(t, err)
	cancel := app.NewCancelBids(s.market)
	_, err = cancel.Do(t.Context(), app.CancelBidsCommand{Listing: id, Bidder: first, By: domain.Actor{ID: seller}, Reason: "has no money"})
	require.NoError(t, err)
	state, err := s.ledger.State(t.Context(), id)
	require.NoError(t, err)
	alias := func(member uuid.UUID) string { return state.Secret.AliasOf(member).String() }

	require.JSONEq(t, `{"items": [
		{"seq": 5, "bidder": "`+alias(leader)+`", "placed_at": "2026-03-01T12:00:02.123456Z",
			"price": {"amount": "9.00", "currency": "USD"}, "status": "live"},
		{"seq": 4, "bidder": "`+alias(second)+`", "placed_at": "2026-03-01T12:00:01.123456Z",
			"price": {"amount": "6.00", "currency": "USD"}, "status": "retracted", "reason": "`+string(domain.ReasonWrongAmount)+`"},
		{"seq": 3, "bidder": "`+alias(first)+`", "placed_at": "2026-03-01T12:00:00.123456Z",
			"price": {"amount": "1.00", "currency": "USD"}, "status": "cancelled"}
	]}`, s.get("/api/v1/listings/"+id.String()+"/bids").body)
}

func TestBidsArePaged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, other := s.publish(uuid.New(), domain.Content{}), s.publish(uuid.New(), domain.Content{})
	for _, maximum := range []string{"5", "10", "15"} {
		s.bid(id, uuid.New(), maximum)
		s.bid(other, uuid.New(), maximum)
	}
	var page struct {
		Items []struct {
			Seq int64 `json:"seq"`
		} `json:"items"`
		NextCursor string `json:"next_cursor"`
	}
	s.read("/api/v1/listings/"+id.String()+"/bids?limit=2", &page)
	require.Len(t, page.Items, 2)
	require.EqualValues(t, 5, page.Items[0].Seq)
	require.EqualValues(t, 4, page.Items[1].Seq)

	s.get("/api/v1/listings/"+other.String()+"/bids?cursor="+page.NextCursor).problem(t, http.StatusBadRequest, "invalid_cursor")
	var list titles
	s.read("/api/v1/listings?limit=1", &list)
	s.get("/api/v1/listings/"+id.String()+"/bids?cursor="+list.NextCursor).problem(t, http.StatusBadRequest, "invalid_cursor")

	s.bid(id, uuid.New(), "40")
	next := page.NextCursor
	page.Items, page.NextCursor = nil, ""
	s.read("/api/v1/listings/"+id.String()+"/bids?limit=2&cursor="+next, &page)
	require.Len(t, page.Items, 1, "a bid that comes meanwhile moves nothing")
	require.EqualValues(t, 3, page.Items[0].Seq)
	require.Empty(t, page.NextCursor)
}
