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

func TestAMemberReports(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.ada.post("", fields{
		"title": "The chair is red", "text": "It should be blue.", "about": fields{"listing_id": listing},
	}).is(http.StatusCreated)
	require.Equal(t, "/api/v1/issues/"+a.text("id"), a.header.Get("Location"))
	require.Equal(t, "reported", a.text("state"))
	require.Equal(t, "reporter", a.text("read_as"))
	require.Equal(t, s.ada.id.String(), a.text("reporter_id"))
	require.Equal(t, "2026-03-01T12:00:00.123456Z", a.text("reported_at"))
	require.Equal(t, map[string]any{
		"kind": "listing", "listing_id": listing.String(), "member_id": seller.String(),
		"log": map[string]any{"events": 7.0, "hash": "09" + strings.Repeat("00", 31)},
	}, a.value("about"))
	require.Equal(t, a.header.Get("ETag"), s.ada.get("/"+a.text("id")).is(http.StatusOK).header.Get("ETag"))
}

func TestAReportIsMadeOnceUnderItsKey(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := s.ada.post("", fields{"title": "A question"}, "Idempotency-Key", "1").is(http.StatusCreated)
	again := s.ada.post("", fields{"title": "A question"}, "Idempotency-Key", "1").is(http.StatusCreated)
	require.Equal(t, first.body, again.body)
	s.ada.post("", fields{"title": "Another question"}, "Idempotency-Key", "1").refused(http.StatusConflict, "idempotency_conflict")

	visit := fields{"title": "A question", "email": "vera@example.org"}
	s.vera.post("", visit, "Idempotency-Key", "1").is(http.StatusAccepted)
	s.vera.post("", visit, "Idempotency-Key", "1").is(http.StatusAccepted)
	_, posted := s.letters.last()
	require.Equal(t, 1, posted)
}

func TestWhatIsNoReport(t *testing.T) {
	t.Parallel()
	about := func(subject fields) fields { return fields{"title": "A", "about": subject} }
	tests := map[string]struct {
		visitor  bool
		body     fields
		code     string
		location string
	}{
		"nothing":                       {false, fields{"title": ""}, "invalid_title", "body.title"},
		"a title of two lines":          {false, fields{"title": "A\nB"}, "invalid_title", "body.title"},
		"a title of 1,001 characters":   {false, fields{"title": strings.Repeat("é", 1001)}, "invalid_title", "body.title"},
		"a text of 10,001 characters":   {false, fields{"title": "A", "text": strings.Repeat("é", 10_001)}, "invalid_text", "body.text"},
		"about nothing":                 {false, about(fields{}), "invalid_subject", ""},
		"about a listing of nobody's":   {false, about(fields{"listing_id": uuid.New()}), "invalid_subject", ""},
		"about no listing's id":         {false, about(fields{"listing_id": uuid.Nil}), "invalid_subject", ""},
		"about a bid without a listing": {false, about(fields{"bid": 3}), "invalid_subject", ""},
		"about what is no bid":          {false, about(fields{"listing_id": listing, "bid": 4}), "invalid_subject", ""},
		"about nobody":                  {false, about(fields{"member_id": nobody}), "invalid_subject", ""},
		"about nobody's id":             {false, about(fields{"member_id": uuid.Nil}), "invalid_subject", ""},
		"about a bid below zero":        {false, about(fields{"listing_id": listing, "bid": -1}), "invalid_request", "body.about.bid"},
		"a member's with an address":    {false, fields{"title": "A", "email": "ada@example.org"}, "invalid_email", ""},
		"a field that there is not":     {false, fields{"title": "A", "priority": "urgent"}, "invalid_request", "body.priority"},
		"a visitor's without address":   {true, fields{"title": "A"}, "invalid_email", ""},
		"a visitor's with half of one":  {true, fields{"title": "A", "email": "vera"}, "invalid_email", ""},
		"a visitor's with a bad title":  {true, fields{"title": "\x01", "email": "v@example.org"}, "invalid_title", "body.title"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			by := s.ada
			if test.visitor {
				by = s.vera
			}
			a := by.post("", test.body).refused(http.StatusUnprocessableEntity, test.code)
			if test.location != "" {
				require.Equal(t, test.location, a.value("errors").([]any)[0].(map[string]any)["location"], a.body)
			}
			require.Empty(t, s.lead.get("").items())
			_, posted := s.letters.last()
			require.Zero(t, posted)
		})
	}
}

func TestWhatIsWrongWithAReportIsToldAsItsBodyHasIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.ada.post("", fields{"title": "", "text": "\x01"}).refused(http.StatusUnprocessableEntity, "invalid_title")
	require.Len(t, a.value("errors"), 2, "every field at once")
	a = s.ada.post("", fields{"title": "A", "about": fields{"member_id": nobody}}).is(http.StatusUnprocessableEntity)
	require.Equal(t, "about", a.text("field"))
}

func TestAVisitorIsToldAllThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	for name, about := range map[string]fields{
		"nothing":                     {},
		"the id of nobody":            {"member_id": uuid.Nil},
		"a listing that there is not": {"listing_id": uuid.New()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			a := s.vera.post("", fields{"title": "", "email": "vera", "about": about}).refused(http.StatusUnprocessableEntity, "invalid_title")
			var locations []any
			for _, wrong := range a.value("errors").([]any) {
				locations = append(locations, wrong.(map[string]any)["location"])
			}
			require.ElementsMatch(t, []any{"body.title", "body.email", "body.about"}, locations)
		})
	}
}

