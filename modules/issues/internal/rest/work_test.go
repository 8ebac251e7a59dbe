package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/identity"
)

// deed is something that the help desk does with an issue.
type deed struct {
	act     string
	prepare func(s *site, path string) string // what it needs
	body    func(s *site) fields
	want    string // the state afterwards
	assigns bool   // only the assignee may, or a lead
	lead    bool   // only a lead may
	always  bool   // also when the issue is over
}

// refusal is how somebody is refused.
type refusal struct {
	by     caller
	status int
	code   string
}

func reported(_ *site, path string) string { return path }

func waiting(s *site, path string) string {
	s.agent.post(s.picked(path)+"/wait", fields{"awaited": "third_party"}).is(http.StatusOK)
	return path
}

func said(text string) func(*site) fields {
	return func(*site) fields { return fields{"text": text} }
}

func without(*site) fields { return nil }

// deeds are all of them.
var deeds = map[string]deed{
	"triage": {act: "triage", prepare: reported, want: "triaged", body: func(*site) fields {
		return fields{"category": "payment", "priority": "urgent"}
	}},
	"pick": {act: "pick", prepare: (*site).triaged, want: "assigned", body: without},
	"assign": {act: "assign", prepare: (*site).triaged, want: "assigned", lead: true, body: func(s *site) fields {
		return fields{"assignee_id": s.mate.id}
	}},
	"reassign": {act: "reassign", prepare: (*site).picked, want: "assigned", lead: true, body: func(s *site) fields {
		return fields{"assignee_id": s.mate.id}
	}},
	"wait": {act: "wait", prepare: (*site).picked, want: "waiting", assigns: true, body: func(*site) fields {
		return fields{"awaited": "reporter", "text": "Which chair?"}
	}},
	"resume": {act: "resume", prepare: waiting, want: "assigned", assigns: true, body: without},
	"note":   {act: "notes", prepare: reported, want: "reported", always: true, body: said("He has done so before.")},
	"involve": {act: "participants", prepare: reported, want: "reported", body: func(s *site) fields {
		return fields{"member_id": s.eve.id}
	}},
	"link": {act: "links", prepare: reported, want: "reported", always: true, body: func(s *site) fields {
		return fields{"other_id": s.alike()[1:]}
	}},
	"resolve": {act: "resolve", prepare: (*site).picked, want: "resolved", assigns: true, body: func(*site) fields {
		return fields{"resolution": "answered", "text": "It is blue."}
	}},
	"reject": {act: "reject", prepare: reported, want: "rejected", body: func(*site) fields {
		return fields{"reason": "not_ours", "text": "Ask the carrier."}
	}},
	"reject as a duplicate": {act: "reject", prepare: reported, want: "rejected", body: func(s *site) fields {
		return fields{"reason": "duplicate", "duplicate_of_id": s.alike()[1:]}
	}},
	"merge": {act: "merge", prepare: reported, want: "merged", body: func(s *site) fields {
		return fields{"into_id": s.alike()[1:]}
	}},
}

// alike is another issue of Ada's about the listing, so that whoever must not know of one must not know of the other.
func (s *site) alike() string {
	s.t.Helper()
	return s.ada.report(fields{"about": fields{"listing_id": listing}})
}

func TestWhoDoesTheWork(t *testing.T) {
	t.Parallel()
	for name, d := range deeds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			accused := s.known(seller, identity.Agent, identity.Lead)
			path := d.prepare(s, s.ada.report(fields{"about": fields{"listing_id": listing}}))
			body := d.body(s)
			refusals := map[string]refusal{
				"a guest":      {s.vera, http.StatusUnauthorized, "sign_in_required"},
				"the reporter": {s.ada, http.StatusForbidden, "not_permitted"},
				"a stranger":   {s.eve, http.StatusForbidden, "not_permitted"},
				"the accused":  {accused, http.StatusNotFound, "issue_not_found"},
			}
			if d.assigns {
				refusals["another agent"] = refusal{s.mate, http.StatusForbidden, "not_assignee"}
			}
			if d.lead {
				refusals["an agent"] = refusal{s.agent, http.StatusForbidden, "not_lead"}
			}
			before := s.lead.get(path).is(http.StatusOK).body
			for who, r := range refusals {
				t.Log(who)
				r.by.post(path+"/"+d.act, body).refused(r.status, r.code)
			}
			require.Equal(t, before, s.lead.get(path).body, "a refusal changes nothing")

			by := s.agent
			if d.lead {
				by = s.lead
			}
			by.post("/"+uuid.NewString()+"/"+d.act, body).refused(http.StatusNotFound, "issue_not_found")
			done := by.post(path+"/"+d.act, body, "Idempotency-Key", "1").is(http.StatusOK)
			require.Equal(t, d.want, done.text("state"))
			require.Equal(t, done.header.Get("ETag"), by.get(path).header.Get("ETag"))
			again := by.post(path+"/"+d.act, body, "Idempotency-Key", "1").is(http.StatusOK)
			require.Equal(t, done.body, again.body, "a key is used once")
		})
	}
}

