package main

import (
	"net/http"
	"time"
)

// week is so long that what was resolved has closed.
const week = 8 * 24 * time.Hour

// issue is one of the help desk's.
type issue struct{ id, name string }

func (i issue) path(action string) string { return "/api/v1/issues/" + i.id + action }

// reports reports an issue; about is what it is about, nil for nothing in particular.
func (m *member) reports(what, name, title string, about fields) issue {
	body := fields{"title": title}
	if about != nil {
		body["about"] = about
	}
	made := m.asks(what, post("/api/v1/issues", body)).is(http.StatusCreated, "state", "reported")
	i := issue{id: made.text("id"), name: name}
	m.s.call(i.id, name)
	return i
}

// shows makes the request one of a visitor who shows a link.
func (r request) shows(link string) request { return r.with("Issue-Link", link) }

// text is the body that says something.
func text(said string) fields { return fields{"text": said} }

// openDesk lets an agent and a lead work at the help desk.
func (m *market) openDesk() {
	m.chapter("The help desk opens")
	m.iris, m.otto = m.person("iris"), m.person("otto")
	m.hires(m.iris, "agent")
	m.hires(m.otto, "lead")
	m.iris.asks("sees what nobody works on", get("/api/v1/issues?view=unassigned")).is(http.StatusOK, "items", "0")
	m.ada.asks("would see it, too", get("/api/v1/issues?view=unassigned")).refused(http.StatusForbidden, "not_staff")
	m.ada.asks("sees the issues in which she takes part", get("/api/v1/issues")).is(http.StatusOK, "items", "0")
	m.browser("a guest").asks("takes part in none", get("/api/v1/issues")).refused(http.StatusUnauthorized, "sign_in_required")
}

// hires lets somebody join and work at the help desk.
func (m *market) hires(who *member, role string) {
	who.joins()
	m.founder.asks("makes "+who.handle+" "+role+" of the help desk",
		post("/api/v1/members/"+who.id+"/grant-role", fields{"role": role, "reason": "Answers well."})).is(http.StatusNoContent)
}

