package rest_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// watchPath is where a member watches the listing.
func watchPath(id uuid.UUID) string { return "/api/v1/listings/" + id.String() + "/watch" }

func TestAListingIsWatchedAndNoMore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	alice, bob := s.signedIn(uuid.New()), s.signedIn(uuid.New())
	s.get(watchPath(id), alice...).problem(t, http.StatusNotFound, "not_watched")
	want := `{"listing_id": "` + id.String() + `", "since": "2026-03-01T12:00:00.123456Z"}`
	for range 2 {
		a := s.send(http.MethodPut, watchPath(id), "", alice...)
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.JSONEq(t, want, a.body)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		s.clock.Advance(time.Minute)
	}
	require.JSONEq(t, want, s.get(watchPath(id), alice...).body)
	s.get(watchPath(id), bob...).problem(t, http.StatusNotFound, "not_watched")
	for range 2 {
		require.Equal(t, http.StatusNoContent, s.send(http.MethodDelete, watchPath(id), "", alice...).status)
		s.get(watchPath(id), alice...).problem(t, http.StatusNotFound, "not_watched")
	}
}

func TestWhatCannotBeWatched(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	draft, open := s.draft(seller, domain.Content{}), s.publish(seller, domain.Content{})
	s.send(http.MethodPut, watchPath(draft), "", s.signedIn(uuid.New())...).problem(t, http.StatusNotFound, "listing_not_found")
	s.send(http.MethodPut, watchPath(draft), "", s.signedIn(seller)...).problem(t, http.StatusNotFound, "listing_not_found")
	s.send(http.MethodPut, watchPath(uuid.New()), "", s.signedIn(seller)...).problem(t, http.StatusNotFound, "listing_not_found")
	bidding := s.caller(identity.Caller{
		ID: uuid.New(), Roles: []identity.Role{identity.Member}, Credential: uuid.New(), Scopes: []string{listingsapi.Bid.Name()}, Token: true,
	})
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		s.send(method, watchPath(open), "").problem(t, http.StatusUnauthorized, "sign_in_required")
		s.send(method, watchPath(open), "", bidding...).problem(t, http.StatusForbidden, "missing_scope")
	}
	s.get("/api/v1/me/watches").problem(t, http.StatusUnauthorized, "sign_in_required")
	s.get("/api/v1/me/watches", bidding...).problem(t, http.StatusForbidden, "missing_scope")
	s.get("/api/v1/me/watches?cursor=nonsense", s.signedIn(seller)...).problem(t, http.StatusBadRequest, "invalid_cursor")
}

func TestTheWatchListIsShownInOrderAndPaged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.signedIn(uuid.New())
	var ids []uuid.UUID
	for _, days := range []int{3, 1, 2} {
		ids = append(ids, s.publish(uuid.New(), domain.Content{Duration: time.Duration(days) * 24 * time.Hour}))
		s.clock.Advance(time.Second)
		require.Equal(t, http.StatusOK, s.send(http.MethodPut, watchPath(ids[len(ids)-1]), "", alice...).status)
	}
	type list struct {
		Items []struct {
			Listing struct {
				ID     uuid.UUID `json:"id"`
				Status string    `json:"status"`
			} `json:"listing"`
			Since string `json:"since"`
		} `json:"items"`
		NextCursor string `json:"next_cursor"`
	}
	ask := func(query string) (found list) {
		a := s.get("/api/v1/me/watches"+query, alice...)
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		require.NoError(t, json.Unmarshal([]byte(a.body), &found))
		return found
	}
	order := func(query string) (found []uuid.UUID) {
		for _, item := range ask(query).Items {
			found = append(found, item.Listing.ID)
		}
		return found
	}
	require.Equal(t, []uuid.UUID{ids[1], ids[2], ids[0]}, order(""))
	require.Equal(t, []uuid.UUID{ids[0], ids[2], ids[1]}, order("?sort=-ending"))
	require.Equal(t, []uuid.UUID{ids[2], ids[1], ids[0]}, order("?sort=newest"))
	first := ask("?limit=2")
	require.Len(t, first.Items, 2)
	require.Equal(t, []uuid.UUID{ids[0]}, order("?limit=2&cursor="+first.NextCursor))
	require.Equal(t, "2026-03-01T12:00:02.123456Z", first.Items[0].Since)

	s.clock.Advance(36 * time.Hour)
	require.Equal(t, []uuid.UUID{ids[2], ids[0]}, order(""))
	all := ask("?ended=true")
	require.Len(t, all.Items, 3)
	require.Equal(t, "unsold_no_bids", all.Items[0].Listing.Status, "whether or not that is stored yet")
}
