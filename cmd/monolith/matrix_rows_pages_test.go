package main

import (
	"net/url"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// pagesTable is what is beside the API. Pages lead guests to signing in; probes and metrics look at no member's
// credentials at all.
const pagesTable = `
                                                guest other bidder owner agent lead  mod admin  susp susp-t expired prog no-scope
GET    /healthz                                   200   200    200   200   200  200  200   200   200    200     200  200      200
GET    /readyz                                    200   200    200   200   200  200  200   200   200    200     200  200      200
GET    /metrics                                   401   401    401   401   401  401  401   401   401    401     401  401      401
GET    /metrics                                   200   200    200   200   200  200  200   200   200    200     200  200      200 | with the token of metrics.token
GET    /version                                   200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /api/openapi.json                          200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /api/docs                                  200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /register                                  200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /register                                  303   303    303   303   303  303  303   303   303    401     401  303      303
GET    /verify                                    200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /verify                                    303   303    303   303   303  303  303   303   303    401     401  303      303
GET    /verify-again                              200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /verify-again                              303   303    303   303   303  303  303   303   303    401     401  303      303
GET    /change-email                              200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /change-email                              303   303    303   303   303  303  303   303   303    401     401  303      303
GET    /reset                                     200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /reset                                     303   303    303   303   303  303  303   303   303    401     401  303      303
GET    /sign-in                                   200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /sign-in                                   303   303    303   303   303  303  303   303   303    401     401  303      303
GET    /account                                   303   200    200   200   200  200  200   200   303    401     401  200      403
GET    /sheets                                   303   403    403   403   403  403  200   200   303    401     401  200      403
GET    /sheets/lots                              303   403    403   403   403  403  200   200   303    401     401  200      403
GET    /sheets/bids                              303   403    403   403   403  403  200   200   303    401     401  200      403
GET    /sheets/winners                           303   403    403   403   403  403  200   200   303    401     401  200      403
GET    /sheets/dues                              303   403    403   403   403  403  200   200   303    401     401  200      403
POST   /sign-out                                  303   303    303   303   303  303  303   303   303    401     401  403      403
GET    /unsubscribe                               200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /unsubscribe                               200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /unsubscribe                               409   409    409   409   409  409  409   409   409    401     401  409      409 | a token that was mailed for a new password
GET    /setup                                     200   409    409   409   409  409  409   409   409    401     401  409      409
POST   /setup                                     303   403    403   403   403  403  403   403   403    401     401  403      403
`

var pagesSent = map[string]attempt{
	"GET /healthz": {ask: to("/healthz")},
	"GET /readyz":  {ask: to("/readyz")},
	"GET /metrics": {ask: to("/metrics")},
	"GET /metrics | with the token of metrics.token": {
		ask: func(*matrix, caller) request { return request{path: "/metrics", bearer: matrixMetricsToken} },
	},
	"GET /version":          {ask: to("/version")},
	"GET /api/openapi.json": {ask: to("/api/openapi.json")},
	"GET /api/docs":         {ask: to("/api/docs")},
	"GET /register":         {ask: to("/register")},
	"POST /register": {ask: func(m *matrix, _ caller) request {
		handle := m.name()
		return request{path: "/register", form: form("email", handle+"@example.org", "handle", handle, "password", password)}
	}},
	"GET /verify": {ask: func(m *matrix, _ caller) request { return request{path: "/verify?token=" + verifying(m)} }},
	"POST /verify": {ask: func(m *matrix, _ caller) request {
		return request{path: "/verify", form: form("token", verifying(m))}
	}},
	"GET /verify-again": {ask: to("/verify-again")},
	"POST /verify-again": {ask: func(m *matrix, _ caller) request {
		return request{path: "/verify-again", form: form("email", m.register(m.name()).email)}
	}},
	"GET /change-email": {ask: func(m *matrix, _ caller) request { return request{path: "/change-email?token=" + changing(m)} }},
	"POST /change-email": {ask: func(m *matrix, _ caller) request {
		return request{path: "/change-email", form: form("token", changing(m))}
	}},
	"GET /reset": {ask: func(m *matrix, _ caller) request { return request{path: "/reset?token=" + resetting(m)} }},
	"POST /reset": {ask: func(m *matrix, _ caller) request {
		return request{path: "/reset", form: form("token", resetting(m), "password", password)}
	}},
	"GET /sign-in": {ask: to("/sign-in")},
	"POST /sign-in": {ask: func(m *matrix, _ caller) request {
		return request{path: "/sign-in", form: form("email", m.members["other"].email, "password", password)}
	}},
	"GET /account":        {ask: to("/account"), permission: &profilesapi.ReadOwn},
	"GET /sheets":         {ask: to("/sheets"), permission: &listingsapi.Sheets},
	"GET /sheets/lots":    {ask: to("/sheets/lots"), permission: &listingsapi.Sheets},
	"GET /sheets/bids":    {ask: bidSheet("/sheets/bids"), permission: &listingsapi.Sheets},
	"GET /sheets/winners": {ask: to("/sheets/winners"), permission: &listingsapi.Sheets},
	"GET /sheets/dues":    {ask: to("/sheets/dues"), permission: &listingsapi.Sheets},
	"POST /sign-out": {ask: func(m *matrix, c caller) request {
		return request{path: "/sign-out", form: form(), cookie: secondSession(m, c)}
	}, permission: &profilesapi.ManageAccount},
	"GET /unsubscribe": {ask: to("/unsubscribe?token=x")},
	"POST /unsubscribe": {ask: func(m *matrix, _ caller) request {
		return request{path: "/unsubscribe", form: form("token", unsubscribing(m))}
	}},
	"POST /unsubscribe | a token that was mailed for a new password": {ask: func(m *matrix, _ caller) request {
		return request{path: "/unsubscribe", form: form("token", resetting(m))}
	}},
	"GET /setup": {ask: func(m *matrix, c caller) request {
		if c.column != "guest" {
			return request{path: "/setup?token=of-a-house-that-is-set-up"}
		}
		browser, token := m.unopened()
		return request{path: "/setup?token=" + token, browser: browser}
	}},
	"POST /setup": {ask: func(m *matrix, c caller) request {
		browser, token := m.settingUp(c)
		return request{path: "/setup", browser: browser, form: form(
			"token", token, "email", "root@example.net", "handle", "newroot", "password", password)}
	}},
}

// unsubscribing is what stands in a mail to somebody new.
func unsubscribing(m *matrix) string {
	return keep(m, "unsubscribing", func() string {
		token, err := m.house.news.Unsubscription(m.t.Context(), m.register(m.name()).id, profilesapi.NoticeOutbid)
		require.NoError(m.t, err)
		return token
	})
}

// form is what a browser sends of names and values in turn.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// unopened opens a house that nobody has set up, and returns a browser and the token of its setup link.
func (m *matrix) unopened() (browser *visitor, token string) {
	m.t.Helper()
	h := openHouse(m.t, nil)
	link, ok, err := h.setup.Draw(m.t.Context(), h.base)
	require.NoError(m.t, err)
	require.True(m.t, ok)
	_, token, found := strings.Cut(link, "token=")
	require.True(m.t, found)
	return h.guest(), strings.TrimSpace(token)
}