// helpVisitor shows how a visitor without an account is helped.
func (m *market) helpVisitor() {
	m.chapter("Vera, a visitor, asks the help desk")
	const address = "vera@example.org"
	vera := m.browser("vera")
	question := func(title, email string) request {
		return post("/api/v1/issues", fields{"title": title, "text": "The page says nothing about it.", "email": email})
	}
	vera.asks("asks without an address", question("Do you send pianos?", "")).refused(http.StatusUnprocessableEntity, "invalid_email")
	vera.asks("asks in two lines", question("Do you send\npianos?", address)).refused(http.StatusUnprocessableEntity, "invalid_title")
	vera.asks("asks whether pianos are sent", question("Do you send pianos?", address)).is(http.StatusAccepted)
	m.iris.asks("sees nothing of it yet", get("/api/v1/issues?view=unassigned")).is(http.StatusOK, "items", "0")
	confirmation := func(token string) request { return post("/api/v1/issues/confirmations", fields{"token": token}) }
	vera.asks("makes up a link", confirmation("made-up")).refused(http.StatusConflict, "invalid_confirmation")
	token := m.mailed(address, "/issues/confirm")
	confirmed := vera.asks("follows the link in the letter", confirmation(token)).is(http.StatusOK)
	vera.asks("follows it again, and is told that all is well", confirmation(token)).
		refused(http.StatusConflict, "already_confirmed")
	m.pianos = issue{id: confirmed.text("issue_id"), name: "vera's question"}
	link := confirmed.text("issue_link")
	m.call(m.pianos.id, m.pianos.name)
	vera.asks("reads her issue by the link that she follows it by", get(m.pianos.path("")).shows(link)).
		is(http.StatusOK, "state", "reported", "read_as", "reporter", "priority", absent)
	vera.asks("forgets to show it", get(m.pianos.path(""))).refused(http.StatusNotFound, "issue_not_found")
	m.ben.asks("has guessed the issue's id", get(m.pianos.path(""))).refused(http.StatusNotFound, "issue_not_found")

	m.workOn(m.pianos)
	m.iris.asks("waits for the weather", post(m.pianos.path("/wait"), fields{"awaited": "weather"})).
		refused(http.StatusUnprocessableEntity, "invalid_awaited")
	m.iris.asks("asks back, and waits; the clocks stand still",
		post(m.pianos.path("/wait"), fields{"awaited": "reporter", "text": "Where to?"})).is(http.StatusOK, "state", "waiting")
	vera.asks("says nothing", post(m.pianos.path("/comments"), text(" ")).shows(link)).
		refused(http.StatusUnprocessableEntity, "invalid_text")
	vera.asks("answers, which ends the waiting", post(m.pianos.path("/comments"), text("To Bergen.")).shows(link)).
		is(http.StatusOK, "state", "assigned", "comments", "1")
	m.iris.asks("waits for the carrier", post(m.pianos.path("/wait"), fields{"awaited": "third_party"})).
		is(http.StatusOK, "state", "waiting")
	m.iris.asks("goes on", post(m.pianos.path("/resume"), nil)).is(http.StatusOK, "state", "assigned")

	resolution := func(how, said string) request {
		return post(m.pianos.path("/resolve"), fields{"resolution": how, "text": said})
	}
	m.iris.asks("resolves it by magic", resolution("magic", "It flies.")).
		refused(http.StatusUnprocessableEntity, "invalid_resolution")
	m.iris.asks("resolves it", resolution("answered", "We do not.")).
		is(http.StatusOK, "state", "resolved", "resolution", "answered")
	m.iris.asks("resolves it twice", resolution("fixed", "We do.")).
		refused(http.StatusConflict, "transition_not_allowed", "state", "resolved", "allowed", "4")
	vera.asks("reopens it, by the link in the newest letter",
		post(m.pianos.path("/reopen"), text("But your page says so!")).shows(m.mailed(address, "/issues/follow"))).
		is(http.StatusOK, "state", "assigned")
	m.iris.asks("resolves it again", resolution("fixed", "Now it does not.")).is(http.StatusOK, "state", "resolved")
	vera.asks("reads what happened; who worked on it is not for her", get(m.pianos.path("/timeline")).shows(link)).
		is(http.StatusOK, "items", "10", "items.0.kind", "reported", "items.1.kind", "confirmed", "items.2.kind", "waiting",
			"items.3.kind", "commented", "items.4.kind", "resumed", "items.7.kind", "resolved", "items.8.kind", "reopened")
}

// workOn triages an issue, which iris then picks.
func (m *market) workOn(i issue) {
	m.iris.asks("picks it before its triage", post(i.path("/pick"), nil)).
		refused(http.StatusConflict, "transition_not_allowed", "state", "reported")
	triage := func(category, priority string) request {
		return post(i.path("/triage"), fields{"category": category, "priority": priority})
	}
	m.iris.asks("triages it as a question of music", triage("music", "low")).
		refused(http.StatusUnprocessableEntity, "invalid_category")
	m.iris.asks("triages it as very urgent", triage("delivery", "very")).
		refused(http.StatusUnprocessableEntity, "invalid_priority")
	m.iris.asks("triages it", triage("delivery", "low")).
		is(http.StatusOK, "state", "triaged", "clocks.first_response_target_seconds", "259200")
	m.iris.asks("sees it in the queue", get("/api/v1/issues?view=queue")).is(http.StatusOK, "items", "1", "items.0.id", i.id)
	m.iris.asks("picks it", post(i.path("/pick"), nil)).is(http.StatusOK, "state", "assigned", "assignee_id", m.iris.id)
}

