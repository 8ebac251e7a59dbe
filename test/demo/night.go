package main

import (
	"net/http"
	"time"
)

// night is how long nobody looks: so long that less than 12 hours are left of a day.
const night = 13 * time.Hour

// margin is how long before its end the typewriter is found in the morning: so long that the server can be started.
const margin = 8 * time.Second

// passTheNight stops the server and starts it when the typewriter is about to close, and shows what time has done.
func (m *market) passTheNight() {
	m.chapter("The night passes")
	ends := m.ada.reads("reads the typewriter", m.typewriter.path("")).time("ends_at")
	m.restart(time.Until(ends) - margin)
	m.ben.asks("is still signed in", get("/api/v1/me")).is(http.StatusOK, "handle", "ben")
	m.ada.asks("reads the bench, which nobody wanted", get(m.bench.path(""))).is(http.StatusOK, "status", "unsold_no_bids")
	m.ada.asks("reads the clock, whose reserve was not met", get(m.clock.path(""))).
		is(http.StatusOK, "status", "unsold_reserve", "final_price", absent)
	m.cleo.bids(m.clock, "200.00").refused(http.StatusConflict, "listing_not_open")
	m.ada.asks("tries again with the bench", post(m.bench.path("/relist"), nil)).
		is(http.StatusCreated, "status", "draft", "relisted_from", m.bench.id)
	m.ada.asks("reads the quilt, which has started", get(m.quilt.path(""))).is(http.StatusOK, "status", "open")
	m.ben.bids(m.quilt, "10.00").is(http.StatusOK, "result", "leading")
}

// passTheDay stops the server and starts it when the chair has closed.
func (m *market) passTheDay() {
	m.chapter("The day passes")
	m.restart(m.server.ahead + 12*time.Hour)
	m.ada.asks("reads the chair, and sees who has won", get(m.chair.path(""))).
		is(http.StatusOK, "status", "sold", "winner_id", m.ben.id, "final_price", "31.00 USD")
	m.ben.asks("asks where he stands", get(m.chair.path("/standing"))).
		is(http.StatusOK, "result", "won", "own_maximum", "40.01 USD")
	m.cleo.asks("asks where she stands", get(m.chair.path("/standing"))).is(http.StatusOK, "result", "lost")
	m.browser("a guest").asks("sees an alias", get(m.chair.path(""))).
		is(http.StatusOK, "final_price", "31.00 USD", "winner_id", absent)
	m.ada.asks("reads the piano", get(m.piano.path(""))).is(http.StatusOK, "status", "sold", "winner_id", m.ben.id)
	m.ada.asks("reads the radio, which got a day more", get(m.radio.path(""))).is(http.StatusOK, "status", "open")
}

// restart stops the server and runs it with its clock ahead.
func (m *market) restart(ahead time.Duration) {
	ahead = ahead.Truncate(time.Second)
	m.must("stop the server", m.server.stop())
	m.must("make run", m.server.start(m.ctx, ahead))
	m.step("the server is stopped, and started with its clock "+ahead.String()+" ahead", "ready at "+m.server.base)
}
