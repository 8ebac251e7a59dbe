package main

import "net/http"

// salesTable: owner has sold, bidder has bought. Moderators see a sale, and settle its payment where the seller does not.
const salesTable = `
                                                guest other bidder owner agent lead  mod admin  susp susp-t expired prog no-scope
GET    /api/v1/sales                              401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/sales/{id}                         401   404    200   200   404  404  200   200   401    401     401  200      403
GET    /api/v1/sales/{id}                         401   404    200   200   404  404  200   200   401    401     401  404      403 | a moderator's token that is not for moderating
GET    /api/v1/sales/{id}                         401   404    404   404   404  404  404   404   401    401     401  404      403 | not sold
POST   /api/v1/sales/{id}/paid                    401   404    403   200   404  404  200   200   401    401     401  200      403
POST   /api/v1/sales/{id}/paid                    401   404    404   404   404  404  404   404   401    401     401  404      403 | not sold
DELETE /api/v1/sales/{id}/paid                    401   404    403   200   404  404  200   200   401    401     401  200      403
POST   /api/v1/sales/{id}/handed-over             401   404    403   200   404  404  403   403   401    401     401  200      403
POST   /api/v1/sales/{id}/received                401   404    200   403   404  404  403   403   401    401     401  200      403
`

var salesSent = map[string]attempt{
	"GET /api/v1/sales":      {ask: to("/api/v1/sales?as=buyer")},
	"GET /api/v1/sales/{id}": {ask: on(owing, "", nil)},
	"GET /api/v1/sales/{id} | a moderator's token that is not for moderating": {ask: on(owing, "", nil), holder: "mod"},
	"GET /api/v1/sales/{id} | not sold":                                       {ask: on(unsold, "", nil), holder: "owner"},
	"POST /api/v1/sales/{id}/paid":                                            {ask: on(owing, "/paid", nil)},
	"POST /api/v1/sales/{id}/paid | not sold":                                 {ask: on(unsold, "/paid", nil), holder: "owner"},
	"DELETE /api/v1/sales/{id}/paid":                                          {ask: on(settled, "/paid", nil)},
	"POST /api/v1/sales/{id}/handed-over":                                     {ask: on(owing, "/handed-over", nil)},
	"POST /api/v1/sales/{id}/received":                                        {ask: on(owing, "/received", nil), holder: "bidder"},
}

// owing is the address of the sale of something that bidder has bought of owner. Nobody opens sales here but who asks for
// something to be marked.
func owing(m *matrix) string {
	return keep(m, "owing", func() string { return newSale(m) })
}

// settled is the address of such a sale that owner has marked paid.
func settled(m *matrix) string {
	return keep(m, "settled", func() string {
		path := newSale(m)
		m.members["owner"].post(path+"/paid", nil).is(http.StatusOK)
		return path
	})
}

// unsold is the address that the sale of an open listing of owner's would have.
func unsold(m *matrix) string {
	return keep(m, "unsold", func() string { return "/api/v1/sales/" + m.another() })
}

func newSale(m *matrix) string {
	id := m.another()
	m.members["bidder"].post("/api/v1/listings/"+id+"/buy-now", nil).is(http.StatusOK)
	path := "/api/v1/sales/" + id
	m.members["owner"].post(path+"/paid", nil).is(http.StatusOK)
	m.members["owner"].delete(path + "/paid").is(http.StatusOK)
	return path
}
