package main

import (
	"net/http"
)

// listingsTable: owner is the seller, bidder has bid wherever there are bids. Nobody but the seller sees a draft.
const listingsTable = `
                                                guest other bidder owner agent lead  mod admin  susp susp-t expired prog no-scope
GET    /api/v1/listings                           200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /api/v1/listings                           401   201    201   201   201  201  201   201   401    401     401  201      403
GET    /api/v1/listings/{id}                      200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /api/v1/listings/{id}                      404   404    404   200   404  404  404   404   404    401     401  200      200 | a draft
PUT    /api/v1/listings/{id}                      401   403    403   200   403  403  403   403   401    401     401  200      403
PUT    /api/v1/listings/{id}                      401   404    404   200   404  404  404   404   401    401     401  200      403 | a draft
PUT    /api/v1/listings/{id}                      401   403    403   409   403  403  403   403   401    401     401  409      403 | with bids
DELETE /api/v1/listings/{id}                      401   404    404   204   404  404  404   404   401    401     401  204      403
DELETE /api/v1/listings/{id}                      401   403    403   409   403  403  403   403   401    401     401  409      403 | published
POST   /api/v1/listings/{id}/publish              401   404    404   200   404  404  404   404   401    401     401  200      403
POST   /api/v1/listings/{id}/publish              401   403    403   409   403  403  403   403   401    401     401  409      403 | published
POST   /api/v1/listings/{id}/additions            401   403    403   200   403  403  403   403   401    401     401  200      403
POST   /api/v1/listings/{id}/additions            401   404    404   409   404  404  404   404   401    401     401  409      403 | a draft
POST   /api/v1/listings/{id}/cancel               401   403    403   200   403  403  200   200   401    401     401  200      403
POST   /api/v1/listings/{id}/cancel               401   403    403   200   403  403  200   200   401    401     401  403      403 | a moderator's token that is not for moderating
POST   /api/v1/listings/{id}/cancel               401   404    404   409   404  404  404   404   401    401     401  409      403 | a draft
POST   /api/v1/listings/{id}/cancel               401   403    403   409   403  403  409   409   401    401     401  409      403 | sold
POST   /api/v1/listings/{id}/cancel-bids          401   403    403   200   403  403  200   200   401    401     401  200      403
POST   /api/v1/listings/{id}/cancel-bids          401   403    403   409   403  403  409   409   401    401     401  409      403 | another listing's bidder
POST   /api/v1/listings/{id}/freeze               401   403    403   403   403  403  200   200   401    401     401  200      403
POST   /api/v1/listings/{id}/freeze               401   403    403   403   403  403  404   404   401    401     401  404      403 | a draft
POST   /api/v1/listings/{id}/unfreeze             401   403    403   403   403  403  200   200   401    401     401  200      403
POST   /api/v1/listings/{id}/unfreeze             401   403    403   403   403  403  409   409   401    401     401  409      403 | not frozen
POST   /api/v1/listings/{id}/relist               401   403    403   201   403  403  403   403   401    401     401  201      403
POST   /api/v1/listings/{id}/relist               401   403    403   409   403  403  403   403   401    401     401  409      403 | open
GET    /api/v1/listings/{id}/bids                 200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /api/v1/listings/{id}/bids                 404   404    404   200   404  404  404   404   404    401     401  200      200 | a draft
POST   /api/v1/listings/{id}/bids                 401   200    200   403   200  200  200   200   401    401     401  200      403
POST   /api/v1/listings/{id}/bids                 401   404    404   409   404  404  404   404   401    401     401  409      403 | a draft
POST   /api/v1/listings/{id}/bids                 401   409    409   409   409  409  409   409   401    401     401  409      403 | frozen
POST   /api/v1/listings/{id}/buy-now              401   200    200   403   200  200  200   200   401    401     401  200      403
POST   /api/v1/listings/{id}/retract              401   409    200   409   409  409  409   409   401    401     401  200      403
GET    /api/v1/listings/{id}/standing             401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/listings/{id}/standing             401   404    404   200   404  404  404   404   401    401     401  200      403 | a draft
GET    /api/v1/me/watches                         401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/listings/{id}/watch                401   404    200   404   404  404  404   404   401    401     401  200      403
PUT    /api/v1/listings/{id}/watch                401   200    200   200   200  200  200   200   401    401     401  200      403
PUT    /api/v1/listings/{id}/watch                401   404    404   404   404  404  404   404   401    401     401  404      403 | a draft
DELETE /api/v1/listings/{id}/watch                401   204    204   204   204  204  204   204   401    401     401  204      403
GET    /api/v1/listings/{id}/log                  200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /api/v1/listings/{id}/log                  404   404    404   404   404  404  404   404   404    401     401  404      404 | a draft
`

