package main

import "net/http"

// wrongAmount is one of the three reasons that there are for a retraction.
var wrongAmount = fields{"reason": "wrong_amount"}

// withdraw shows how bids and listings are taken back.
func (m *market) withdraw() {
	m.chapter("Bids and listings are taken back")
	retraction := post(m.vase.path("/retract"), wrongAmount)
	m.sniper.bids(m.vase, "20.00").is(http.StatusOK, "result", "leading", "why", "reserve_not_met", "reserve_met", "false")
	m.dora.asks("changed her mind, which is no reason", post(m.vase.path("/retract"), fields{"reason": "changed_my_mind"})).
		refused(http.StatusUnprocessableEntity, "invalid_reason")
	m.dora.asks("retracts what her program bid", retraction).is(http.StatusOK, "bids", "1", "price", "10.00 USD")
	m.dora.asks("retracts again", retraction).refused(http.StatusConflict, "nothing_to_retract")
	for range 2 {
		m.dora.bids(m.vase, "20.00").is(http.StatusOK, "result", "leading")
		m.dora.asks("retracts", retraction).is(http.StatusOK, "bids", "1")
	}
	m.dora.bids(m.vase, "20.00").is(http.StatusOK, "result", "leading")
	m.dora.asks("would retract for the fourth time", retraction).refused(http.StatusConflict, "too_many_retractions")

	m.eli.bids(m.vase, "30.00").is(http.StatusOK, "result", "leading", "price", "20.50 USD")
	cancellation := func(reason string) request {
		return post(m.vase.path("/cancel-bids"), fields{"bidder_id": m.eli.id, "reason": reason})
	}
	m.ben.asks("would like to cancel eli's bids", cancellation("In my way.")).refused(http.StatusForbidden, "not_owner")
	m.ada.asks("cancels them without saying why", cancellation("")).refused(http.StatusUnprocessableEntity, "invalid_reason")
	m.ada.asks("cancels them, and says why", cancellation("Never pays.")).
		is(http.StatusOK, "bids", "1", "price", "10.00 USD", "next_minimum", "10.50 USD")
	m.ada.asks("cancels them again", cancellation("Never pays.")).refused(http.StatusConflict, "nothing_to_cancel")
	m.eli.bids(m.vase, "30.00").refused(http.StatusForbidden, "bidder_not_eligible")
	m.eli.asks("asks where he stands", get(m.vase.path("/standing"))).is(http.StatusOK, "result", "none", "excluded", "true")

	m.ben.bids(m.mirror, "12.00").is(http.StatusOK, "result", "leading")
	m.ada.asks("calls the mirror off, with a day to the end", post(m.mirror.path("/cancel"), fields{"reason": "It broke."})).
		is(http.StatusOK, "status", "cancelled")
	m.ben.bids(m.mirror, "13.00").refused(http.StatusConflict, "listing_not_open")
}

// buy shows Buy It Now, which goes with the first bid and comes back when that goes.
func (m *market) buy() {
	m.chapter("Cleo buys the lamp")
	purchase := post(m.lamp.path("/buy-now"), nil)
	m.cleo.asks("would buy the chair, which has no such price", post(m.chair.path("/buy-now"), nil)).
		refused(http.StatusConflict, "buy_now_unavailable")
	m.ada.asks("would buy her own lamp", purchase).refused(http.StatusForbidden, "seller_cannot_bid")
	m.ben.bids(m.lamp, "10.00").is(http.StatusOK, "result", "leading")
	m.cleo.asks("would buy the lamp", purchase).refused(http.StatusConflict, "buy_now_unavailable")
	m.ben.asks("retracts his bid on it", post(m.lamp.path("/retract"), wrongAmount)).is(http.StatusOK, "bids", "1")
	m.cleo.asks("buys the lamp", purchase).is(http.StatusOK, "price", "50.00 USD")
	m.cleo.asks("reads it", get(m.lamp.path(""))).
		is(http.StatusOK, "status", "sold", "final_price", "50.00 USD", "winner_id", m.cleo.id)
	m.ben.asks("would buy it, too", purchase).refused(http.StatusConflict, "listing_not_open")

	m.remark("The vase has a bid and a reserve that is not met: it can still be bought at once.")
	m.ben.asks("reads the vase", get(m.vase.path(""))).
		is(http.StatusOK, "buy_now", "80.00 USD", "reserve_met", "false", "reserve", absent)
	m.ben.bids(m.vase, "60.00").is(http.StatusOK, "result", "leading", "price", "60.00 USD", "reserve_met", "true")
	m.cleo.asks("would buy it", post(m.vase.path("/buy-now"), nil)).refused(http.StatusConflict, "buy_now_unavailable")
}
