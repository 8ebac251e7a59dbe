package main

import (
	"net/http"
)

// moderate shows what moderators do to listings and members.
func (m *market) moderate() {
	m.chapter("Mia moderates")
	m.ben.bids(m.radio, "15.00").is(http.StatusOK, "result", "leading")
	freeze := post(m.radio.path("/freeze"), fields{"reason": "Is it stolen?"})
	m.ada.asks("would like to freeze her radio", freeze).refused(http.StatusForbidden, "not_permitted")
	m.mia.asks("freezes the radio without saying why", post(m.radio.path("/freeze"), fields{"reason": ""})).
		refused(http.StatusUnprocessableEntity, "invalid_reason")
	m.mia.asks("freezes it, and says why", freeze).is(http.StatusOK, "status", "open", "frozen", "true")
	m.mia.asks("freezes it again", freeze).refused(http.StatusConflict, "listing_frozen")
	m.cleo.bids(m.radio, "20.00").refused(http.StatusConflict, "listing_frozen")
	m.ada.asks("bids euros on her own frozen radio: the first rule that is broken answers",
		post(m.radio.path("/bids"), fields{"maximum": fields{"amount": "0", "currency": "EUR"}})).
		refused(http.StatusConflict, "listing_frozen")
	m.ben.asks("would retract his bid", post(m.radio.path("/retract"), wrongAmount)).refused(http.StatusConflict, "listing_frozen")
	m.ada.asks("would add to its description", post(m.radio.path("/additions"), fields{"text": "Works."})).
		refused(http.StatusConflict, "listing_frozen")
	m.mia.asks("unfreezes the chair, which is not frozen", post(m.chair.path("/unfreeze"), fields{"reason": "All is well."})).
		refused(http.StatusConflict, "listing_not_frozen")

	m.hugo.bids(m.typewriter, "20.00").is(http.StatusOK, "result", "leading", "price", "10.00 USD")
	m.cleo.bids(m.typewriter, "15.00").is(http.StatusOK, "result", "outbid", "price", "15.50 USD")
	m.mia.asks("suspends hugo", post("/api/v1/members/"+m.hugo.id+"/suspend", fields{"reason": "Rude letters."})).
		is(http.StatusNoContent)
	m.hugo.bids(m.typewriter, "30.00").refused(http.StatusUnauthorized, "sign_in_required")
	m.remark("His sessions have ended, so the rules are not even asked. His bid stands.")
	m.hugo.asks("signs in", post("/api/v1/sessions", fields{"email": m.hugo.email(), "password": password})).
		refused(http.StatusForbidden, "account_suspended")
	m.ada.asks("reads the typewriter", get(m.typewriter.path(""))).
		is(http.StatusOK, "leader_id", m.hugo.id, "price", "15.50 USD")

	m.ben.asks("would read the audit log", get("/api/v1/audit")).refused(http.StatusForbidden, "not_permitted")
	m.founder.asks("reads the audit log, the newest first", get("/api/v1/audit")).
		is(http.StatusOK, "items.0.act", "members.suspend", "items.0.actor_id", m.mia.id, "items.0.reason", "Rude letters.",
			"items.1.act", "listings.freeze", "items.2.act", "members.grant_role")

	m.ben.bids(m.clock, "50.00").is(http.StatusOK, "result", "leading", "why", "reserve_not_met")
	m.ben.bids(m.painting, "50.00").is(http.StatusOK, "result", "leading")
	m.cleo.bids(m.piano, "50.00").is(http.StatusOK, "result", "leading", "price", "10.00 USD")
}
