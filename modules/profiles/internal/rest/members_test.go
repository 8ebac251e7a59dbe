package rest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/sitetest"
	"github.com/gavelhq/gavel/platform/identity"
)

func TestAMemberShowsOthersNoMoreThanTheProfile(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	path := "/api/v1/members/" + b.ID.String()
	public := `{"id": "` + b.ID.String() + `", "handle": "ada", "display_name": "ada", "registered_at": "2026-03-01T12:00:00.123456Z",
		"auctions_won": 0, "auctions_sold": 0}`
	guest := s.Browser().Get(path).Is(http.StatusOK)
	require.JSONEq(t, public, guest.Body)
	require.JSONEq(t, public, s.Member("eve").Get(path).Is(http.StatusOK).Body)
	require.JSONEq(t, public, s.Browser().Get("/api/v1/members/by-handle/ADA").Is(http.StatusOK).Body)
	require.Equal(t, http.StatusNotModified, s.Browser().Get(path, "If-None-Match", guest.Header.Get("ETag")).Status)

	full := `{"id": "` + b.ID.String() + `", "handle": "ada", "display_name": "ada", "registered_at": "2026-03-01T12:00:00.123456Z",
		"auctions_won": 0, "auctions_sold": 0, "email": "ada@example.org", "status": "active", "verified_at": "2026-03-01T12:00:00.123456Z"}`
	require.JSONEq(t, full, b.Get(path).Is(http.StatusOK).Body)
	require.JSONEq(t, full, s.Holder("helen", identity.Agent).Get(path).Is(http.StatusOK).Body)
}

func TestWhatAMemberHasWonAndSoldIsShownToEverybody(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	ada, eve, admin, guest := s.Member("ada"), s.Member("eve"), s.Admin("root1"), s.Browser()
	path := "/api/v1/members/" + ada.ID.String()
	before := guest.Get(path).Is(http.StatusOK).Header.Get("ETag")
	s.Sold(ada.ID, eve.ID)
	s.Sold(ada.ID, eve.ID)
	s.Sold(eve.ID, ada.ID)
	want := map[string][2]int{"ada": {1, 2}, "eve": {2, 1}, "root1": {0, 0}}

	type figures struct {
		Handle       string
		AuctionsWon  *int `json:"auctions_won"`
		AuctionsSold *int `json:"auctions_sold"`
	}
	for name, b := range map[string]*sitetest.Browser{"a guest": guest, "himself": ada, "another": eve, "an admin": admin} {
		for _, page := range []string{path, "/api/v1/members/by-handle/ada"} {
			var shown figures
			b.Get(page, "If-None-Match", before).Is(http.StatusOK).JSON(&shown)
			require.Equal(t, want["ada"], [2]int{*shown.AuctionsWon, *shown.AuctionsSold}, name)
		}
	}
	var list struct{ Items []figures }
	admin.Get("/api/v1/members").Is(http.StatusOK).JSON(&list)
	got := map[string][2]int{}
	for _, m := range list.Items {
		got[m.Handle] = [2]int{*m.AuctionsWon, *m.AuctionsSold}
	}
	require.Equal(t, want, got)
}

func TestAMemberWhoIsNotVerifiedIsNobodyToOthers(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	s.Browser().Post("/api/v1/members", ada(nil)).Is(http.StatusAccepted)
	id := s.Admin("root1").Get("/api/v1/members/by-handle/ada").Is(http.StatusOK).Object()["id"].(string)
	eve := s.Member("eve")
	for _, path := range []string{"/api/v1/members/" + id, "/api/v1/members/by-handle/ada"} {
		s.Browser().Get(path).Problem(http.StatusNotFound, "member_not_found")
		eve.Get(path).Problem(http.StatusNotFound, "member_not_found")
	}
	s.Browser().Get("/api/v1/members/"+uuid.NewString()).Problem(http.StatusNotFound, "member_not_found")
	s.Browser().Get("/api/v1/members/by-handle/nobody").Problem(http.StatusNotFound, "member_not_found")
	s.Browser().Get("/api/v1/members/ada").Problem(http.StatusUnprocessableEntity, "invalid_request")
}

func TestMembersAreListedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	admin := s.Admin("root1")
	s.Clock.Advance(time.Hour)
	s.Member("ada")
	s.Clock.Advance(time.Hour)
	eve := s.Member("eve")
	s.Clock.Advance(time.Hour)
	s.Browser().Post("/api/v1/members", object{"email": "zoe@example.org", "handle": "zoe", "password": password}).Is(http.StatusAccepted)
	admin.Post("/api/v1/members/"+eve.ID.String()+"/suspend", object{"reason": "Does not pay."}).Is(http.StatusNoContent)

	at := func(hours time.Duration) string { return sitetest.Noon.Add(hours * time.Hour).Format(time.RFC3339Nano) }
	tests := map[string]struct {
		query url.Values
		want  []string
	}{
		"all, the newest first":   {want: []string{"zoe", "eve", "ada", "root1"}},
		"the oldest first":        {query: url.Values{"sort": {"oldest"}}, want: []string{"root1", "ada", "eve", "zoe"}},
		"by handle":               {query: url.Values{"sort": {"handle"}}, want: []string{"ada", "eve", "root1", "zoe"}},
		"by handle, backwards":    {query: url.Values{"sort": {"-handle"}}, want: []string{"zoe", "root1", "eve", "ada"}},
		"by the beginning":        {query: url.Values{"prefix": {"A"}}, want: []string{"ada"}},
		"by address":              {query: url.Values{"email": {"EVE@example.org"}}, want: []string{"eve"}},
		"by status":               {query: url.Values{"status": {"suspended"}}, want: []string{"eve"}},
		"by several statuses":     {query: url.Values{"status": {"suspended", "active"}}, want: []string{"zoe", "eve", "ada", "root1"}},
		"by role":                 {query: url.Values{"role": {"admin"}}, want: []string{"root1"}},
		"who are verified":        {query: url.Values{"verified": {"true"}}, want: []string{"eve", "ada", "root1"}},
		"who are not":             {query: url.Values{"verified": {"false"}}, want: []string{"zoe"}},
		"who leave":               {query: url.Values{"leaving": {"true"}}, want: []string{}},
		"by registration":         {query: url.Values{"registered_from": {at(1)}, "registered_before": {at(3)}}, want: []string{"eve", "ada"}},
		"by everything, together": {query: url.Values{"prefix": {"e"}, "status": {"active"}}, want: []string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var list struct {
				Items []struct{ Handle, Email string }
			}
			admin.Get("/api/v1/members?" + test.query.Encode()).Is(http.StatusOK).JSON(&list)
			got := []string{}
			for _, item := range list.Items {
				got = append(got, item.Handle)
				require.Equal(t, sitetest.Address(item.Handle), item.Email)
			}
			require.Equal(t, test.want, got)
		})
	}
	var first struct {
		Items      []object `json:"items"`
		NextCursor string   `json:"next_cursor"`
	}
	admin.Get("/api/v1/members?limit=3&sort=handle").Is(http.StatusOK).JSON(&first)
	require.Len(t, first.Items, 3)
	rest := admin.Get("/api/v1/members?limit=3&sort=handle&cursor=" + first.NextCursor).Is(http.StatusOK).Object()
	require.Len(t, rest["items"], 1)
	require.NotContains(t, rest, "next_cursor")
	admin.Get("/api/v1/members?sort=newest&cursor="+first.NextCursor).Problem(http.StatusBadRequest, "invalid_cursor")
	admin.Get("/api/v1/members?verified=maybe").Problem(http.StatusUnprocessableEntity, "invalid_request")
	admin.Get("/api/v1/members?colour=blue").Problem(http.StatusUnprocessableEntity, "invalid_request")
	s.Browser().Get("/api/v1/members").Problem(http.StatusUnauthorized, "sign_in_required")
}
