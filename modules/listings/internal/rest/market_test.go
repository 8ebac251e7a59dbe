package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

func TestADraftIsPublishedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me := s.signedIn(uuid.New())
	path := s.post(listingsPath, chair, me...).header.Get("Location")
	keyed := append(me, "Idempotency-Key", "k")
	published := s.post(path+"/publish", "", keyed...)
	require.Equal(t, "open", published.fields(t, http.StatusOK)["status"])
	require.NotContains(t, published.fields(t, http.StatusOK), "reserve", "nobody is shown it any more")
	require.Equal(t, published.header.Get("ETag"), s.get(path, me...).header.Get("ETag"))
	require.Equal(t, "open", s.post(path+"/publish", "", keyed...).fields(t, http.StatusOK)["status"])
	s.post(path+"/publish", "", me...).problem(t, http.StatusConflict, "already_published")
	s.post(path+"/publish", "", s.signedIn(uuid.New())...).problem(t, http.StatusForbidden, "not_owner")
	s.send(http.MethodDelete, path, "", me...).problem(t, http.StatusConflict, "listing_not_draft")

	tag := published.header.Get("ETag")
	edited := s.send(http.MethodPut, path, `{"title": "A blue chair", "start_price": {"amount": "12", "currency": "USD"}, "duration_seconds": 7200}`,
		append(me, "If-Match", tag)...)
	require.Equal(t, money("12.00"), edited.fields(t, http.StatusOK)["start_price"])
	s.bid(uuid.MustParse(edited.fields(t, http.StatusOK)["id"].(string)), uuid.New(), "20")
	s.send(http.MethodPut, path, chair, append(me, "If-Match", edited.header.Get("ETag"))...).
		problem(t, http.StatusPreconditionFailed, "version_mismatch")
	s.send(http.MethodPut, path, chair, me...).problem(t, http.StatusConflict, "listing_has_bids")
}

func TestADescriptionIsAddedTo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	me := append(s.signedIn(seller), "Idempotency-Key", "k")
	path := listingsPath + "/" + s.publish(seller, domain.Content{}).String()
	for range 2 {
		listing := s.post(path+"/additions", `{"text": "And red"}`, me...).fields(t, http.StatusOK)
		require.Equal(t, []any{map[string]any{"at": "2026-03-01T12:00:00.123456Z", "text": "And red"}}, listing["additions"])
	}
	refused := s.post(path+"/additions", `{"text": " "}`, me[:2]...)
	refused.problem(t, http.StatusUnprocessableEntity, "invalid_description")
	require.Equal(t, "text", refused.fields(t, http.StatusUnprocessableEntity)["field"], "as the body names it")
	s.post(path+"/additions", `{"text": "Mine"}`, s.signedIn(uuid.New())...).problem(t, http.StatusForbidden, "not_owner")
}

func TestAListingIsCancelled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	me := s.signedIn(seller)
	early, late := s.publish(seller, domain.Content{}), s.publish(seller, domain.Content{})
	s.bid(late, uuid.New(), "5")
	path := listingsPath + "/" + early.String()
	s.post(path+"/cancel", "", s.signedIn(uuid.New())...).problem(t, http.StatusForbidden, "not_owner")
	require.Equal(t, "cancelled", s.post(path+"/cancel", "", me...).fields(t, http.StatusOK)["status"])
	s.post(path+"/cancel", `{"reason": "broken"}`, me...).problem(t, http.StatusConflict, "listing_not_open")

	s.clock.Advance(7*24*time.Hour - time.Hour)
	path = listingsPath + "/" + late.String()
	s.post(path+"/cancel", `{"reason": "broken"}`, me...).problem(t, http.StatusConflict, "too_late_to_cancel")
	moderator := s.signedIn(uuid.New(), identity.Moderator)
	s.post(path+"/cancel", "", moderator...).problem(t, http.StatusUnprocessableEntity, "invalid_reason")
	require.Equal(t, "cancelled", s.post(path+"/cancel", `{"reason": "stolen"}`, moderator...).fields(t, http.StatusOK)["status"])
}

