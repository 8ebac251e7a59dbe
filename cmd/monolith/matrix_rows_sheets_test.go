package main

import "github.com/google/uuid"

// sheetsTable: sheets hold addresses of people, and are for moderators and admins alone.
const sheetsTable = `
                                                guest other bidder owner agent lead  mod admin  susp susp-t expired prog no-scope
GET    /api/v1/sheets/lots.csv                   401   403    403   403   403  403  200   200   401    401     401  200      403
GET    /api/v1/sheets/bids.csv                   401   403    403   403   403  403  200   200   401    401     401  200      403
GET    /api/v1/sheets/winners.csv                401   403    403   403   403  403  200   200   401    401     401  200      403
GET    /api/v1/sheets/dues.csv                   401   403    403   403   403  403  200   200   401    401     401  200      403
GET    /api/v1/sheets/bids.csv                   401   403    403   403   403  403  404   404   401    401     401  404      403 | no such listing
`

var sheetsSent = map[string]attempt{
	"GET /api/v1/sheets/lots.csv":                   {ask: to("/api/v1/sheets/lots.csv?from=2026-02-01&to=2026-03-01")},
	"GET /api/v1/sheets/bids.csv":                   {ask: bidSheet("/api/v1/sheets/bids.csv")},
	"GET /api/v1/sheets/bids.csv | no such listing": {ask: to("/api/v1/sheets/bids.csv?listing=" + uuid.NewString()), holder: "mod"},
	"GET /api/v1/sheets/winners.csv":                {ask: to("/api/v1/sheets/winners.csv")},
	"GET /api/v1/sheets/dues.csv":                   {ask: to("/api/v1/sheets/dues.csv")},
}

// bidSheet asks for the bids on a listing of owner's.
func bidSheet(path string) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request {
		return request{path: path + "?listing=" + keep(m, "sheet", func() string { return m.another() })}
	}
}