func TestWhatTheStateDoesNotAllow(t *testing.T) {
	t.Parallel()
	for name, d := range deeds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			path := s.ada.report(nil)
			s.agent.post(path+"/reject", fields{"reason": "spam"}).is(http.StatusOK)
			a := s.lead.post(path+"/"+d.act, d.body(s))
			if d.always {
				a.is(http.StatusOK)
				return
			}
			a.refused(http.StatusConflict, "transition_not_allowed")
			require.Equal(t, "rejected", a.text("state"))
			require.Equal(t, []any{"link", "note"}, a.value("allowed"))
		})
	}
}

func TestTalking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.ada.report(fields{"about": fields{"member_id": seller}})
	accused := s.known(seller)
	s.agent.post(path+"/participants", fields{"member_id": s.eve.id}).is(http.StatusOK)
	for _, by := range []caller{s.ada, s.eve, s.agent, s.lead} {
		by.post(path+"/comments", fields{"text": "Hello."}).is(http.StatusOK)
	}
	for _, by := range []caller{s.vera, accused, s.signedIn()} {
		by.post(path+"/comments", fields{"text": "Hello."}).refused(http.StatusNotFound, "issue_not_found")
		by.post(path+"/reopen", nil).refused(http.StatusNotFound, "issue_not_found")
	}
	s.ada.post(path+"/comments", fields{"text": " "}).refused(http.StatusUnprocessableEntity, "invalid_text")
	s.ada.post(path+"/comments", fields{"text": strings.Repeat("é", 10_000)}).is(http.StatusOK)
	s.ada.post(path+"/comments", fields{"text": strings.Repeat("é", 10_001)}).refused(http.StatusUnprocessableEntity, "invalid_text")
	require.InDelta(t, 5, s.ada.get(path).value("comments"), 0)

	s.ada.post(path+"/reopen", nil).refused(http.StatusConflict, "transition_not_allowed")
	s.resolved(path)
	s.eve.post(path+"/reopen", nil).refused(http.StatusForbidden, "not_reporter")
	require.Equal(t, "assigned", s.ada.post(path+"/reopen", fields{"text": "It is not."}).is(http.StatusOK).text("state"))
	s.agent.post(path+"/resolve", fields{"resolution": "fixed", "text": "Now it is."}).is(http.StatusOK)
	s.agent.post(path+"/resolve", fields{"resolution": "fixed", "text": "Twice."}).refused(http.StatusConflict, "transition_not_allowed")
}

func TestTheReportersAnswerEndsTheWaiting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.picked(s.ada.report(nil))
	s.agent.post(path+"/wait", fields{"awaited": "reporter", "text": "Which chair?"}).is(http.StatusOK)
	require.Equal(t, "reporter", s.ada.get(path).text("awaited"))
	s.agent.post(path+"/comments", fields{"text": "Please."}).is(http.StatusOK)
	require.Equal(t, "waiting", s.ada.get(path).text("state"))
	require.Equal(t, "assigned", s.ada.post(path+"/comments", fields{"text": "The red one."}).is(http.StatusOK).text("state"))
}

func TestAResolutionIsReopenedUntilItCloses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after time.Duration
		state string
		want  int
	}{
		"one microsecond before a week is over": {7*24*time.Hour - time.Microsecond, "resolved", http.StatusOK},
		"when a week is over":                   {7 * 24 * time.Hour, "closed", http.StatusConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			path := s.resolved(s.ada.report(nil))
			require.Equal(t, "2026-03-08T12:00:00.123456Z", s.ada.get(path).text("closes_at"))
			s.clock.Advance(test.after)
			require.Equal(t, test.state, s.ada.get(path).text("state"), "although no job has run")
			s.ada.post(path+"/reopen", nil).is(test.want)
		})
	}
}

