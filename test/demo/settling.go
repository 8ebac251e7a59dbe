package main

import (
	"net/http"
	"strings"
)

// settle shows what is left to do once something is sold.
func (m *market) settle() {
	m.chapter("Ada and Ben settle")
	sale := func(l lot, act string) string { return "/api/v1/sales/" + l.id + act }
	m.ben.asks("would say that he has paid for the chair", post(sale(m.chair, "/paid"), nil)).
		refused(http.StatusForbidden, "not_seller")
	handed := m.ada.asks("hands the chair over, and says so", post(sale(m.chair, "/handed-over"), nil)).
		is(http.StatusOK, "status", "owing", "price", "31.00 USD", "contact.handle", "ben", "contact.email", "ben@example.org")
	m.ben.asks("sees how to reach the seller", get(sale(m.chair, ""))).
		is(http.StatusOK, "contact.handle", "ada", "contact.email", "ada@example.org", "pay_by", handed.text("pay_by"))
	m.cleo.asks("looks at what is none of her business", get(sale(m.chair, ""))).refused(http.StatusNotFound, "sale_not_found")
	m.ada.asks("asks for the sale of the bench, which nobody wanted", get(sale(m.bench, ""))).
		refused(http.StatusNotFound, "sale_not_found")
	m.mia.asks("sees the sale, but not how to reach the two", get(sale(m.chair, ""))).is(http.StatusOK, "contact", absent)

	m.ada.asks("marks the chair paid, which was the piano", post(sale(m.chair, "/paid"), nil)).is(http.StatusOK, "status", "handed_over")
	m.ada.asks("takes that back", del(sale(m.chair, "/paid"))).is(http.StatusOK, "status", "owing", "paid_at", absent)
	m.ada.asks("gets the money, and marks it", post(sale(m.chair, "/paid"), nil)).is(http.StatusOK, "status", "handed_over")
	m.ada.asks("would say that he has it", post(sale(m.chair, "/received"), nil)).refused(http.StatusForbidden, "not_buyer")
	m.ben.asks("says that he has it", post(sale(m.chair, "/received"), nil)).is(http.StatusOK, "status", "received")
	m.ada.asks("would take the money back", del(sale(m.chair, "/paid"))).refused(http.StatusConflict, "too_late_to_unmark")

	m.printSheets()
}

// printSheets shows what the house takes along to the evening when things are handed over.
func (m *market) printSheets() {
	m.ada.asks("would like to see who has won what", get("/api/v1/sheets/winners.csv")).refused(http.StatusForbidden, "not_permitted")
	for _, sheet := range []struct{ what, path, holds string }{
		{"downloads the sheet of lots", "lots.csv", m.bench.id},
		{"downloads the bids on the chair", "bids.csv?listing=" + m.chair.id, ",ben,"},
		{"downloads the winners, with their addresses", "winners.csv", ",31.00,USD,ben,"},
		{"downloads what is due", "dues.csv", "ben@example.org"},
	} {
		a := m.mia.asks(sheet.what, get("/api/v1/sheets/"+sheet.path)).is(http.StatusOK)
		if !strings.Contains(string(a.body), sheet.holds) {
			m.fail(sheet.what, "there is no %q in %s", sheet.holds, a.body)
		}
	}
	m.mia.asks("asks for two years at once", get("/api/v1/sheets/dues.csv?from=2024-01-01&to=2025-12-31")).
		refused(http.StatusUnprocessableEntity, "invalid_period")
}
