package main

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// issuesTable: owner has reported the issue, which is about bidder's bid, and nobody takes part in it. What agents work on is
// agent's. Who shows a visitor's link is that visitor, whoever he is.
const issuesTable = `
                                                guest other bidder owner agent lead  mod admin  susp susp-t expired prog no-scope
POST   /api/v1/issues                             422   201    201   201   201  201  201   201   422    401     401  201      403
POST   /api/v1/issues                             202   422    422   422   422  422  422   422   202    401     401  422      403 | with an address
POST   /api/v1/issues/confirmations               200   200    200   200   200  200  200   200   200    401     401  200      200
POST   /api/v1/issues/confirmations               409   409    409   409   409  409  409   409   409    401     401  409      409 | used
POST   /api/v1/issue-links                        202   202    202   202   202  202  202   202   202    401     401  202      202
GET    /api/v1/issues                             401   200    200   200   200  200  200   200   401    401     401  200      403
GET    /api/v1/issues                             401   403    403   403   200  200  403   200   401    401     401  403      403 | the queue
GET    /api/v1/issues                             401   403    403   200   200  200  403   200   401    401     401  200      403 | reported by owner
GET    /api/v1/issues/categories                  401   403    403   403   200  200  403   200   401    401     401  200      403
GET    /api/v1/issues/{id}                        404   404    404   200   200  200  404   200   404    401     401  200      403
GET    /api/v1/issues/{id}                        404   200    404   200   200  200  404   200   404    401     401  200      403 | other takes part
GET    /api/v1/issues/{id}                        404   404    404   200   404  200  404   200   404    401     401  200      403 | about agent
GET    /api/v1/issues/{id}                        404   404    404   404   200  200  404   200   404    401     401  404      403 | a visitor's
GET    /api/v1/issues/{id}                        200   200    200   200   200  200  200   200   200    401     401  200      403 | by a visitor's link
GET    /api/v1/issues/{id}                        404   404    404   404   404  404  404   404   404    401     401  404      403 | by the link to another one
GET    /api/v1/issues/{id}                        404   404    404   404   404  404  404   404   404    401     401  404      403 | not confirmed
GET    /api/v1/issues/{id}/timeline               404   404    404   200   200  200  404   200   404    401     401  200      403
GET    /api/v1/issues/{id}/timeline               200   200    200   200   200  200  200   200   200    401     401  200      403 | by a visitor's link
GET    /api/v1/issues/{id}/evidence               404   404    404   200   200  200  404   200   404    401     401  200      403
POST   /api/v1/issues/{id}/comments               404   404    404   200   200  200  404   200   404    401     401  200      403
POST   /api/v1/issues/{id}/comments               404   200    404   200   200  200  404   200   404    401     401  200      403 | other takes part
POST   /api/v1/issues/{id}/comments               200   200    200   200   200  200  200   200   200    401     401  200      403 | by a visitor's link
POST   /api/v1/issues/{id}/comments               404   404    404   409   409  409  404   409   404    401     401  409      403 | over
POST   /api/v1/issues/{id}/reopen                 404   404    404   200   200  200  404   200   404    401     401  200      403
POST   /api/v1/issues/{id}/reopen                 404   403    404   200   200  200  404   200   404    401     401  200      403 | other takes part
POST   /api/v1/issues/{id}/reopen                 404   404    404   409   409  409  404   409   404    401     401  409      403 | not resolved
POST   /api/v1/issues/{id}/triage                 401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/triage                 401   403    403   403   404  200  403   200   401    401     401  200      403 | about agent
POST   /api/v1/issues/{id}/triage                 401   403    403   403   409  409  403   409   401    401     401  409      403 | over
POST   /api/v1/issues/{id}/triage                 401   403    403   403   404  404  403   404   401    401     401  404      403 | not confirmed
POST   /api/v1/issues/{id}/pick                   401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/assign                 401   403    403   403   403  200  403   200   401    401     401  403      403 | to lead
POST   /api/v1/issues/{id}/assign                 401   403    403   403   200  200  403   200   401    401     401  200      403 | to himself
POST   /api/v1/issues/{id}/assign                 401   403    403   403   403  422  403   422   401    401     401  403      403 | to owner
POST   /api/v1/issues/{id}/reassign               401   403    403   403   403  200  403   200   401    401     401  403      403
POST   /api/v1/issues/{id}/wait                   401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/wait                   401   403    403   403   403  200  403   200   401    401     401  403      403 | lead works on it
POST   /api/v1/issues/{id}/resume                 401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/resolve                401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/resolve                401   403    403   403   403  200  403   200   401    401     401  403      403 | lead works on it
POST   /api/v1/issues/{id}/notes                  401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/notes                  401   403    403   403   404  200  403   200   401    401     401  200      403 | about agent
POST   /api/v1/issues/{id}/participants           401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/participants           401   403    403   403   409  409  403   409   401    401     401  409      403 | whom it is about
POST   /api/v1/issues/{id}/links                  401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/links                  401   403    403   403   404  409  403   409   401    401     401  409      403 | with one about agent
POST   /api/v1/issues/{id}/reject                 401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/reject                 401   403    403   403   404  409  403   409   401    401     401  409      403 | as the duplicate of one about agent
POST   /api/v1/issues/{id}/merge                  401   403    403   403   200  200  403   200   401    401     401  200      403
POST   /api/v1/issues/{id}/merge                  401   403    403   403   404  409  403   409   401    401     401  409      403 | into one about agent
POST   /api/v1/issues/{id}/listing/freeze         401   403    403   403   403  403  403   200   401    401     401  403      403
POST   /api/v1/issues/{id}/listing/freeze         401   403    403   403   403  403  403   409   401    401     401  403      403 | about agent
POST   /api/v1/issues/{id}/listing/cancel         401   403    403   403   403  403  403   200   401    401     401  403      403
POST   /api/v1/issues/{id}/listing/cancel         401   403    403   403   403  403  403   409   401    401     401  403      403 | about agent
`

