package main

import (
	"net/http"
	"strings"
	"time"
)

// draft shows what sellers do before anybody else sees it.
func (m *market) draft() {
	m.chapter("Ada writes listings")
	chair := content("a blue chair", 24*time.Hour, fields{"currency": "USD", "id": newID()})
	creation := post("/api/v1/listings", chair).key("first-chair")
	m.chair = lot{name: "the chair"}
	made := m.ada.asks("drafts a blue chair, from 10.00 USD, for a day", creation).
		is(http.StatusCreated, "status", "draft", "increment_table.name", "ebay-us-classic")
	m.chair.id = made.text("id")
	m.call(m.chair.id, m.chair.name)
	m.ada.asks("is not sure that it arrived, and sends it again with the same key", creation).
		is(http.StatusCreated, "id", m.chair.id)
	chair["title"] = "a red chair"
	m.ada.asks("sends something else with the same key", post("/api/v1/listings", chair).key("first-chair")).
		refused(http.StatusConflict, "idempotency_conflict")
	m.ada.asks("sends it with a new key and the same id", post("/api/v1/listings", chair).key("red-chair")).
		refused(http.StatusConflict, "listing_exists")
	table := post("/api/v1/listings", content("a table", 24*time.Hour, nil)).key("first-table")
	m.ada.asks("deletes another draft", del("/api/v1/listings/"+m.ada.asks("begins it", table).is(http.StatusCreated).text("id"))).
		is(http.StatusNoContent)
	m.ada.asks("sends it again with the same key", table).refused(http.StatusConflict, "draft_deleted")

	m.ben.asks("looks for it", get(m.chair.path(""))).refused(http.StatusNotFound, "listing_not_found")
	m.ben.bids(m.chair, "10.00").refused(http.StatusNotFound, "listing_not_found")
	m.ben.asks("bids on a listing that there never was", post("/api/v1/listings/"+newID()+"/bids", fields{"maximum": usd("10.00")})).
		refused(http.StatusNotFound, "listing_not_found")

	read := m.ada.asks("reads it", get(m.chair.path(""))).is(http.StatusOK, "title", "a blue chair")
	better := content("a blue chair, hardly used", 24*time.Hour, nil)
	edit := put(m.chair.path(""), better).read(read.header.Get("ETag"))
	m.ada.asks("edits what she has read", edit).is(http.StatusOK, "title", "a blue chair, hardly used")
	better["title"] = "a blue chair, used"
	edit.body = better
	m.ada.asks("edits it again, from what she had read first", edit).refused(http.StatusPreconditionFailed, "version_mismatch")

	m.ada.asks("drafts in a currency that there is not", post("/api/v1/listings", fields{"currency": "XQQ"})).
		refused(http.StatusUnprocessableEntity, "invalid_currency")
	m.ada.asks("drafts with increments that there are not", post("/api/v1/listings", fields{"increment_table": "ebay-mars"})).
		refused(http.StatusUnprocessableEntity, "invalid_increment_table")
	m.ada.asks("drafts with a price in words", post("/api/v1/listings", fields{"start_price": usd("ten")})).
		refused(http.StatusUnprocessableEntity, "amount_malformed")
	m.refuseFields()
}

// refuseFields shows each field that forbids a publication, and then all at once.
func (m *market) refuseFields() {
	past := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	good := content("a teapot", 24*time.Hour, nil)
	pot := m.ada.drafts("drafts a teapot", good)
	with := func(more fields) fields { return content("a teapot", 24*time.Hour, more) }
	tries := []struct {
		what  string
		given fields
		code  string
	}{
		{"without a title", without(good, "title"), "invalid_title"},
		{"with a title in two lines", with(fields{"title": "a tea\npot"}), "invalid_title"},
		{"with a bell in the description", with(fields{"description": "\a"}), "invalid_description"},
		{"without a start price", without(good, "start_price"), "invalid_start_price"},
		{"with a reserve at the start price", with(fields{"reserve": usd("10.00")}), "invalid_reserve"},
		{"with a Buy It Now price below 1.3 times the start price", with(fields{"buy_now": usd("12.99")}), "invalid_buy_now"},
		{"with a Buy It Now price below the reserve", with(fields{"buy_now": usd("20.00"), "reserve": usd("20.01")}), "invalid_buy_now"},
		{"to start an hour ago", with(fields{"starts_at": past}), "invalid_starts_at"},
		{"for 59 minutes and 59 seconds", with(fields{"duration_seconds": 3599}), "invalid_duration"},
		{"for 30 days and a second", with(fields{"duration_seconds": 30*24*3600 + 1}), "invalid_duration"},
		{
			"with a soft close that ends before its extension",
			with(fields{"soft_close": fields{"window_seconds": 600, "extension_seconds": 600, "cap_seconds": 599}}),
			"invalid_soft_close",
		},
	}
	for _, try := range tries {
		m.unpublishable(pot, try.what, try.given).refused(http.StatusUnprocessableEntity, try.code)
	}
	all := m.unpublishable(pot, "with all of that", fields{
		"description": "\a", "reserve": usd("10.00"), "buy_now": usd("9.00"), "starts_at": past, "duration_seconds": 1,
		"soft_close": fields{"window_seconds": 1, "extension_seconds": 2, "cap_seconds": 1},
	})
	all.refused(http.StatusUnprocessableEntity, "invalid_title", "errors", all.text("errors"))
	for _, field := range strings.Fields("title description start_price buy_now starts_at duration soft_close") {
		if !strings.Contains(string(all.body), `"invalid_`+field+`"`) {
			m.fail(all.step, "it does not name %s: %s", field, all.body)
		}
	}
	m.ada.asks("throws the teapot away", del(pot.path(""))).is(http.StatusNoContent)
	m.ada.asks("looks for it", get(pot.path(""))).refused(http.StatusNotFound, "listing_not_found")
}