// helpSeller shows an issue about a bid, its evidence, and who may know of it.
func (m *market) helpSeller() {
	m.chapter("Ada reports a bid")
	bids := m.ada.reads("reads the bids on the chair", m.chair.path("/bids"))
	seq := bids.at("items.0.seq")
	m.ada.asks("reports a bid that there is not",
		post("/api/v1/issues", fields{"title": "A strange bid", "about": fields{"listing_id": m.chair.id, "bid": 9999}})).
		refused(http.StatusUnprocessableEntity, "invalid_subject")
	m.strange = m.ada.reports("reports ben's last bid on the chair", "ada's report", "A strange bid",
		fields{"listing_id": m.chair.id, "bid": seq})
	m.ada.asks("reads it", get(m.strange.path(""))).
		is(http.StatusOK, "about.kind", "bid", "about.listing_id", m.chair.id, "about.member_id", absent)
	m.ben.asks("is never told who has reported him, nor that somebody has", get(m.strange.path(""))).
		refused(http.StatusNotFound, "issue_not_found")
	m.iris.asks("reads it, and sees whose bid it is", get(m.strange.path(""))).
		is(http.StatusOK, "about.member_id", m.ben.id, "reporter_id", m.ada.id)
	evidence := m.iris.asks("reads the evidence, the chair's log of that moment", get(m.strange.path("/evidence"))).is(http.StatusOK)
	m.verifies("monolith verify, with the evidence", 0, "verify", m.saves(evidence, "evidence.ndjson"))
	m.iris.asks("looks for evidence with vera's question", get(m.pianos.path("/evidence"))).
		refused(http.StatusNotFound, "evidence_not_found")

	involve := func(id string) request { return post(m.strange.path("/participants"), fields{"member_id": id}) }
	m.iris.asks("involves nobody", involve(newID())).refused(http.StatusUnprocessableEntity, "invalid_member")
	m.iris.asks("would involve ben, whom it is about", involve(m.ben.id)).refused(http.StatusConflict, "member_concerned")
	m.iris.asks("involves dora", involve(m.dora.id)).is(http.StatusOK, "participants", "1")
	m.iris.asks("involves her twice", involve(m.dora.id)).refused(http.StatusConflict, "already_involved")
	m.dora.asks("reads it, but not who has reported it", get(m.strange.path(""))).
		is(http.StatusOK, "read_as", "participant", "reporter_id", absent)
	m.dora.asks("comments on it", post(m.strange.path("/comments"), text("I know him."))).is(http.StatusOK, "comments", "1")
	m.iris.asks("makes a note for the help desk", post(m.strange.path("/notes"), text("He has done so before."))).is(http.StatusOK)
	m.ada.asks("reads what happened, without the note", get(m.strange.path("/timeline"))).
		is(http.StatusOK, "items", "3", "items.0.kind", "reported", "items.1.kind", "involved", "items.2.kind", "commented")
	m.shareWork()
}

// shareWork shows who gives work to whom.
func (m *market) shareWork() {
	m.iris.asks("triages it", post(m.strange.path("/triage"), fields{"category": "bidding", "priority": "high"})).
		is(http.StatusOK, "state", "triaged", "priority", "high")
	give := func(act string, to *member) request {
		return post(m.strange.path(act), fields{"assignee_id": to.id})
	}
	m.ada.asks("gives it to iris", give("/assign", m.iris)).refused(http.StatusForbidden, "not_permitted")
	m.iris.asks("gives it to otto", give("/assign", m.otto)).refused(http.StatusForbidden, "not_lead")
	m.otto.asks("gives it to ada, who does not work here", give("/assign", m.ada)).
		refused(http.StatusUnprocessableEntity, "invalid_assignee")
	m.otto.asks("gives it to iris", give("/assign", m.iris)).is(http.StatusOK, "state", "assigned", "assignee_id", m.iris.id)
	m.otto.asks("gives it to her again", give("/reassign", m.iris)).refused(http.StatusConflict, "already_assigned")
	m.otto.asks("takes it himself", give("/reassign", m.otto)).is(http.StatusOK, "assignee_id", m.otto.id)
	resolve := post(m.strange.path("/resolve"), fields{"resolution": "no_action", "text": "It was a bid like others."})
	m.iris.asks("resolves it all the same", resolve).refused(http.StatusForbidden, "not_assignee")
	m.otto.asks("resolves it", resolve).is(http.StatusOK, "state", "resolved")
	m.dora.asks("would reopen it", post(m.strange.path("/reopen"), nil)).refused(http.StatusForbidden, "not_reporter")

	rude := m.ben.reports("reports iris", "ben's complaint", "Iris was rude", fields{"member_id": m.iris.id})
	m.iris.asks("is not told, although she works here", get(rude.path(""))).refused(http.StatusNotFound, "issue_not_found")
	m.otto.asks("triages it", post(rude.path("/triage"), fields{"category": "abuse", "priority": "normal"})).
		is(http.StatusOK, "state", "triaged")
	m.otto.asks("would give it to iris", post(rude.path("/assign"), fields{"assignee_id": m.iris.id})).
		refused(http.StatusConflict, "assignee_concerned")
	m.otto.asks("would link it with the one about the bid, which she reads",
		post(rude.path("/links"), fields{"other_id": m.strange.id})).refused(http.StatusConflict, "accused_would_learn")
}