func TestAVisitorConfirmsAndFollows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.visit()
	require.Empty(t, s.lead.get("").items(), "staff see it when the address is confirmed")
	s.following(token).get("").refused(http.StatusUnauthorized, "sign_in_required")

	s.vera.post("/confirmations", fields{"token": "x" + token[1:]}).refused(http.StatusConflict, "invalid_confirmation")
	s.vera.post("/confirmations", fields{"token": ""}).refused(http.StatusConflict, "invalid_confirmation")
	confirmed := s.vera.post("/confirmations", fields{"token": token}).is(http.StatusOK)
	s.vera.post("/confirmations", fields{"token": token}).refused(http.StatusConflict, "already_confirmed")
	path, visitor := "/"+confirmed.text("issue_id"), s.following(confirmed.text("issue_link"))
	require.Len(t, s.lead.get("").items(), 1)

	issue := visitor.get(path).is(http.StatusOK)
	require.Equal(t, "reporter", issue.text("read_as"))
	require.Equal(t, "vera@example.org", issue.text("email"))
	visitor.post(path+"/comments", fields{"text": "It is urgent."}).is(http.StatusOK)
	require.Equal(t, []any{"reported", "confirmed", "commented"}, visitor.get(path+"/timeline").column("kind"))

	s.agent.post(s.picked(path)+"/resolve", fields{"resolution": "answered", "text": "It is not."}).is(http.StatusOK)
	newest, _ := s.letters.last()
	require.NotEqual(t, confirmed.text("issue_link"), newest)
	s.following(newest).post(path+"/reopen", nil).is(http.StatusOK)
	visitor.get(path).is(http.StatusOK) // the older link is good, too
}

func TestAnAddressIsConfirmedInTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after  time.Duration
		status int
	}{
		"one microsecond before the end": {24*time.Hour - time.Microsecond, http.StatusOK},
		"at the end":                     {24 * time.Hour, http.StatusConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			token := s.visit()
			s.clock.Advance(test.after)
			s.vera.post("/confirmations", fields{"token": token}).is(test.status)
		})
	}
}

func TestALinkLeadsToOneIssue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path, visitor := s.visited()
	other, _ := s.visited()
	mine := s.ada.report(nil)
	for _, foreign := range []string{other, mine} {
		visitor.get(foreign).refused(http.StatusNotFound, "issue_not_found")
		visitor.get(foreign+"/timeline").refused(http.StatusNotFound, "issue_not_found")
		visitor.get(foreign+"/evidence").refused(http.StatusNotFound, "issue_not_found")
		visitor.post(foreign+"/comments", fields{"text": "Hello?"}).refused(http.StatusNotFound, "issue_not_found")
		visitor.post(foreign+"/reopen", nil).refused(http.StatusNotFound, "issue_not_found")
	}
	visitor.get("").refused(http.StatusUnauthorized, "sign_in_required")
	visitor.post(path+"/notes", fields{"text": "Mine."}).refused(http.StatusUnauthorized, "sign_in_required")

	// The link counts before who shows it: an agent who follows it reads what the visitor reads.
	link := visitor.headers[1]
	require.Equal(t, "reporter", s.agent.get(path, "Issue-Link", link).is(http.StatusOK).text("read_as"))
	require.Equal(t, "staff", s.agent.get(path).is(http.StatusOK).text("read_as"))
	s.agent.get(mine, "Issue-Link", link).refused(http.StatusNotFound, "issue_not_found")
	s.agent.get(path, "Issue-Link", "nonsense").refused(http.StatusNotFound, "issue_not_found")
	s.vera.get(path, "Issue-Link", strings.Repeat("x", 201)).refused(http.StatusUnprocessableEntity, "invalid_request")
	s.ada.get(path).refused(http.StatusNotFound, "issue_not_found")
}

// TestARepeatedKeyTellsStrangersNothing: guests share the keys, so that a stranger who knows one gets no more by it.
func TestARepeatedKeyTellsStrangersNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path, visitor := s.visited()
	comment := fields{"text": "It is urgent."}
	visitor.post(path+"/comments", comment, "Idempotency-Key", "1").is(http.StatusOK)
	visitor.post(path+"/comments", comment, "Idempotency-Key", "1").is(http.StatusOK)
	s.vera.post(path+"/comments", comment, "Idempotency-Key", "1").refused(http.StatusNotFound, "issue_not_found")
	require.InDelta(t, 1, visitor.get(path).value("comments"), 0)
}

func TestATokenNeedsItsScopes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.ada.report(nil)
	program := func(scopes ...string) caller {
		return s.authenticated(identity.Caller{
			ID: s.agent.id, Roles: []identity.Role{identity.Member, identity.Agent}, Credential: uuid.New(), Token: true, Scopes: scopes,
		})
	}
	program("issues.follow").get(path).refused(http.StatusNotFound, "issue_not_found")
	program("issues.follow", "issues.work").get(path).is(http.StatusOK)
	program("issues.work").get(path).refused(http.StatusForbidden, "missing_scope")
	program("issues.follow").post(path+"/notes", fields{"text": "N."}).refused(http.StatusForbidden, "missing_scope")
	program("issues.follow").post("", fields{"title": "A"}).refused(http.StatusForbidden, "missing_scope")
	program("issues.report").post("", fields{"title": "A"}).is(http.StatusCreated)
}

// TestAVisitorsReportIsAnsweredInEvenTime looks for the slot to whose end every answer is put off.
func TestAVisitorsReportIsAnsweredInEvenTime(t *testing.T) {
	t.Parallel()
	const slot = 20 * time.Millisecond // of httpserver.Even
	s := newSite(t)
	for name, body := range map[string]fields{
		"a report": {"title": "A question", "email": "vera@example.org"},
		"none":     {"title": "A question", "email": "vera"},
	} {
		begun := time.Now()
		s.vera.post("", body)
		require.GreaterOrEqual(t, time.Since(begun), slot, name)
	}
}