var issuesSent = map[string]attempt{
	"POST /api/v1/issues": {ask: func(*matrix, caller) request {
		return request{path: issuesPath, body: fields{"title": "A question"}}
	}},
	"POST /api/v1/issues | with an address": {ask: func(m *matrix, _ caller) request {
		return request{path: issuesPath, body: fields{"title": "A question", "email": m.name() + "@example.org"}}
	}},
	"POST /api/v1/issues/confirmations": {ask: func(m *matrix, _ caller) request {
		return request{path: issuesPath + "/confirmations", body: fields{"token": unconfirmed(m).token}}
	}},
	"POST /api/v1/issues/confirmations | used": {ask: func(m *matrix, _ caller) request {
		return request{path: issuesPath + "/confirmations", body: fields{"token": visited(m).token}}
	}},

	"POST /api/v1/issue-links": {ask: func(m *matrix, _ caller) request {
		return request{path: "/api/v1/issue-links", body: fields{"email": "nobody@example.org"}}
	}},

	"GET /api/v1/issues":             {ask: to(issuesPath)},
	"GET /api/v1/issues | the queue": {ask: to(issuesPath + "?view=queue")},
	"GET /api/v1/issues | reported by owner": {ask: func(m *matrix, _ caller) request {
		return request{path: issuesPath + "?reporter_id=" + m.members["owner"].id.String()}
	}},
	"GET /api/v1/issues/categories":                 {ask: to(issuesPath + "/categories")},
	"GET /api/v1/issues/{id}":                       {ask: about(aBid, "", nil)},
	"GET /api/v1/issues/{id} | other takes part":    {ask: about(withOther, "", nil)},
	"GET /api/v1/issues/{id} | about agent":         {ask: about(anAgent, "", nil)},
	"GET /api/v1/issues/{id} | a visitor's":         {ask: about(aVisitors, "", nil), holder: "admin"},
	"GET /api/v1/issues/{id} | by a visitor's link": {ask: byLink("", nil)},
	"GET /api/v1/issues/{id} | by the link to another one": {ask: func(m *matrix, _ caller) request {
		return request{path: aBid(m), link: visited(m).link}
	}},
	"GET /api/v1/issues/{id} | not confirmed": {ask: func(m *matrix, _ caller) request {
		return request{path: unconfirmed(m).path}
	}},
	"GET /api/v1/issues/{id}/timeline":                       {ask: about(aBid, "/timeline", nil)},
	"GET /api/v1/issues/{id}/timeline | by a visitor's link": {ask: byLink("/timeline", nil)},
	"GET /api/v1/issues/{id}/evidence":                       {ask: about(aBid, "/evidence", nil)},

	"POST /api/v1/issues/{id}/comments":                       {ask: about(aBid, "/comments", hello)},
	"POST /api/v1/issues/{id}/comments | other takes part":    {ask: about(withOther, "/comments", hello)},
	"POST /api/v1/issues/{id}/comments | by a visitor's link": {ask: byLink("/comments", hello)},
	"POST /api/v1/issues/{id}/comments | over":                {ask: about(over, "/comments", hello)},
	"POST /api/v1/issues/{id}/reopen":                         {ask: about(resolved, "/reopen", hello)},
	"POST /api/v1/issues/{id}/reopen | other takes part":      {ask: about(resolvedWithOther, "/reopen", hello)},
	"POST /api/v1/issues/{id}/reopen | not resolved":          {ask: about(aBid, "/reopen", hello)},

	"POST /api/v1/issues/{id}/triage":               {ask: about(aBid, "/triage", asUrgent)},
	"POST /api/v1/issues/{id}/triage | about agent": {ask: about(anAgent, "/triage", asUrgent)},
	"POST /api/v1/issues/{id}/triage | over":        {ask: about(over, "/triage", asUrgent), holder: "admin"},
	"POST /api/v1/issues/{id}/triage | not confirmed": {
		ask: func(m *matrix, _ caller) request {
			return request{path: unconfirmed(m).path + "/triage", body: asUrgent}
		}, holder: "admin",
	},
	"POST /api/v1/issues/{id}/pick":              {ask: about(triaged, "/pick", nil)},
	"POST /api/v1/issues/{id}/assign | to lead":  {ask: assigning(triaged, "/assign", "lead")},
	"POST /api/v1/issues/{id}/assign | to owner": {ask: assigning(triaged, "/assign", "owner"), holder: "admin"},
	"POST /api/v1/issues/{id}/assign | to himself": {ask: func(m *matrix, c caller) request {
		return request{path: triaged(m) + "/assign", body: fields{"assignee_id": c.member.id}}
	}},
	"POST /api/v1/issues/{id}/reassign":                {ask: assigning(assigned, "/reassign", "lead")},
	"POST /api/v1/issues/{id}/wait":                    {ask: about(assigned, "/wait", forReporter), holder: "agent"},
	"POST /api/v1/issues/{id}/wait | lead works on it": {ask: about(leads, "/wait", forReporter), holder: "agent"},
	"POST /api/v1/issues/{id}/resume":                  {ask: about(waiting, "/resume", nil), holder: "agent"},
	"POST /api/v1/issues/{id}/resolve":                 {ask: about(assigned, "/resolve", asAnswered), holder: "agent"},
	"POST /api/v1/issues/{id}/resolve | lead works on it": {
		ask: about(leads, "/resolve", asAnswered), holder: "agent",
	},
	"POST /api/v1/issues/{id}/notes":               {ask: about(aBid, "/notes", hello)},
	"POST /api/v1/issues/{id}/notes | about agent": {ask: about(anAgent, "/notes", hello)},
	"POST /api/v1/issues/{id}/participants":        {ask: involving("other")},
	"POST /api/v1/issues/{id}/participants | whom it is about": {
		ask: involving("bidder"), holder: "admin",
	},
	"POST /api/v1/issues/{id}/links":                        {ask: together("/links", "other_id", another, nil)},
	"POST /api/v1/issues/{id}/links | with one about agent": {ask: together("/links", "other_id", anAgent, nil), holder: "admin"},
	"POST /api/v1/issues/{id}/reject":                       {ask: about(aBid, "/reject", fields{"reason": "not_ours"})},
	"POST /api/v1/issues/{id}/reject | as the duplicate of one about agent": {
		ask: together("/reject", "duplicate_of_id", anAgent, fields{"reason": "duplicate"}), holder: "admin",
	},
	"POST /api/v1/issues/{id}/merge":                        {ask: together("/merge", "into_id", another, nil)},
	"POST /api/v1/issues/{id}/merge | into one about agent": {ask: together("/merge", "into_id", anAgent, nil), holder: "admin"},
	"POST /api/v1/issues/{id}/listing/freeze":               {ask: about(aBid, "/listing/freeze", because)},
	"POST /api/v1/issues/{id}/listing/freeze | about agent": {ask: about(anAgent, "/listing/freeze", because), holder: "admin"},
	"POST /api/v1/issues/{id}/listing/cancel":               {ask: about(aBid, "/listing/cancel", because)},
	"POST /api/v1/issues/{id}/listing/cancel | about agent": {ask: about(anAgent, "/listing/cancel", because), holder: "admin"},
}

