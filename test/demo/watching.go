package main

import "net/http"

// watch shows watch lists: what one has an eye on.
func (m *market) watch() {
	m.chapter("Dora keeps an eye on the chair")
	watch := m.chair.path("/watch")
	m.browser("a guest").asks("would like to watch the chair", put(watch, nil)).
		refused(http.StatusUnauthorized, "sign_in_required")
	m.dora.asks("asks whether she watches it", get(watch)).refused(http.StatusNotFound, "not_watched")
	since := m.dora.asks("watches the chair", put(watch, nil)).is(http.StatusOK, "listing_id", m.chair.id).text("since")
	m.dora.asks("watches it once more, which changes nothing", put(watch, nil)).is(http.StatusOK, "since", since)
	m.dora.asks("reads her watch list", get("/api/v1/me/watches")).
		is(http.StatusOK, "items", "1", "items.0.listing.id", m.chair.id, "items.0.since", since)
	m.cleo.asks("reads hers, which is another one", get("/api/v1/me/watches")).is(http.StatusOK, "items", "0")
	m.dora.asks("has seen enough", del(watch)).is(http.StatusNoContent)
	m.dora.asks("has seen enough once more", del(watch)).is(http.StatusNoContent)
	m.dora.asks("reads her watch list", get("/api/v1/me/watches")).is(http.StatusOK, "items", "0")
}