// sortOut shows issues that are about the same.
func (m *market) sortOut() {
	m.chapter("Cleo reports the same again and again")
	first := m.cleo.reports("reports that the site is slow", "the first", "The site is slow", nil)
	second := m.cleo.reports("does so again", "the second", "The site is still slow", nil)
	third := m.cleo.reports("and again", "the third", "Slow!", nil)
	m.slow = m.cleo.reports("and again", "the fourth", "SLOW", nil)
	m.iris.asks("counts what is not triaged", get("/api/v1/issues/categories?untriaged=true")).
		is(http.StatusOK, "items.0.issues", "4")
	m.iris.asks("finds them by a word", get("/api/v1/issues?q=slow&sort=oldest")).
		is(http.StatusOK, "items", "4", "items.0.id", first.id)

	m.founder.asks("would freeze the listing that it is about", post(first.path("/listing/freeze"), fields{"reason": "It is slow."})).
		refused(http.StatusConflict, "issue_without_listing")
	reject := func(i issue, reason, original string) request {
		body := fields{"reason": reason}
		if original != "" {
			body["duplicate_of_id"] = original
		}
		return post(i.path("/reject"), body)
	}
	m.iris.asks("rejects the second as boring", reject(second, "boring", "")).
		refused(http.StatusUnprocessableEntity, "invalid_rejection")
	m.iris.asks("rejects it as a duplicate of itself", reject(second, "duplicate", second.id)).
		refused(http.StatusUnprocessableEntity, "same_issue")
	m.iris.asks("rejects it as a duplicate of the first", reject(second, "duplicate", first.id)).
		is(http.StatusOK, "state", "rejected", "duplicate_of_id", first.id)
	m.cleo.asks("comments on it", post(second.path("/comments"), text("But it is!"))).
		refused(http.StatusConflict, "transition_not_allowed", "state", "rejected")
	link := post(third.path("/links"), fields{"other_id": first.id})
	m.iris.asks("links the third with the first", link).is(http.StatusOK, "links", "1")
	m.iris.asks("links them again", link).refused(http.StatusConflict, "already_linked")
	merge := func(i, into issue) request { return post(i.path("/merge"), fields{"into_id": into.id}) }
	m.iris.asks("merges the third into the second", merge(third, second)).refused(http.StatusConflict, "target_rejected")
	m.iris.asks("merges it into the first", merge(third, first)).is(http.StatusOK, "state", "merged", "merged_into_id", first.id)
	m.iris.asks("merges the fourth into the third", merge(m.slow, third)).
		refused(http.StatusConflict, "target_merged")
	m.cleo.asks("reads the third, which was hers", get(third.path(""))).is(http.StatusOK, "state", "merged")
	m.iris.asks("triages the fourth as urgent: somebody answers within an hour",
		post(m.slow.path("/triage"), fields{"category": "site", "priority": "urgent"})).
		is(http.StatusOK, "clocks.first_response_target_seconds", "3600", "first_response_missed", "false")
}

// passTheWeek shows what becomes of issues by themselves.
func (m *market) passTheWeek() {
	m.chapter("A week passes")
	m.restart(m.server.ahead + week)
	for _, who := range []*member{m.iris, m.ada} {
		who.signsIn()
	}
	m.iris.asks("reads the fourth, which nobody has answered", get(m.slow.path(""))).
		is(http.StatusOK, "first_response_missed", "true", "resolution_missed", "true")
	m.iris.asks("reads vera's question, which has closed", get(m.pianos.path(""))).is(http.StatusOK, "state", "closed")
	m.ada.asks("reopens what she reported", post(m.strange.path("/reopen"), nil)).
		refused(http.StatusConflict, "transition_not_allowed", "state", "closed")
	m.iris.asks("merges the fourth into vera's question", post(m.slow.path("/merge"), fields{"into_id": m.pianos.id})).
		refused(http.StatusConflict, "target_closed")
	m.iris.asks("adds a note: that is always possible", post(m.pianos.path("/notes"), text("Asked again by telephone."))).
		is(http.StatusOK, "state", "closed")
}
