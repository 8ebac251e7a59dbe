package rest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func bidOf(amount string) string {
	return `{"maximum": {"amount": "` + amount + `", "currency": "USD"}}`
}

func TestBidsAreAnswered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{StartPrice: usd("10"), Reserve: usd("30")})
	path := listingsPath + "/" + id.String()
	alice, bob := s.signedIn(uuid.New()), s.signedIn(uuid.New())

	require.Equal(t, map[string]any{
		"result": "leading", "why": "reserve_not_met", "price": money("10.00"), "next_minimum": money("11.00"),
		"own_maximum": money("20.00"), "reserve_met": false, "ends_at": "2026-03-08T12:00:00.123456Z", "seq": 3.0,
		"placed_at": "2026-03-01T12:00:00.123456Z",
	}, s.post(path+"/bids", bidOf("20"), alice...).fields(t, http.StatusOK))
	outbid := s.post(path+"/bids", bidOf("15.50"), bob...).fields(t, http.StatusOK)
	require.Equal(t, "outbid", outbid["result"])
	require.Equal(t, "higher_maximum", outbid["why"])
	require.Equal(t, money("16.50"), outbid["price"])

	low := s.post(path+"/bids", bidOf("17"), bob...)
	low.problem(t, http.StatusUnprocessableEntity, "bid_too_low")
	require.Equal(t, money("17.50"), low.fields(t, http.StatusUnprocessableEntity)["next_minimum"])
	for code, body := range map[string]string{
		"not_above_own_maximum": bidOf("20"),
		"amount_malformed":      bidOf("1e3"),
		"amount_too_precise":    bidOf("20.001"),
		"amount_not_positive":   bidOf("0"),
		"amount_too_large":      bidOf("9999999999999999999999"),
		"currency_mismatch":     `{"maximum": {"amount": "20", "currency": "EUR"}}`,
		"invalid_request":       `{"maximum": "20"}`,
	} {
		s.post(path+"/bids", body, alice...).problem(t, http.StatusUnprocessableEntity, code)
	}
	s.post(path+"/bids", bidOf("20")).problem(t, http.StatusUnauthorized, "sign_in_required")
	s.post(listingsPath+"/"+uuid.NewString()+"/bids", bidOf("20"), alice...).problem(t, http.StatusNotFound, "listing_not_found")
	s.clock.Advance(30 * 24 * time.Hour)
	s.post(path+"/bids", bidOf("90"), alice...).problem(t, http.StatusConflict, "listing_not_open")
}

// TestABidIsPlacedOncePerKey sends one bid twenty times at once.
func TestABidIsPlacedOncePerKey(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	path := listingsPath + "/" + id.String()
	me := append(s.signedIn(uuid.New()), "Idempotency-Key", "the bid")
	got := make([]answer, 20)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = s.post(path+"/bids", bidOf("20"), me...) })
	}
	all.Wait()
	for _, a := range got {
		require.Equal(t, got[0].fields(t, http.StatusOK), a.fields(t, http.StatusOK))
	}
	state, err := s.ledger.State(t.Context(), id)
	require.NoError(t, err)
	require.EqualValues(t, 1, state.Bids)
	events, err := s.ledger.Events(t.Context(), id, app.EventRange{Kinds: []domain.EventKind{domain.KindBidPlaced}})
	require.NoError(t, err)
	require.Len(t, events, 1)
	s.post(path+"/bids", bidOf("21"), me...).problem(t, http.StatusConflict, "idempotency_conflict")
	require.NotEmpty(t, s.post(path+"/bids", bidOf("20.0"), me...).fields(t, http.StatusOK), "the same amount, otherwise written")
}

