package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gavelhq/gavel/platform/identity"
)

// membersTable: owner is the member himself, where it is about one. Moderators leave members with a role to admins.
const membersTable = `
                                                guest other bidder owner agent lead  mod admin  susp susp-t expired prog no-scope
GET    /api/v1/members                            401   403    403   403   200  200  200   200   401    401     401  200      403
GET    /api/v1/members/{id}                       200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /api/v1/members/{id}                       404   404    404   404   200  200  200   200   404    401     401  404      404 | not verified
GET    /api/v1/members/by-handle/{handle}         200   200    200   200   200  200  200   200   200    401     401  200      200
GET    /api/v1/members/by-handle/{handle}         404   404    404   404   200  200  200   200   404    401     401  404      404 | not verified
POST   /api/v1/members/{id}/approve               401   403    403   403   403  403  403   204   401    401     401  204      403
POST   /api/v1/members/{id}/verify                401   403    403   403   403  403  403   204   401    401     401  204      403
POST   /api/v1/members/{id}/suspend               401   403    403   403   403  403  204   204   401    401     401  204      403
POST   /api/v1/members/{id}/suspend               401   403    403   403   403  403  403   204   401    401     401  204      403 | an agent
POST   /api/v1/members/{id}/suspend               401   403    403   403   403  403  403   409   401    401     401  403      403 | an admin, by a moderator's token
POST   /api/v1/members/{id}/reinstate             401   403    403   403   403  403  204   204   401    401     401  204      403
POST   /api/v1/members/{id}/reinstate             401   403    403   403   403  403  403   204   401    401     401  204      403 | an agent
POST   /api/v1/members/{id}/grant-role            401   403    403   403   403  403  403   204   401    401     401  204      403
POST   /api/v1/members/{id}/grant-role            401   403    403   403   403  403  403   204   401    401     401  204      403 | to himself
POST   /api/v1/members/{id}/withdraw-role         401   403    403   403   403  403  403   204   401    401     401  204      403
GET    /api/v1/invitations                        401   403    403   403   403  403  403   200   401    401     401  200      403
POST   /api/v1/invitations                        401   403    403   403   403  403  403   201   401    401     401  201      403
DELETE /api/v1/invitations/{id}                   401   403    403   403   403  403  403   204   401    401     401  204      403
DELETE /api/v1/invitations/{id}                   401   403    403   403   403  403  403   404   401    401     401  404      403 | the id of a session of owner's
GET    /api/v1/audit                              401   403    403   403   403  403  403   200   401    401     401  200      403
GET    /api/v1/subscriptions                      401   403    403   403   403  403  403   200   401    401     401  200      403
GET    /api/v1/deliveries                         401   403    403   403   403  403  403   200   401    401     401  200      403
POST   /api/v1/deliveries/{id}/retry              401   403    403   403   403  403  403   204   401    401     401  204      403
POST   /api/v1/deliveries/{id}/retry              401   403    403   403   403  403  403   404   401    401     401  404      403 | the id of a session of owner's
`