const issuesPath = "/api/v1/issues"

var (
	hello       = fields{"text": "Hello."}
	asUrgent    = fields{"category": "bidding", "priority": "urgent"}
	asAnswered  = fields{"resolution": "answered", "text": "It is blue."}
	forReporter = fields{"awaited": "reporter"}
)

// about does something with the issue that the function prepares.
func about(issue func(*matrix) string, act string, body fields) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request { return request{path: issue(m) + act, body: body} }
}

// byLink does something with a visitor's issue, showing the link to it.
func byLink(act string, body fields) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request {
		return request{path: visited(m).path + act, body: body, link: visited(m).link}
	}
}

// assigning gives the issue to a member.
func assigning(issue func(*matrix) string, act, to string) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request {
		return request{path: issue(m) + act, body: fields{"assignee_id": m.members[to].id}}
	}
}

// involving lets a member take part in the issue about bidder's bid.
func involving(column string) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request {
		return request{path: aBid(m) + "/participants", body: fields{"member_id": m.members[column].id}}
	}
}

// together does something with the issue about bidder's bid and another one, which the body names.
func together(act, name string, other func(*matrix) string, body fields) func(*matrix, caller) request {
	return func(m *matrix, _ caller) request {
		sent := fields{name: other(m)[len(issuesPath)+1:]}
		for field, value := range body {
			sent[field] = value
		}
		return request{path: aBid(m) + act, body: sent}
	}
}

