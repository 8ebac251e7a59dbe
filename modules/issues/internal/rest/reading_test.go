package rest_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/identity"
)

// TestWhoReadsWhat compares what the same issue is to everybody: nothing that is not for a reader is anywhere in what he
// gets.
func TestWhoReadsWhat(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.ada.report(fields{
		"title": "He bids on his own chair", "text": "Look at the third bid.", "about": fields{"listing_id": listing, "bid": 3},
	})
	other := s.ada.report(fields{"title": "Another one"})
	s.picked(path)
	s.agent.post(path+"/participants", fields{"member_id": s.eve.id}).is(http.StatusOK)
	s.agent.post(path+"/notes", fields{"text": "XNOTEX"}).is(http.StatusOK)
	s.agent.post(path+"/links", fields{"other_id": other[1:]}).is(http.StatusOK)
	s.agent.post(path+"/comments", fields{"text": "We look."}).is(http.StatusOK)
	s.ada.post(path+"/comments", fields{"text": "Thank you."}).is(http.StatusOK)
	s.lead.post(path+"/merge", fields{"into_id": other[1:], "text": "It goes on elsewhere."}).is(http.StatusOK)

	everything := func(by caller) string {
		t.Helper()
		return by.get(path).is(http.StatusOK).body + by.get(path+"/timeline").is(http.StatusOK).body +
			by.get(path+"/evidence").is(http.StatusOK).body + by.get("").is(http.StatusOK).body
	}
	secrets := map[string]string{
		"the note":       "XNOTEX",
		"the reporter":   s.ada.id.String(),
		"the bidder":     bidder.String(),
		"the other one":  other[1:],
		"the priority":   `"priority"`,
		"the assignee":   `"assignee_id"`,
		"the clocks":     `"clocks"`,
		"the due times":  `_due"`,
		"the categories": `"category"`,
		"the targets":    `_missed"`,
	}
	for who, test := range map[string]struct {
		by    caller
		as    string
		sees  []string
		kinds []any
	}{
		"an agent": {
			s.agent, "staff",
			[]string{"the note", "the reporter", "the bidder", "the other one", "the priority", "the assignee", "the clocks", "the categories", "the targets"},
			[]any{"reported", "triaged", "picked", "involved", "noted", "linked", "commented", "commented", "merged"},
		},
		"the reporter": {
			s.ada, "reporter", []string{"the reporter"}, []any{"reported", "involved", "commented", "commented", "merged"},
		},
		"a participant": {
			s.eve, "participant", nil, []any{"reported", "involved", "commented", "commented", "merged"},
		},
	} {
		require.Equal(t, test.as, test.by.get(path).text("read_as"), who)
		require.Equal(t, test.kinds, test.by.get(path+"/timeline").column("kind"), who)
		got := everything(test.by)
		if test.as == "reporter" {
			got = strings.ReplaceAll(got, s.ada.get("?q=another").body, "") // his other issue is his to see
			got = strings.ReplaceAll(got, other[1:]+`","title":"Another one"`, "")
		}
		for what, text := range secrets {
			if what == "the due times" && test.as == "staff" {
				continue // there are none any more
			}
			if slices.Contains(test.sees, what) {
				require.Contains(t, got, text, "%s sees %s", who, what)
			} else {
				require.NotContains(t, got, text, "%s sees %s", who, what)
			}
		}
	}
}

// TestStrangersLearnNothing: what is not for somebody is answered like what there is not, but for the request's id.
func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	accused := s.known(seller, identity.Agent, identity.Lead)
	path := s.ada.report(fields{"about": fields{"member_id": seller}})
	unconfirmed := s.visit()
	none := "/" + uuid.NewString()
	nothing := func(a answer) string {
		t.Helper()
		a.refused(http.StatusNotFound, "issue_not_found")
		a.header.Del("X-Request-Id")
		a.header.Del("Date")
		a.header.Del("Content-Length")
		return strings.ReplaceAll(a.body, a.text("instance"), "")
	}
	for _, what := range []string{"", "/timeline", "/evidence"} {
		for who, by := range map[string]caller{"a guest": s.vera, "a stranger": s.eve, "the accused": accused} {
			require.Equal(t, nothing(by.get(none+what)), nothing(by.get(path+what)), who)
		}
		s.following(unconfirmed).get(path+what).refused(http.StatusNotFound, "issue_not_found")
	}
	require.Empty(t, s.eve.get("").items())
	require.Empty(t, accused.get("").items())
	require.Empty(t, accused.get("/categories").items())
	require.Empty(t, accused.get("?view=unassigned").items())
	s.vera.get("").refused(http.StatusUnauthorized, "sign_in_required")
}

