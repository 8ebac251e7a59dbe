package main

import (
	"net/http"
	"strings"
)

// bid shows proxy bids: who bids names the most that he would pay, and the price rises only as far as it must.
func (m *market) bid() {
	m.chapter("Ben and Cleo bid for the chair")
	guest := m.browser("a guest")
	guest.asks("bids", post(m.chair.path("/bids"), fields{"maximum": usd("10.00")})).
		refused(http.StatusUnauthorized, "sign_in_required")
	m.ben.bids(m.chair, "10.00").is(http.StatusOK, "result", "leading", "price", "10.00 USD", "next_minimum", "10.50 USD")
	m.ben.bids(m.chair, "10.00").refused(http.StatusUnprocessableEntity, "not_above_own_maximum")
	m.cleo.bids(m.chair, "10.49").refused(http.StatusUnprocessableEntity, "bid_too_low", "next_minimum", "10.50 USD")
	m.cleo.bids(m.chair, "25.00").is(http.StatusOK, "result", "leading", "price", "10.50 USD", "own_maximum", "25.00 USD")
	m.ben.asks("asks where he stands", get(m.chair.path("/standing"))).
		is(http.StatusOK, "result", "outbid", "own_maximum", "10.00 USD", "price", "10.50 USD")
	m.ben.bids(m.chair, "20.00").is(http.StatusOK, "result", "outbid", "why", "higher_maximum", "price", "20.50 USD")
	m.ben.bids(m.chair, "25.00").
		is(http.StatusOK, "result", "outbid", "why", "earlier_equal_maximum", "price", "25.00 USD", "next_minimum", "26.00 USD")

	bid := post(m.chair.path("/bids"), fields{"maximum": usd("40.00")}).key("forty")
	placed := m.ben.asks("bids 40.00 USD with an idempotency key", bid).
		is(http.StatusOK, "result", "leading", "price", "26.00 USD")
	m.ben.asks("sends it again, and the answer is the same", bid).is(http.StatusOK, "seq", placed.text("seq"))
	bid.body = fields{"maximum": usd("41.00")}
	m.ben.asks("sends another bid with the same key", bid).refused(http.StatusConflict, "idempotency_conflict")
	m.ben.bids(m.chair, "40.01").is(http.StatusOK, "result", "leading", "price", "26.00 USD", "own_maximum", "40.01 USD")

	m.ada.asks("sees who leads, but not how far he would go", get(m.chair.path("/bids"))).
		is(http.StatusOK, "items", "6", "items.0.bidder_id", m.ben.id, "items.0.maximum", absent, "items.0.price", "26.00 USD")
	page := guest.asks("sees aliases", get(m.chair.path("/bids?limit=3"))).
		is(http.StatusOK, "items", "3", "items.0.bidder_id", absent, "items.0.maximum", absent)
	guest.asks("turns the page, and sees what cleo's maximum was, which the price has reached",
		get(m.chair.path("/bids?limit=3&cursor="+page.text("next_cursor")))).
		is(http.StatusOK, "items", "3", "items.1.maximum", "25.00 USD", "items.0.maximum", absent)
	m.remark("Ben's lower bids stay secret, too, for as long as he leads.")
}

// refuseBids shows the bids that nobody may place.
func (m *market) refuseBids() {
	m.chapter("Bids that are refused")
	m.ada.bids(m.chair, "50.00").refused(http.StatusForbidden, "seller_cannot_bid")
	m.ada.bids(m.chair, "nothing").refused(http.StatusForbidden, "seller_cannot_bid")
	m.remark("Who may not bid at all is told so, whatever he bids.")
	m.ada.asks("blocks gwen", post("/api/v1/me/blocks", fields{"member_id": m.gwen.id})).is(http.StatusCreated)
	m.gwen.bids(m.chair, "50.00").refused(http.StatusForbidden, "bidder_not_eligible")
	m.cleo.asks("bids 50 euros", post(m.chair.path("/bids"), fields{"maximum": fields{"amount": "50.00", "currency": "EUR"}})).
		refused(http.StatusUnprocessableEntity, "currency_mismatch")
	m.cleo.bids(m.chair, "fifty").refused(http.StatusUnprocessableEntity, "amount_malformed")
	m.cleo.bids(m.chair, "5e1").refused(http.StatusUnprocessableEntity, "amount_malformed")
	m.cleo.bids(m.chair, "50.001").refused(http.StatusUnprocessableEntity, "amount_too_precise")
	m.cleo.bids(m.chair, "0.00").refused(http.StatusUnprocessableEntity, "amount_not_positive")
	m.cleo.bids(m.chair, "10000000000000.01").refused(http.StatusUnprocessableEntity, "amount_too_large")
	m.cleo.bids(m.chair, strings.Repeat("9", 100)).refused(http.StatusUnprocessableEntity, "amount_too_large")
	m.cleo.asks("reads the chair, on which none of that has left a trace", get(m.chair.path(""))).
		is(http.StatusOK, "price", "26.00 USD", "bid_count", "6", "leader_id", absent)
}
