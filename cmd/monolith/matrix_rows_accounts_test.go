package main

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// accountsTable: everybody manages what is his own, and tries what is owner's where it has an id. No token may manage an
// account (prog), and an admin cannot leave.
const accountsTable = `
                                                guest other bidder owner agent lead  mod admin  susp susp-t expired prog no-scope
GET    /api/v1/me                                 401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/me/profile                         401   200    200   200   200  200  200   200   401    401     401  200      403
PUT    /api/v1/me/profile                         401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/me/settings                        401   200    200   200   200  200  200   200   401    401     401  200      403
PUT    /api/v1/me/settings                        401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/me/notices                         401   200    200   200   200  200  200   200   401    401     401  200      403
POST   /api/v1/me/notices/{id}/read               401   404    404   204   404  404  404   404   401    401     401  204      403
POST   /api/v1/me/notices/read-all                401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/me/blocks                          401   200    200   200   200  200  200   200   401    401     401  200      403
POST   /api/v1/me/blocks                          401   201    201   201   201  201  201   201   401    401     401  201      403
DELETE /api/v1/me/blocks/{id}                     401   404    404   204   404  404  404   404   401    401     401  204      403
GET    /api/v1/me/sessions                        401   200    200   200   200  200  200   200   401    401     401  403      403
DELETE /api/v1/me/sessions                        401   204    204   204   204  204  204   204   401    401     401  403      403
DELETE /api/v1/me/sessions/{id}                   401   404    404   204   404  404  404   404   401    401     401  403      403
DELETE /api/v1/me/sessions/{id}                   401   404    404   404   404  404  404   404   401    401     401  403      403 | the id of a token of owner's
DELETE /api/v1/sessions/current                   401   204    204   204   204  204  204   204   401    401     401  403      403
GET    /api/v1/me/tokens                          401   200    200   200   200  200  200   200   401    401     401  403      403
POST   /api/v1/me/tokens                          401   201    201   201   201  201  201   201   401    401     401  403      403
POST   /api/v1/me/tokens                          401   422    422   422   422  422  201   201   401    401     401  403      403 | for moderating
GET    /api/v1/me/token-scopes                    401   200    200   200   200  200  200   200   401    401     401  403      403
DELETE /api/v1/me/tokens/{id}                     401   404    404   204   404  404  404   404   401    401     401  403      403
DELETE /api/v1/me/tokens/{id}                     401   404    404   404   404  404  404   404   401    401     401  403      403 | the id of a session of owner's
POST   /api/v1/me/email-changes                   401   202    202   202   202  202  202   202   401    401     401  403      403
POST   /api/v1/me/password                        401   204    204   204   204  204  204   204   401    401     401  403      403
GET    /api/v1/me/export                          401   200    200   200   200  200  200   200   401    401     401  403      403
POST   /api/v1/me/deletion                        401   202    202   202   202  202  202   409   401    401     401  403      403
DELETE /api/v1/me/deletion                        401   204    204   204   204  204  204   409   401    401     401  403      403
POST   /api/v1/members                            202   202    202   202   202  202  202   202   202    401     401  202      202
POST   /api/v1/email-verifications                202   202    202   202   202  202  202   202   202    401     401  202      202
POST   /api/v1/email-verifications/confirm        204   204    204   204   204  204  204   204   204    401     401  204      204
POST   /api/v1/email-verifications/confirm        409   409    409   409   409  409  409   409   409    401     401  409      409 | a token that was mailed for a new password
POST   /api/v1/email-changes/confirm              204   204    204   204   204  204  204   204   204    401     401  204      204
POST   /api/v1/sessions                           201   201    201   201   201  201  201   201   201    401     401  201      201
POST   /api/v1/password-resets                    202   202    202   202   202  202  202   202   202    401     401  202      202
POST   /api/v1/password-resets/confirm            200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /api/v1/setup                              201   403    403   403   403  403  403   403   403    401     401  403      403
`