func TestBuyNowEndsAListing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	id := s.publish(seller, domain.Content{BuyNow: usd("50")})
	path := listingsPath + "/" + id.String()
	buyer := uuid.New()
	me := append(s.signedIn(buyer), "Idempotency-Key", "k")
	s.post(path+"/buy-now", "", s.signedIn(seller)...).problem(t, http.StatusForbidden, "seller_cannot_bid")
	bought := s.post(path+"/buy-now", "", me...).fields(t, http.StatusOK)
	require.Equal(t, map[string]any{"price": money("50.00"), "ends_at": "2026-03-01T12:00:00.123456Z", "seq": 3.0}, bought)
	require.Equal(t, bought, s.post(path+"/buy-now", "", me...).fields(t, http.StatusOK))
	s.post(path+"/buy-now", "", s.signedIn(uuid.New())...).problem(t, http.StatusConflict, "listing_not_open")

	require.Equal(t, buyer.String(), s.get(path, me...).fields(t, http.StatusOK)["winner_id"])
	require.Equal(t, buyer.String(), s.get(path, s.signedIn(seller)...).fields(t, http.StatusOK)["winner_id"])
	require.NotContains(t, s.get(path, s.signedIn(uuid.New())...).fields(t, http.StatusOK), "winner_id")
	require.Equal(t, "won", s.get(path+"/standing", me...).fields(t, http.StatusOK)["result"])

	taken := s.publish(seller, domain.Content{BuyNow: usd("50")})
	s.bid(taken, uuid.New(), "5")
	s.post(listingsPath+"/"+taken.String()+"/buy-now", "", me...).problem(t, http.StatusConflict, "idempotency_conflict")
	s.post(listingsPath+"/"+taken.String()+"/buy-now", "", me[:2]...).problem(t, http.StatusConflict, "buy_now_unavailable")
}

func TestBidsAreRetracted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	path := listingsPath + "/" + id.String()
	member := uuid.New()
	me := s.signedIn(member)
	s.post(path+"/retract", `{"reason": "wrong_amount"}`, me...).problem(t, http.StatusConflict, "nothing_to_retract")
	s.bid(id, member, "5")
	s.bid(id, member, "6")
	s.post(path+"/retract", `{"reason": "changed my mind"}`, me...).problem(t, http.StatusUnprocessableEntity, "invalid_reason")
	require.Equal(t, map[string]any{
		"bids": []any{3.0, 4.0}, "price": money("1.00"), "next_minimum": money("1.00"), "reserve_met": true,
		"ends_at": "2026-03-08T12:00:00.123456Z", "seq": 5.0, "at": "2026-03-01T12:00:00.123456Z",
	}, s.post(path+"/retract", `{"reason": "wrong_amount"}`, append(me, "Idempotency-Key", "k")...).fields(t, http.StatusOK))
	s.post(path+"/retract", `{"reason": "seller_unreachable"}`, append(me, "Idempotency-Key", "k")...).
		problem(t, http.StatusConflict, "idempotency_conflict")
}

func TestABidderSeesWhereHeStands(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, member := uuid.New(), uuid.New()
	id := s.publish(seller, domain.Content{})
	path := listingsPath + "/" + id.String()
	me := s.signedIn(member)
	standing := func(headers []string) map[string]any {
		return s.get(path+"/standing", headers...).fields(t, http.StatusOK)
	}
	require.Equal(t, "none", standing(me)["result"])
	s.bid(id, member, "20")
	s.bid(id, uuid.New(), "5")
	own := standing(me)
	require.Equal(t, "leading", own["result"])
	require.Equal(t, money("20.00"), own["own_maximum"])
	require.Equal(t, money("6.00"), own["price"])
	require.InDelta(t, 1, own["live_bids"], 0)
	require.NotContains(t, standing(s.signedIn(seller)), "own_maximum", "the seller is not told the leader's")
	require.NotContains(t, fmt.Sprint(standing(s.signedIn(seller))), "20.00")
	require.Equal(t, "no-store", s.get(path+"/standing", me...).header.Get("Cache-Control"))
	s.get(path+"/standing").problem(t, http.StatusUnauthorized, "sign_in_required")

	bids := s.get(path+"/bids", me...).fields(t, http.StatusOK)["items"].([]any)
	require.Equal(t, money("20.00"), bids[1].(map[string]any)["maximum"], "his own")
	require.Equal(t, member.String(), bids[1].(map[string]any)["bidder_id"])
	require.NotContains(t, bids[0], "bidder_id")
	sellers := s.get(path+"/bids", s.signedIn(seller)...).fields(t, http.StatusOK)["items"].([]any)
	require.NotContains(t, sellers[1], "maximum")
	require.Equal(t, member.String(), sellers[1].(map[string]any)["bidder_id"])
}