var listingsSent = map[string]attempt{
	"GET /api/v1/listings":  {ask: to("/api/v1/listings")},
	"POST /api/v1/listings": {ask: func(*matrix, caller) request { return request{path: "/api/v1/listings", body: chair()} }},

	"GET /api/v1/listings/{id}":                      {ask: on(withBids, "", nil)},
	"GET /api/v1/listings/{id} | a draft":            {ask: on(draft, "", nil)},
	"PUT /api/v1/listings/{id}":                      {ask: on(open, "", chair())},
	"PUT /api/v1/listings/{id} | a draft":            {ask: on(draft, "", chair())},
	"PUT /api/v1/listings/{id} | with bids":          {ask: on(withBids, "", chair())},
	"DELETE /api/v1/listings/{id}":                   {ask: on(draft, "", nil)},
	"DELETE /api/v1/listings/{id} | published":       {ask: on(open, "", nil)},
	"POST /api/v1/listings/{id}/publish":             {ask: on(draft, "/publish", nil)},
	"POST /api/v1/listings/{id}/publish | published": {ask: on(open, "/publish", nil)},
	"POST /api/v1/listings/{id}/additions":           {ask: on(withBids, "/additions", fields{"text": "It creaks."})},
	"POST /api/v1/listings/{id}/additions | a draft": {ask: on(draft, "/additions", fields{"text": "It creaks."})},
	"POST /api/v1/listings/{id}/cancel":              {ask: on(withBids, "/cancel", because)},
	"POST /api/v1/listings/{id}/cancel | a moderator's token that is not for moderating": {
		ask: on(withBids, "/cancel", because), holder: "mod",
	},
	"POST /api/v1/listings/{id}/cancel | a draft": {ask: on(draft, "/cancel", because)},
	"POST /api/v1/listings/{id}/cancel | sold":    {ask: on(sold, "/cancel", because)},
	"POST /api/v1/listings/{id}/cancel-bids": {ask: func(m *matrix, _ caller) request {
		return request{path: withBids(m) + "/cancel-bids", body: m.withdrawing("bidder")}
	}},
	"POST /api/v1/listings/{id}/cancel-bids | another listing's bidder": {ask: func(m *matrix, _ caller) request {
		m.members["other"].bid(m.another(), "30.00").is(http.StatusOK)
		return request{path: withBids(m) + "/cancel-bids", body: m.withdrawing("other")}
	}},
	"POST /api/v1/listings/{id}/freeze":                {ask: on(withBids, "/freeze", because)},
	"POST /api/v1/listings/{id}/freeze | a draft":      {ask: on(draft, "/freeze", because), holder: "mod"},
	"POST /api/v1/listings/{id}/unfreeze":              {ask: on(frozen, "/unfreeze", because)},
	"POST /api/v1/listings/{id}/unfreeze | not frozen": {ask: on(withBids, "/unfreeze", because), holder: "mod"},
	"POST /api/v1/listings/{id}/relist":                {ask: on(sold, "/relist", nil)},
	"POST /api/v1/listings/{id}/relist | open":         {ask: on(open, "/relist", nil)},
	"GET /api/v1/listings/{id}/bids":                   {ask: on(withBids, "/bids", nil)},
	"GET /api/v1/listings/{id}/bids | a draft":         {ask: on(draft, "/bids", nil)},
	"POST /api/v1/listings/{id}/bids":                  {ask: on(withBids, "/bids", fields{"maximum": usd("50.00")})},
	"POST /api/v1/listings/{id}/bids | a draft":        {ask: on(draft, "/bids", fields{"maximum": usd("50.00")})},
	"POST /api/v1/listings/{id}/bids | frozen":         {ask: on(frozen, "/bids", fields{"maximum": usd("50.00")})},
	"POST /api/v1/listings/{id}/buy-now":               {ask: on(open, "/buy-now", nil)},
	"POST /api/v1/listings/{id}/retract":               {ask: on(withBids, "/retract", fields{"reason": "wrong_amount"})},
	"GET /api/v1/listings/{id}/standing":               {ask: on(withBids, "/standing", nil)},
	"GET /api/v1/listings/{id}/standing | a draft":     {ask: on(draft, "/standing", nil)},
	"GET /api/v1/me/watches":                           {ask: to("/api/v1/me/watches")},
	"GET /api/v1/listings/{id}/watch":                  {ask: on(onList, "/watch", nil)},
	"PUT /api/v1/listings/{id}/watch":                  {ask: on(withBids, "/watch", nil), after: unwatch},
	"PUT /api/v1/listings/{id}/watch | a draft":        {ask: on(draft, "/watch", nil)},
	"DELETE /api/v1/listings/{id}/watch":               {ask: on(withBids, "/watch", nil)},
	"GET /api/v1/listings/{id}/log":                    {ask: on(withBids, "/log", nil)},
	"GET /api/v1/listings/{id}/log | a draft":          {ask: on(draft, "/log", nil)},
}