var accountsSent = map[string]attempt{
	"GET /api/v1/me":          {ask: to("/api/v1/me")},
	"GET /api/v1/me/profile":  {ask: to("/api/v1/me/profile")},
	"PUT /api/v1/me/profile":  {ask: with("/api/v1/me/profile", fields{"display_name": "Somebody", "about": "", "location": "Here"})},
	"GET /api/v1/me/settings": {ask: to("/api/v1/me/settings")},
	"PUT /api/v1/me/settings": {ask: with("/api/v1/me/settings", fields{"muted": []string{"outbid"}})},
	"GET /api/v1/me/notices":  {ask: to("/api/v1/me/notices")},
	"POST /api/v1/me/notices/{id}/read": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/me/notices/" + told(m) + "/read"}
	}},
	"POST /api/v1/me/notices/read-all": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/me/notices/read-all"}
	}},
	"GET /api/v1/me/blocks":         {ask: to("/api/v1/me/blocks")},
	"POST /api/v1/me/blocks":        {ask: blocking, after: unblock},
	"DELETE /api/v1/me/blocks/{id}": {ask: blocked},
	"GET /api/v1/me/sessions":       {ask: to("/api/v1/me/sessions")},
	"DELETE /api/v1/me/sessions":    {ask: to("/api/v1/me/sessions")},
	"DELETE /api/v1/me/sessions/{id}": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/me/sessions/" + spareSession(m)}
	}},
	"DELETE /api/v1/me/sessions/{id} | the id of a token of owner's": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/me/sessions/" + spareToken(m)}
	}},
	"DELETE /api/v1/sessions/current": {ask: func(m *matrix, c caller) request {
		return request{path: "/api/v1/sessions/current", cookie: secondSession(m, c)}
	}},
	"GET /api/v1/me/tokens":  {ask: to("/api/v1/me/tokens")},
	"POST /api/v1/me/tokens": {ask: with("/api/v1/me/tokens", fields{"name": "a program", "scopes": []string{"listings.bid"}})},
	"POST /api/v1/me/tokens | for moderating": {
		ask: with("/api/v1/me/tokens", fields{"name": "a program", "scopes": []string{"listings.moderate"}}), holder: "mod",
	},
	"GET /api/v1/me/token-scopes": {ask: to("/api/v1/me/token-scopes")},
	"DELETE /api/v1/me/tokens/{id}": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/me/tokens/" + spareToken(m)}
	}},
	"DELETE /api/v1/me/tokens/{id} | the id of a session of owner's": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/me/tokens/" + spareSession(m)}
	}},
	"POST /api/v1/me/email-changes": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/me/email-changes", body: fields{"email": m.name() + "@example.net", "password": password}}
	}},
	"POST /api/v1/me/password": {ask: with("/api/v1/me/password", fields{"password": password, "new_password": password})},
	"GET /api/v1/me/export":    {ask: to("/api/v1/me/export")},
	"POST /api/v1/me/deletion": {ask: with("/api/v1/me/deletion", fields{"password": password}), after: stay},
	"DELETE /api/v1/me/deletion": {ask: func(_ *matrix, c caller) request {
		c.member.post("/api/v1/me/deletion", fields{"password": password}) // an admin's is refused
		return request{path: "/api/v1/me/deletion"}
	}, after: stay},

	"POST /api/v1/members": {ask: func(m *matrix, _ caller) request {
		handle := m.name()
		return request{path: "/api/v1/members", body: fields{"email": handle + "@example.org", "handle": handle, "password": password}}
	}},
	"POST /api/v1/email-verifications": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/email-verifications", body: fields{"email": m.register(m.name()).email}}
	}},
	"POST /api/v1/email-verifications/confirm": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/email-verifications/confirm", body: fields{"token": verifying(m)}}
	}},
	"POST /api/v1/email-verifications/confirm | a token that was mailed for a new password": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/email-verifications/confirm", body: fields{"token": resetting(m)}}
	}},
	"POST /api/v1/email-changes/confirm": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/email-changes/confirm", body: fields{"token": changing(m)}}
	}},
	"POST /api/v1/sessions": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/sessions", body: fields{"email": m.members["other"].email, "password": password}}
	}},
	"POST /api/v1/password-resets": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/password-resets", body: fields{"email": m.members["other"].email}}
	}},
	"POST /api/v1/password-resets/confirm": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/password-resets/confirm", body: fields{"token": resetting(m), "password": password}}
	}},
	"POST /api/v1/setup": {ask: func(m *matrix, c caller) request {
		browser, token := m.settingUp(c)
		return request{path: "/api/v1/setup", browser: browser, body: fields{
			"token": token, "email": "root@example.net", "handle": "newroot", "password": password,
		}}
	}},
}

