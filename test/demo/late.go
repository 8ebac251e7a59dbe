package main

import (
	"net/http"
	"time"
)

// tradeLate shows what is different near the end.
func (m *market) tradeLate() {
	m.chapter("Less than twelve hours are left")
	m.ben.asks("would retract his bids on the chair", post(m.chair.path("/retract"), wrongAmount)).
		refused(http.StatusConflict, "too_late_to_retract")
	m.cleo.bids(m.chair, "30.00").is(http.StatusOK, "result", "outbid", "price", "31.00 USD")
	m.cleo.bids(m.chair, "35.00").is(http.StatusOK, "result", "outbid", "price", "36.00 USD")
	m.cleo.asks("retracts the newest only: it is not an hour old", post(m.chair.path("/retract"), wrongAmount)).
		is(http.StatusOK, "bids", "1", "price", "31.00 USD")
	m.ada.asks("would call the chair off", post(m.chair.path("/cancel"), nil)).refused(http.StatusConflict, "too_late_to_cancel")
	m.ada.asks("would make it dearer", put(m.chair.path(""), content("a chair", 24*time.Hour, fields{"start_price": usd("90.00")}))).
		refused(http.StatusConflict, "listing_has_bids")
	m.ada.asks("adds to its description, which is all that she may", post(m.chair.path("/additions"), fields{"text": "It squeaks."})).
		is(http.StatusOK, "additions", "1", "additions.0.text", "It squeaks.")

	m.ada.asks("would call the painting off", post(m.painting.path("/cancel"), nil)).
		refused(http.StatusConflict, "too_late_to_cancel")
	m.mia.asks("calls it off without saying why", post(m.painting.path("/cancel"), nil)).
		refused(http.StatusUnprocessableEntity, "invalid_reason")
	m.mia.asks("calls it off, and says why", post(m.painting.path("/cancel"), fields{"reason": "A forgery."})).
		is(http.StatusOK, "status", "cancelled")

	m.extend()
	m.thaw()
	m.closeByTheClock()
}

// extend shows a soft close.
func (m *market) extend() {
	before := m.ada.reads("reads the piano", m.piano.path("")).time("ends_at")
	bid := m.ben.bids(m.piano, "60.00").is(http.StatusOK, "result", "leading", "price", "51.00 USD")
	if late := bid.time("ends_at"); !late.Equal(bid.time("placed_at").Add(10*time.Minute)) || !late.After(before) {
		m.fail(bid.step, "the end moved from %s to %s", before, late)
	}
	m.remark("That was within ten minutes of the end, so the end moved, to ten minutes after the bid.")
	m.ben.bids(m.piano, "70.00").is(http.StatusOK, "price", "51.00 USD", "ends_at", bid.text("ends_at"))
	m.remark("Raising his own maximum moved nothing.")
}

// thaw shows that a frozen listing outlives its end.
func (m *market) thaw() {
	m.cleo.bids(m.radio, "20.00").refused(http.StatusConflict, "listing_frozen")
	asked := m.server.now()
	thawed := m.mia.asks("unfreezes the radio, whose end has passed long ago",
		post(m.radio.path("/unfreeze"), fields{"reason": "It is hers."})).is(http.StatusOK, "status", "open", "frozen", "false")
	if left := thawed.time("ends_at").Sub(asked); left < 24*time.Hour {
		m.fail(thawed.step, "%s are left, not a day", left)
	}
	m.remark("It goes on for a day from now.")
	m.cleo.bids(m.radio, "20.00").is(http.StatusOK, "result", "leading", "price", "15.50 USD")
}

// closeByTheClock waits for a listing to end while the server runs.
func (m *market) closeByTheClock() {
	reading := m.ada.reads("reads the typewriter", m.typewriter.path(""))
	ends := reading.text("ends_at")
	for end := time.Now().Add(patience); reading.text("status") == "open" && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		reading = m.ada.reads("waits for the typewriter to close", m.typewriter.path(""))
	}
	reading.is(http.StatusOK, "status", "sold", "winner_id", m.hugo.id, "final_price", "15.50 USD", "ends_at", ends)
	m.remark("Hugo is suspended, and has won: an outcome is written once and never changes.")
	m.cleo.bids(m.typewriter, "90.00").refused(http.StatusConflict, "listing_not_open")
}