// unpublishable writes a draft anew and tries to publish it.
func (m *market) unpublishable(l lot, what string, written fields) *answer {
	edited := m.ada.asks("writes "+l.name+" "+what, put(l.path(""), written))
	if edited.status != http.StatusOK {
		m.fail(edited.step, "answered with %d %s", edited.status, edited.body)
	}
	return m.ada.asks("publishes "+l.name+" "+what, post(l.path("/publish"), nil))
}

// publish fills the market.
func (m *market) publish() {
	m.chapter("Ada publishes")
	m.ada.asks("publishes the chair", post(m.chair.path("/publish"), nil)).
		is(http.StatusOK, "status", "open", "price", "10.00 USD", "next_minimum", "10.00 USD")
	m.ada.asks("publishes it again", post(m.chair.path("/publish"), nil)).refused(http.StatusConflict, "already_published")
	m.ada.asks("would like to delete it", del(m.chair.path(""))).refused(http.StatusConflict, "listing_not_draft")
	m.ada.asks("would like to relist it", post(m.chair.path("/relist"), nil)).refused(http.StatusConflict, "listing_not_ended")
	m.ben.asks("would like to call it off", post(m.chair.path("/cancel"), nil)).refused(http.StatusForbidden, "not_owner")
	m.ben.asks("would like to rewrite it", put(m.chair.path(""), content("a bargain", time.Hour, nil))).
		refused(http.StatusForbidden, "not_owner")

	late := fields{"soft_close": fields{"window_seconds": 600, "extension_seconds": 600, "cap_seconds": 3600}}
	m.lamp = m.ada.sells(content("a lamp", 24*time.Hour, fields{"buy_now": usd("50.00")}))
	m.vase = m.ada.sells(content("a vase", 3*24*time.Hour, fields{"buy_now": usd("80.00"), "reserve": usd("60.00")}))
	m.clock = m.ada.sells(content("a clock", 2*time.Hour, fields{"reserve": usd("100.00")}))
	m.bench = m.ada.sells(content("a bench", time.Hour, nil))
	m.radio = m.ada.sells(content("a radio", 2*time.Hour, nil))
	m.piano = m.ada.sells(content("a piano", night+5*time.Minute, late))
	m.painting = m.ada.sells(content("a painting", night+time.Hour, nil))
	m.mirror = m.ada.sells(content("a mirror", 24*time.Hour, nil))
	m.typewriter = m.ada.sells(content("a typewriter", night, nil))

	start := m.server.now().Add(6 * time.Hour).Format(time.RFC3339)
	m.quilt = m.ada.drafts("drafts a quilt that starts in six hours", content("a quilt", 24*time.Hour, fields{"starts_at": start}))
	m.ada.asks("publishes it", post(m.quilt.path("/publish"), nil)).is(http.StatusOK, "status", "scheduled")
	m.ben.bids(m.quilt, "10.00").refused(http.StatusConflict, "listing_not_open")
	kettle := m.ada.drafts("drafts a kettle that starts with it", content("a kettle", 24*time.Hour, fields{"starts_at": start}))
	m.ada.asks("publishes it", post(kettle.path("/publish"), nil)).is(http.StatusOK, "status", "scheduled")
	m.ada.asks("calls it off before it has started", post(kettle.path("/cancel"), nil)).
		is(http.StatusOK, "status", "cancelled")
}