// with sends a body to what is always there.
func with(path string, body fields) func(*matrix, caller) request {
	return func(*matrix, caller) request { return request{path: path, body: body} }
}

// blocking blocks a member whom the caller has not blocked.
func blocking(m *matrix, _ caller) request {
	return request{path: "/api/v1/me/blocks", body: fields{"member_id": m.victim("", false).id}}
}

func unblock(m *matrix, c caller) {
	c.member.delete("/api/v1/me/blocks/" + m.victim("", false).id.String())
}

// blocked ends a block of owner's.
func blocked(m *matrix, _ caller) request {
	return request{path: "/api/v1/me/blocks/" + keep(m, "blocked", func() string {
		victim := m.victim("", false).id
		m.members["owner"].post("/api/v1/me/blocks", fields{"member_id": victim}).is(http.StatusCreated)
		return victim.String()
	})}
}

// told is the id of a notice of owner's that he has not read. It is never mailed: in this house no time passes.
func told(m *matrix) string {
	return keep(m, "told", func() string {
		id := uuid.New()
		require.NoError(m.t, m.house.news.Tell(m.t.Context(), profilesapi.Notice{
			ID: id, Member: m.members["owner"].id, Kind: profilesapi.NoticeSale, Subject: "Please pay", At: m.clock.Now(),
			MailAt: m.clock.Now().Add(time.Hour),
		}))
		return id.String()
	})
}

// spareSession is the id of a session of owner's in which nobody asks.
func spareSession(m *matrix) string {
	return keep(m, "spare session", func() string {
		browser := m.again(m.members["owner"])
		for _, session := range browser.get("/api/v1/me/sessions").is(http.StatusOK).items() {
			if is := session.(map[string]any); is["current"] == true {
				return is["id"].(string)
			}
		}
		m.t.Fatal("the session is not among owner's")
		return ""
	})
}

// spareToken is the id of a token of owner's that nobody uses.
func spareToken(m *matrix) string {
	return keep(m, "spare token", func() string {
		body := fields{"name": "to be revoked", "scopes": []string{"listings.bid"}}
		return m.members["owner"].post("/api/v1/me/tokens", body).is(http.StatusCreated).text("id")
	})
}

// secondSession is one that the caller can end and still be there.
func secondSession(m *matrix, c caller) string {
	if c.member != m.members[c.column] {
		return "" // one who is nobody has nothing but what he shows
	}
	return m.sessionOf(m.again(c.member))
}

// stay takes back that the caller wants to leave, if he does.
func stay(_ *matrix, c caller) { c.member.delete("/api/v1/me/deletion") }

// verifying is what was mailed to somebody new.
func verifying(m *matrix) string {
	return keep(m, "verifying", func() string { return m.house.mailed(m.register(m.name()).email, "/verify") })
}

// forgetful is a member who sets a new password again and again.
func (m *matrix) forgetful() *visitor { return m.further("forgetful") }

// moving is a member who changes the address again and again.
func (m *matrix) moving() *visitor { return m.further("moving") }

// resetting is what was mailed to a member who has forgotten his password.
func resetting(m *matrix) string {
	return keep(m, "resetting", func() string {
		email := m.forgetful().email
		return m.mailed(email, "/reset", func() {
			m.house.guest().post("/api/v1/password-resets", fields{"email": email}).is(http.StatusAccepted)
		})
	})
}

// changing is what was mailed to the new address of a member.
func changing(m *matrix) string {
	return keep(m, "changing", func() string {
		email := m.name() + "@example.net"
		return m.mailed(email, "/change-email", func() {
			m.moving().post("/api/v1/me/email-changes", fields{"email": email, "password": password}).is(http.StatusAccepted)
		})
	})
}

// settingUp returns the setup link's token, and the browser that has opened it: for a guest, that of a house that is not
// set up; for all others of this one, which is.
func (m *matrix) settingUp(c caller) (browser *visitor, token string) {
	m.t.Helper()
	if c.column != "guest" {
		return nil, "of-a-house-that-is-set-up"
	}
	browser, token = m.unopened()
	browser.get("/setup?token=" + token).is(http.StatusOK)
	return browser, token
}