func TestWhatTheWorkNeeds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.ada.report(fields{"about": fields{"member_id": seller}})
	const invalid, conflict = http.StatusUnprocessableEntity, http.StatusConflict

	a := s.agent.post(path+"/triage", fields{"category": "chairs", "priority": "very"}).refused(invalid, "invalid_category")
	require.Len(t, a.value("errors"), 2)
	s.agent.post(path+"/triage", fields{"category": "site", "priority": "very"}).refused(invalid, "invalid_priority")
	s.triaged(path)
	s.lead.post(path+"/assign", fields{"assignee_id": s.eve.id}).refused(invalid, "invalid_assignee")
	a = s.lead.post(path+"/assign", fields{"assignee_id": uuid.Nil}).refused(invalid, "invalid_assignee")
	require.Equal(t, "assignee_id", a.text("field"))
	s.known(seller, identity.Agent)
	s.lead.post(path+"/assign", fields{"assignee_id": seller}).refused(conflict, "assignee_concerned")
	s.agent.post(path+"/assign", fields{"assignee_id": s.agent.id}).is(http.StatusOK)
	s.lead.post(path+"/reassign", fields{"assignee_id": s.agent.id}).refused(conflict, "already_assigned")
	s.agent.post(path+"/wait", fields{"awaited": "nobody"}).refused(invalid, "invalid_awaited")
	s.agent.post(path+"/notes", fields{"text": ""}).refused(invalid, "invalid_text")
	s.agent.post(path+"/participants", fields{"member_id": nobody}).refused(invalid, "invalid_member")
	s.agent.post(path+"/participants", fields{"member_id": seller}).refused(conflict, "member_concerned")
	s.agent.post(path+"/participants", fields{"member_id": s.ada.id}).refused(conflict, "already_involved")
	s.agent.post(path+"/resolve", fields{"resolution": "magic", "text": "Gone."}).refused(invalid, "invalid_resolution")
	s.agent.post(path+"/reject", fields{"reason": "boring"}).refused(invalid, "invalid_rejection")

	other := s.ada.report(nil)
	s.agent.post(path+"/reject", fields{"reason": "duplicate"}).refused(invalid, "invalid_rejection")
	s.agent.post(path+"/reject", fields{"reason": "spam", "duplicate_of_id": other[1:]}).refused(invalid, "invalid_rejection")
	s.agent.post(path+"/reject", fields{"reason": "duplicate", "duplicate_of_id": path[1:]}).refused(invalid, "same_issue")
	s.agent.post(path+"/links", fields{"other_id": path[1:]}).refused(invalid, "same_issue")
	s.agent.post(path+"/links", fields{"other_id": uuid.New()}).refused(http.StatusNotFound, "issue_not_found")
	s.agent.post(path+"/links", fields{"other_id": other[1:]}).refused(conflict, "accused_would_learn")
	alike := s.alike()
	s.agent.post(path+"/links", fields{"other_id": alike[1:]}).is(http.StatusOK)
	s.agent.post(alike+"/links", fields{"other_id": path[1:]}).refused(conflict, "already_linked")

	third := s.ada.report(nil)
	s.agent.post(other+"/merge", fields{"into_id": third[1:]}).is(http.StatusOK)
	s.agent.post(path+"/merge", fields{"into_id": other[1:]}).refused(conflict, "target_merged")
	s.agent.post(third+"/reject", fields{"reason": "spam"}).is(http.StatusOK)
	s.agent.post(path+"/merge", fields{"into_id": third[1:]}).refused(conflict, "target_rejected")
	fourth := s.resolved(s.alike())
	s.clock.Advance(7 * 24 * time.Hour)
	s.agent.post(path+"/merge", fields{"into_id": fourth[1:]}).refused(conflict, "target_closed")
	s.agent.post(path+"/reject", fields{"reason": "duplicate", "duplicate_of_id": fourth[1:]}).is(http.StatusOK)
}