func TestAnIssueIsReadAgainOnlyWhenItHasChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.ada.report(nil)
	seen, staffs := s.ada.get(path).is(http.StatusOK).header.Get("ETag"), s.agent.get(path).is(http.StatusOK).header.Get("ETag")
	require.NotEqual(t, seen, staffs)
	s.agent.post(path+"/notes", fields{"text": "Internal."}).is(http.StatusOK)
	s.triaged(path)
	s.ada.get(path, "If-None-Match", staffs).is(http.StatusOK)
	s.agent.get(path, "If-None-Match", staffs).is(http.StatusOK)

	seen = s.ada.get(path).header.Get("ETag")
	s.agent.post(path+"/notes", fields{"text": "Internal."}).is(http.StatusOK)
	s.ada.get(path, "If-None-Match", seen).is(http.StatusNotModified) // the note is not in what she sees
	s.agent.post(path+"/comments", fields{"text": "Public."}).is(http.StatusOK)
	s.ada.get(path, "If-None-Match", seen).is(http.StatusOK)
}

func TestTheTimelineInPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.ada.report(fields{"text": "How does it work?"})
	for _, text := range []string{"One.", "Two.", "Three."} {
		s.agent.post(path+"/notes", fields{"text": "Internal."}).is(http.StatusOK)
		s.agent.post(path+"/comments", fields{"text": text}).is(http.StatusOK)
	}
	var texts []any
	for cursor := ""; ; {
		a := s.ada.get(path + "/timeline?limit=1&cursor=" + cursor)
		texts = append(texts, a.column("text")...)
		if cursor = a.text("next_cursor"); cursor == "" {
			break
		}
	}
	require.Equal(t, []any{"How does it work?", "One.", "Two.", "Three."}, texts)
	s.ada.get(path+"/timeline?cursor=x").refused(http.StatusBadRequest, "invalid_cursor")
	s.ada.get(path+"/timeline?limit=0").refused(http.StatusUnprocessableEntity, "invalid_request")
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.ada.report(fields{"about": fields{"listing_id": listing}})
	a := s.ada.get(path + "/evidence").is(http.StatusOK)
	require.Equal(t, publicLog, a.body)
	require.Equal(t, "application/x-ndjson", a.header.Get("Content-Type"))
	require.Equal(t, publicLog, s.agent.get(path+"/evidence").body)
	require.Equal(t, true, s.ada.get(path + "/timeline").items()[0]["evidence"])
	s.eve.get(path+"/evidence").refused(http.StatusNotFound, "issue_not_found")
	for _, about := range []fields{nil, {"member_id": seller}} {
		body := fields{}
		if about != nil {
			body["about"] = about
		}
		without := s.ada.report(body)
		s.ada.get(without+"/evidence").refused(http.StatusNotFound, "evidence_not_found")
		require.Nil(t, s.ada.get(without + "/timeline").items()[0]["evidence"])
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	add := func(title string, by caller) string {
		path := by.report(fields{"title": title})
		s.clock.Advance(time.Microsecond)
		return path
	}
	add("One fish", s.ada)
	two := add("Two fish", s.ada)
	three := add("Red fish", s.eve)
	four := add("Blue boat", s.eve)
	five := add("A box", s.ada)
	s.agent.post(two+"/triage", fields{"category": "site", "priority": "low"}).is(http.StatusOK)
	s.agent.post(three+"/triage", fields{"category": "payment", "priority": "urgent"}).is(http.StatusOK)
	s.picked(four)
	s.agent.post(four+"/participants", fields{"member_id": s.ada.id}).is(http.StatusOK)
	s.agent.post(five+"/reject", fields{"reason": "spam"}).is(http.StatusOK)

	for query, want := range map[string][]any{
		"":                                {"A box", "Blue boat", "Red fish", "Two fish", "One fish"},
		"?sort=oldest":                    {"One fish", "Two fish", "Red fish", "Blue boat", "A box"},
		"?sort=queue":                     {"Red fish", "Blue boat", "One fish", "A box", "Two fish"},
		"?view=queue":                     {"Red fish", "Two fish"},
		"?view=queue&sort=oldest":         {"Two fish", "Red fish"},
		"?view=queue&category=site":       {"Two fish"},
		"?view=queue&state=assigned":      {},
		"?view=unassigned":                {"Red fish", "One fish", "Two fish"},
		"?view=unassigned&untriaged=true": {"One fish"},
		"?view=unassigned&state=triaged&state=rejected": {"Red fish", "Two fish"},
		"?view=mine": {"Blue boat"},
		"?view=mine&assignee_id=" + s.mate.id.String():  {},
		"?view=mine&assignee_id=" + s.agent.id.String(): {"Blue boat"},
		"?view=mine&unassigned=true":                    {},
		"?assignee_id=" + s.agent.id.String():           {"Blue boat"},
		"?assignee_id=" + uuid.Nil.String():             {},
		"?unassigned=true&state=rejected":               {"A box"},
		"?reporter_id=" + s.eve.id.String():             {"Blue boat", "Red fish"},
		"?reporter_id=" + uuid.Nil.String():             {},
		"?q=fish":                                       {"Red fish", "Two fish", "One fish"},
		"?q=FI+r":                                       {"Red fish"},
		"?q=ish":                                        {},
		"?state=triaged&state=assigned":                 {"Blue boat", "Red fish", "Two fish"},
		"?category=listing":                             {"Blue boat"},
		"?untriaged=true":                               {"A box", "One fish"},
	} {
		require.Equal(t, want, s.agent.get(query).column("title"), query)
	}
	require.Equal(t, []any{"A box", "Blue boat", "Two fish", "One fish"}, s.ada.get("").column("title"))
	require.Equal(t, []any{"Two fish"}, s.ada.get("?state=triaged").column("title"))
	require.Equal(t, []any{"A box", "Two fish", "One fish"}, s.ada.get("?reporter_id="+s.ada.id.String()).column("title"))
	for _, query := range []string{
		"?view=queue", "?view=mine", "?category=site", "?untriaged=true", "?assignee_id=" + s.ada.id.String(), "?unassigned=true",
		"?reporter_id=" + s.eve.id.String(), "?sort=queue", "?reporter_id=" + uuid.Nil.String(),
	} {
		s.ada.get(query).refused(http.StatusForbidden, "not_staff")
	}
	for _, query := range []string{"?state=unconfirmed", "?sort=due", "?view=all", "?mine=true", "?limit=101", "?q=" + strings.Repeat("x", 501)} {
		s.agent.get(query).refused(http.StatusUnprocessableEntity, "invalid_request")
	}

	require.Equal(t, []map[string]any{
		{"issues": 2.0}, {"category": "listing", "issues": 1.0}, {"category": "payment", "issues": 1.0}, {"category": "site", "issues": 1.0},
	}, s.agent.get("/categories").items())
	require.Equal(t, []map[string]any{{"category": "payment", "issues": 1.0}, {"category": "site", "issues": 1.0}},
		s.agent.get("/categories?view=queue").items())
	require.Empty(t, s.agent.get("/categories?assignee_id="+uuid.Nil.String()).items())
	s.ada.get("/categories").refused(http.StatusForbidden, "not_permitted")
	s.agent.get("/categories?sort=queue").refused(http.StatusUnprocessableEntity, "invalid_request")
}

func TestAListInPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	want := []any{}
	for _, title := range []string{"One", "Two", "Three", "Four", "Five"} {
		s.ada.report(fields{"title": title})
		s.clock.Advance(time.Microsecond)
		want = append(want, title)
	}
	for _, query := range []string{"?limit=2&sort=oldest", "?limit=2&sort=queue", "?limit=2&view=unassigned"} {
		got, cursor := []any{}, ""
		for {
			a := s.agent.get(query + "&cursor=" + url.QueryEscape(cursor))
			got = append(got, a.column("title")...)
			if cursor = a.text("next_cursor"); cursor == "" {
				break
			}
			s.agent.get("?sort=newest&cursor="+cursor).refused(http.StatusBadRequest, "invalid_cursor")
		}
		require.Equal(t, want, got, query)
	}
}

func TestStaffSeeTheClocks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.triaged(s.ada.report(nil))
	a := s.agent.get(path)
	require.Equal(t, "2026-03-01T16:00:00.123456Z", a.text("first_response_due"))
	require.Equal(t, "2026-03-03T12:00:00.123456Z", a.text("resolution_due"))
	require.InDelta(t, 14_400, a.value("clocks", "first_response_target_seconds"), 0)
	require.Equal(t, false, a.value("first_response_missed"))
	s.clock.Advance(4 * time.Hour)
	s.agent.post(path+"/comments", fields{"text": "Sorry."}).is(http.StatusOK)
	a = s.agent.get(path)
	require.Equal(t, true, a.value("first_response_missed"))
	require.Equal(t, "2026-03-01T16:00:00.123456Z", a.text("clocks", "first_response_missed_at"))
	entries := s.agent.get(path + "/timeline").items()
	breach := entries[len(entries)-2]
	require.Equal(t, []any{"breached", "first_response", 14_400.0, true}, []any{breach["kind"], breach["clock"], breach["target_seconds"], breach["internal"]})
}
