package main

import "net/http"

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
}