// report makes the owner report an issue and returns its address.
func (m *matrix) report(subject fields) string {
	m.t.Helper()
	body := fields{"title": "Look at this"}
	if subject != nil {
		body["about"] = subject
	}
	return issuesPath + "/" + m.members["owner"].post(issuesPath, body).is(http.StatusCreated).text("id")
}

// aBid is the address of the issue about bidder's bid, which waits for its triage.
func aBid(m *matrix) string {
	return keep(m, "issue about a bid", func() string { return m.reportBid() })
}

// reportBid reports bidder's bid.
func (m *matrix) reportBid() string {
	m.t.Helper()
	listing := withBids(m)
	bid := m.members["owner"].get(listing + "/bids").is(http.StatusOK).items()[0].(map[string]any)["seq"]
	return m.report(fields{"listing_id": listing[len("/api/v1/listings/"):], "bid": bid})
}

// anAgent is that of one about agent.
func anAgent(m *matrix) string {
	return keep(m, "issue about agent", func() string { return m.report(fields{"member_id": m.members["agent"].id}) })
}

// another is that of one about nothing in particular.
func another(m *matrix) string {
	return keep(m, "another issue", func() string { return m.report(nil) })
}

// withOther is that of one in which other takes part.
func withOther(m *matrix) string {
	return keep(m, "issue with other", func() string {
		issue := m.reportBid()
		m.members["agent"].post(issue+"/participants", fields{"member_id": m.members["other"].id}).is(http.StatusOK)
		return issue
	})
}