var membersSent = map[string]attempt{
	"GET /api/v1/members":      {ask: to("/api/v1/members")},
	"GET /api/v1/members/{id}": {ask: func(m *matrix, _ caller) request { return request{path: at(m.members["owner"], "")} }},
	"GET /api/v1/members/{id} | not verified": {
		ask: func(m *matrix, _ caller) request { return request{path: at(m.newcomer(), "")} }, holder: "mod",
	},
	"GET /api/v1/members/by-handle/{handle}": {ask: to("/api/v1/members/by-handle/owner-1")},
	"GET /api/v1/members/by-handle/{handle} | not verified": {
		ask: func(m *matrix, _ caller) request {
			return request{path: "/api/v1/members/by-handle/" + m.newcomer().handle}
		}, holder: "mod",
	},
	"POST /api/v1/members/{id}/approve":            {ask: toNewcomer("/approve")},
	"POST /api/v1/members/{id}/verify":             {ask: toNewcomer("/verify")},
	"POST /api/v1/members/{id}/suspend":            {ask: toVictim("", false, "/suspend", because)},
	"POST /api/v1/members/{id}/suspend | an agent": {ask: toVictim("agent", false, "/suspend", because)},
	"POST /api/v1/members/{id}/suspend | an admin, by a moderator's token": {
		ask: func(m *matrix, _ caller) request { return request{path: at(m.founder, "/suspend"), body: because} }, holder: "mod",
	},
	"POST /api/v1/members/{id}/reinstate":            {ask: toVictim("", true, "/reinstate", because)},
	"POST /api/v1/members/{id}/reinstate | an agent": {ask: toVictim("agent", true, "/reinstate", because)},
	"POST /api/v1/members/{id}/grant-role":           {ask: toVictim("", false, "/grant-role", fields{"role": "moderator"})},
	"POST /api/v1/members/{id}/grant-role | to himself": {ask: func(_ *matrix, c caller) request {
		return request{path: at(c.member, "/grant-role"), body: fields{"role": "admin"}}
	}},
	"POST /api/v1/members/{id}/withdraw-role": {ask: toVictim("agent", false, "/withdraw-role", fields{"role": "agent"})},
	"GET /api/v1/invitations":                 {ask: to("/api/v1/invitations")},
	"POST /api/v1/invitations": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/invitations", body: fields{"email": m.name() + "@example.org"}}
	}},
	"DELETE /api/v1/invitations/{id}": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/invitations/" + invitation(m)}
	}},
	"DELETE /api/v1/invitations/{id} | the id of a session of owner's": {
		ask: func(m *matrix, _ caller) request {
			return request{path: "/api/v1/invitations/" + spareSession(m)}
		}, holder: "admin",
	},
	"GET /api/v1/audit":         {ask: to("/api/v1/audit")},
	"GET /api/v1/subscriptions": {ask: to("/api/v1/subscriptions")},
	"GET /api/v1/deliveries":    {ask: to("/api/v1/deliveries?dead=true")},
	"POST /api/v1/deliveries/{id}/retry": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/deliveries/" + keep(m, "dead letter", m.house.deadLetter) + "/retry"}
	}},
	"POST /api/v1/deliveries/{id}/retry | the id of a session of owner's": {
		ask: func(m *matrix, _ caller) request {
			return request{path: "/api/v1/deliveries/" + spareSession(m) + "/retry"}
		}, holder: "admin",
	},
}

// newcomer is somebody who is neither verified nor approved.
func (m *matrix) newcomer() *visitor {
	return keep(m, "newcomer", func() *visitor { return m.register(m.name()) })
}

// toNewcomer does something to such a one.
func toNewcomer(act string) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request { return request{path: at(m.newcomer(), act), body: because} }
}

// victim is a member to whom things are done: with the role, or none, and suspended or not.
func (m *matrix) victim(role string, suspended bool) *visitor {
	m.t.Helper()
	victim := m.further("victim")
	return keep(m, fmt.Sprintf("victim %s %t", role, suspended), func() *visitor {
		for other := range m.kept {
			if strings.HasPrefix(other, "victim ") {
				delete(m.kept, other) // it is the same member
			}
		}
		m.founder.post(at(victim, "/reinstate"), because) // refused where nobody has suspended him
		for _, granted := range identity.Granted {
			m.founder.post(at(victim, "/withdraw-role"), fields{"role": granted}).is(http.StatusNoContent)
		}
		if role != "" {
			m.founder.post(at(victim, "/grant-role"), fields{"role": role}).is(http.StatusNoContent)
		}
		if suspended {
			m.founder.post(at(victim, "/suspend"), because).is(http.StatusNoContent)
		}
		return victim
	})
}

// toVictim does something to that member.
func toVictim(role string, suspended bool, act string, body fields) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request {
		return request{path: at(m.victim(role, suspended), act), body: body}
	}
}

// invitation is the id of one that nobody has used.
func invitation(m *matrix) string {
	return keep(m, "invitation", func() string {
		return m.founder.post("/api/v1/invitations", fields{"email": m.name() + "@example.org"}).is(http.StatusCreated).text("id")
	})
}