func TestABiddersBidsAreCancelled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, bidder := uuid.New(), uuid.New()
	me := s.signedIn(seller)
	id := s.publish(seller, domain.Content{})
	path := listingsPath + "/" + id.String()
	s.bid(id, bidder, "5")
	body := `{"bidder_id": "` + bidder.String() + `", "reason": "no money"}`
	s.post(path+"/cancel-bids", body, s.signedIn(uuid.New())...).problem(t, http.StatusForbidden, "not_owner")
	s.post(path+"/cancel-bids", `{"bidder_id": "`+bidder.String()+`", "reason": ""}`, me...).
		problem(t, http.StatusUnprocessableEntity, "invalid_reason")
	keyed := append(me, "Idempotency-Key", "k")
	first := s.post(path+"/cancel-bids", body, keyed...).fields(t, http.StatusOK)
	require.Equal(t, []any{3.0}, first["bids"])
	require.Equal(t, first, s.post(path+"/cancel-bids", body, keyed...).fields(t, http.StatusOK))
	s.post(path+"/cancel-bids", body, me...).problem(t, http.StatusConflict, "nothing_to_cancel")
	s.post(path+"/bids", bidOf("50"), s.signedIn(bidder)...).problem(t, http.StatusForbidden, "bidder_not_eligible")
	require.Equal(t, true, s.get(path+"/standing", s.signedIn(bidder)...).fields(t, http.StatusOK)["excluded"])
}

func TestModeratorsFreezeAndUnfreeze(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, moderator := uuid.New(), uuid.New()
	id := s.publish(seller, domain.Content{})
	path := listingsPath + "/" + id.String()
	keeper := s.signedIn(moderator, identity.Moderator)
	reason := `{"reason": "fraud?"}`
	s.post(path+"/freeze", reason, s.signedIn(seller)...).problem(t, http.StatusForbidden, "not_permitted")
	s.post(path+"/freeze", reason).problem(t, http.StatusUnauthorized, "sign_in_required")
	s.post(path+"/unfreeze", reason, keeper...).problem(t, http.StatusConflict, "listing_not_frozen")
	s.post(path+"/freeze", `{"reason": " "}`, keeper...).problem(t, http.StatusUnprocessableEntity, "invalid_reason")
	for range 2 {
		frozen := s.post(path+"/freeze", reason, append(keeper, "Idempotency-Key", "k")...).fields(t, http.StatusOK)
		require.Equal(t, true, frozen["frozen"])
	}
	s.post(path+"/bids", bidOf("20"), s.signedIn(uuid.New())...).problem(t, http.StatusConflict, "listing_frozen")
	require.Equal(t, false, s.post(path+"/unfreeze", reason, keeper...).fields(t, http.StatusOK)["frozen"])

	entries, err := s.acts.Entries(t.Context(), audit.Filter{Actor: moderator, Target: id}, page.Request{})
	require.NoError(t, err)
	require.Len(t, entries.Items, 2)
	require.Equal(t, "listings.unfreeze", entries.Items[0].Act)
	require.Equal(t, "fraud?", entries.Items[1].Reason)
}

func TestATokenIsAModeratorsOnlyIfItWasMadeForIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	bidder := uuid.New()
	s.bid(id, bidder, "20")
	path := listingsPath + "/" + id.String()
	token := func(scopes ...string) []string {
		return s.caller(identity.Caller{
			ID: uuid.New(), Roles: []identity.Role{identity.Member, identity.Moderator}, Token: true, Scopes: scopes,
		})
	}
	full, selling := token(listingsapi.Sell.Name(), listingsapi.Moderate.Name()), token(listingsapi.Sell.Name())
	require.Equal(t, bidder.String(), s.get(path, full...).fields(t, http.StatusOK)["leader_id"])
	require.NotContains(t, s.get(path, selling...).fields(t, http.StatusOK), "leader_id")
	s.post(path+"/freeze", `{"reason": "fraud?"}`, selling...).problem(t, http.StatusForbidden, "missing_scope")
	s.post(path+"/cancel", `{"reason": "fraud?"}`, selling...).problem(t, http.StatusForbidden, "not_owner")
	require.Equal(t, "cancelled", s.post(path+"/cancel", `{"reason": "fraud?"}`, full...).fields(t, http.StatusOK)["status"])
}