// over is that of a rejected one.
func over(m *matrix) string {
	return keep(m, "issue that is over", func() string {
		issue := m.reportBid()
		m.members["agent"].post(issue+"/reject", fields{"reason": "spam"}).is(http.StatusOK)
		return issue
	})
}

// triaged is that of one in the queue.
func triaged(m *matrix) string {
	return keep(m, "triaged issue", func() string { return m.queue(m.reportBid()) })
}

func (m *matrix) queue(issue string) string {
	m.t.Helper()
	m.members["agent"].post(issue+"/triage", asUrgent).is(http.StatusOK)
	return issue
}

// assigned is that of one that agent works on.
func assigned(m *matrix) string {
	return keep(m, "assigned issue", func() string { return m.pick("agent", m.queue(m.reportBid())) })
}

// leads is that of one that lead works on.
func leads(m *matrix) string {
	return keep(m, "lead's issue", func() string { return m.pick("lead", m.queue(m.reportBid())) })
}

func (m *matrix) pick(column, issue string) string {
	m.t.Helper()
	m.members[column].post(issue+"/pick", nil).is(http.StatusOK)
	return issue
}

// waiting is that of one that agent lets wait.
func waiting(m *matrix) string {
	return keep(m, "waiting issue", func() string {
		issue := m.pick("agent", m.queue(m.reportBid()))
		m.members["agent"].post(issue+"/wait", forReporter).is(http.StatusOK)
		return issue
	})
}

// resolved is that of one that agent has resolved.
func resolved(m *matrix) string {
	return keep(m, "resolved issue", func() string { return m.resolve(m.reportBid()) })
}

// resolvedWithOther is that of such a one in which other takes part.
func resolvedWithOther(m *matrix) string {
	return keep(m, "resolved issue with other", func() string {
		issue := m.reportBid()
		m.members["agent"].post(issue+"/participants", fields{"member_id": m.members["other"].id}).is(http.StatusOK)
		return m.resolve(issue)
	})
}

func (m *matrix) resolve(issue string) string {
	m.t.Helper()
	m.members["agent"].post(m.pick("agent", m.queue(issue))+"/resolve", asAnswered).is(http.StatusOK)
	return issue
}

// visitorsIssue is one of a visitor's.
type visitorsIssue struct {
	path  string // its address
	token string // from the letter that confirms the e-mail address
	link  string // by which he follows it; empty before he has confirmed that
}

// unconfirmed is one whose visitor has not confirmed his address. Nobody is told its id, but the token has it.
func unconfirmed(m *matrix) visitorsIssue {
	return keep(m, "unconfirmed issue", func() visitorsIssue {
		token := m.visits()
		return visitorsIssue{path: issuesPath + "/" + issueIn(m.t, token), token: token}
	})
}

// visits reports an issue as a visitor, and returns the token from the letter.
func (m *matrix) visits() string {
	m.t.Helper()
	address := m.name() + "@example.org"
	return m.mailed(address, "/issues/confirm", func() {
		m.house.guest().post(issuesPath, fields{"title": "A question", "email": address}).is(http.StatusAccepted)
	})
}

// visited is one of a visitor who has confirmed his address.
func visited(m *matrix) visitorsIssue {
	return keep(m, "visitor's issue", func() visitorsIssue {
		token := m.visits()
		confirmed := m.house.guest().post(issuesPath+"/confirmations", fields{"token": token}).is(http.StatusOK)
		return visitorsIssue{path: issuesPath + "/" + confirmed.text("issue_id"), token: token, link: confirmed.text("issue_link")}
	})
}

// aVisitors is the address of that.
func aVisitors(m *matrix) string { return visited(m).path }

// issueIn returns the id of the issue that a token from a letter is for.
func issueIn(t *testing.T, token string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(token)
	require.NoError(t, err)
	id, err := uuid.FromBytes(text[:16])
	require.NoError(t, err)
	return id.String()
}