// because is a reason.
var because = fields{"reason": "It is not his."}

// chair is what can be published.
func chair() fields {
	return fields{
		"title": "A blue chair", "start_price": usd("1.00"), "buy_now": usd("90.00"), "duration_seconds": 7 * 24 * 3600,
	}
}

// to asks for what is always there.
func to(path string) func(*matrix, caller) request {
	return func(*matrix, caller) request { return request{path: path} }
}

// on asks for something of the listing that the function prepares.
func on(listing func(*matrix) string, act string, body fields) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request { return request{path: listing(m) + act, body: body} }
}

// draft is the address of one of owner's.
func draft(m *matrix) string {
	return keep(m, "draft", func() string {
		return "/api/v1/listings/" + m.members["owner"].post("/api/v1/listings", chair()).is(http.StatusCreated).text("id")
	})
}

// open is the address of a listing of owner's without bids.
func open(m *matrix) string {
	return keep(m, "open", func() string { return "/api/v1/listings/" + m.members["owner"].sell(chair()) })
}

// withBids is the address of a listing of owner's that bidder has bid on.
func withBids(m *matrix) string {
	return keep(m, "with bids", func() string {
		id := m.members["owner"].sell(chair())
		m.members["bidder"].bid(id, "20.00").is(http.StatusOK)
		return "/api/v1/listings/" + id
	})
}

// unwatch takes what the caller has just watched off his list.
func unwatch(m *matrix, c caller) { c.member.delete(withBids(m) + "/watch") }

// onList is the address of a listing of owner's that bidder watches.
func onList(m *matrix) string {
	return keep(m, "on list", func() string {
		path := "/api/v1/listings/" + m.members["owner"].sell(chair())
		m.members["bidder"].put(path+"/watch", nil).is(http.StatusOK)
		return path
	})
}

// frozen is the address of such a listing that a moderator has frozen.
func frozen(m *matrix) string {
	return keep(m, "frozen", func() string {
		id := m.members["owner"].sell(chair())
		m.members["bidder"].bid(id, "20.00").is(http.StatusOK)
		m.members["mod"].post("/api/v1/listings/"+id+"/freeze", because).is(http.StatusOK)
		return "/api/v1/listings/" + id
	})
}

// sold is the address of a listing of owner's that bidder has bought.
func sold(m *matrix) string {
	return keep(m, "sold", func() string {
		path := "/api/v1/listings/" + m.members["owner"].sell(chair())
		m.members["bidder"].post(path+"/buy-now", nil).is(http.StatusOK)
		return path
	})
}

// another returns the id of another listing of owner's, on which nobody has bid.
func (m *matrix) another() string { return m.members["owner"].sell(chair()) }

// withdrawing is the body that cancels a member's bids.
func (m *matrix) withdrawing(column string) fields {
	return fields{"bidder_id": m.members[column].id, "reason": "He does not pay."}
}
