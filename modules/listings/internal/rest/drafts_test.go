package rest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

const listingsPath = "/api/v1/listings"

// chair is a draft that can be published.
const chair = `{"title": "A chair", "description": "Blue", "start_price": {"amount": "10", "currency": "USD"},
	"reserve": {"amount": "30.50", "currency": "USD"}, "buy_now": {"amount": "50", "currency": "USD"}, "duration_seconds": 5400,
	"soft_close": {"window_seconds": 60, "extension_seconds": 90.5, "cap_seconds": 3600}, "increment_table": "ebay-uk"}`

// fields returns what an answer says.
func (a answer) fields(t *testing.T, status int) map[string]any {
	t.Helper()
	require.Equal(t, status, a.status, a.body)
	fields := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(a.body), &fields))
	return fields
}

func money(amount string) map[string]any { return map[string]any{"amount": amount, "currency": "USD"} }

func TestADraftIsMadeReadEditedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	me := s.signedIn(seller)

	made := s.post(listingsPath, chair, me...)
	draft := made.fields(t, http.StatusCreated)
	path := listingsPath + "/" + draft["id"].(string)
	require.Equal(t, path, made.header.Get("Location"))
	require.Equal(t, "draft", draft["status"])
	require.Equal(t, seller.String(), draft["seller_id"])
	require.Equal(t, money("30.50"), draft["reserve"])
	require.Equal(t, money("50.00"), draft["buy_now_price"])
	require.Equal(t, "ebay-uk", draft["increment_table"].(map[string]any)["name"])
	require.Equal(t, map[string]any{"window_seconds": 60.0, "extension_seconds": 90.5, "cap_seconds": 3600.0}, draft["soft_close"])
	require.InDelta(t, 5400, draft["duration_seconds"], 0)

	read := s.get(path, me...)
	require.Equal(t, draft, read.fields(t, http.StatusOK))
	tag := read.header.Get("ETag")
	require.Equal(t, made.header.Get("ETag"), tag)
	for name, other := range map[string][]string{
		"a guest": nil, "another member": s.signedIn(uuid.New()), "a moderator": s.signedIn(uuid.New(), identity.Moderator),
	} {
		s.get(path, other...).problem(t, http.StatusNotFound, "listing_not_found")
		if other == nil {
			continue
		}
		s.send(http.MethodPut, path, chair, other...).problem(t, http.StatusNotFound, "listing_not_found")
		s.send(http.MethodPut, path, chair, append(other, "If-Match", tag)...).problem(t, http.StatusNotFound, "listing_not_found")
		s.send(http.MethodDelete, path, "", other...).problem(t, http.StatusNotFound, "listing_not_found")
		s.post(path+"/publish", "", other...).problem(t, http.StatusNotFound, "listing_not_found")
		require.NotEmpty(t, name)
	}

	edited := s.send(http.MethodPut, path, `{"title": "A table"}`, append(me, "If-Match", tag)...)
	require.Equal(t, "A table", edited.fields(t, http.StatusOK)["title"])
	require.NotContains(t, edited.fields(t, http.StatusOK), "reserve", "what is left out is none")
	require.NotEqual(t, tag, edited.header.Get("ETag"))
	s.send(http.MethodPut, path, chair, append(me, "If-Match", tag)...).problem(t, http.StatusPreconditionFailed, "version_mismatch")
	s.send(http.MethodDelete, path, "", append(me, "If-Match", tag)...).problem(t, http.StatusPreconditionFailed, "version_mismatch")
	require.Equal(t, edited.body, s.get(path, me...).body, "a refusal changes nothing")

	deleted := s.send(http.MethodDelete, path, "", append(me, "If-Match", edited.header.Get("ETag"))...)
	require.Equal(t, http.StatusNoContent, deleted.status)
	require.Empty(t, deleted.body)
	s.get(path, me...).problem(t, http.StatusNotFound, "listing_not_found")
	s.send(http.MethodDelete, path, "", me...).problem(t, http.StatusNotFound, "listing_not_found")
}

func TestAClientMayChooseTheID(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me, id := s.signedIn(uuid.New()), uuid.Must(uuid.NewV7()).String()
	require.Equal(t, id, s.post(listingsPath, `{"id": "`+id+`"}`, me...).fields(t, http.StatusCreated)["id"])
	s.post(listingsPath, `{"id": "`+id+`"}`, me...).problem(t, http.StatusConflict, "listing_exists")
	s.post(listingsPath, `{"id": "mine"}`, me...).problem(t, http.StatusUnprocessableEntity, "invalid_request")
}

func TestCreatingIsRepeatable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me := append(s.signedIn(uuid.New()), "Idempotency-Key", "k")
	first := s.post(listingsPath, chair, me...)
	again := s.post(listingsPath, chair, me...)
	require.Equal(t, first.fields(t, http.StatusCreated), again.fields(t, http.StatusCreated))
	require.Equal(t, first.header.Get("Location"), again.header.Get("Location"))
	s.post(listingsPath, `{}`, me...).problem(t, http.StatusConflict, "idempotency_conflict")
}

func TestCreatingIsNotRepeatedWhenTheDraftIsDeleted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	me := append(s.signedIn(seller), "Idempotency-Key", "k")
	over := s.publish(seller, domain.Content{Title: "A chair"})
	s.clock.Advance(30 * 24 * time.Hour)
	for path, body := range map[string]string{listingsPath: chair, listingsPath + "/" + over.String() + "/relist": ""} {
		draft := s.post(path, body, me...).header.Get("Location")
		require.Equal(t, draft, s.post(path, body, me...).header.Get("Location"))
		require.Equal(t, http.StatusNoContent, s.send(http.MethodDelete, draft, "", me...).status)
		for range 2 {
			s.post(path, body, me...).problem(t, http.StatusConflict, "draft_deleted")
		}
		me[len(me)-1] = "another"
		require.NotEqual(t, draft, s.post(path, body, me...).header.Get("Location"))
		me[len(me)-1] = "k"
	}
}

// Not every instant that a client can write can be written by us in the same way.
func TestCreatingIsRepeatableHoweverTheStartIsWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me := append(s.signedIn(uuid.New()), "Idempotency-Key", "k")
	create := func(startsAt string) answer {
		return s.post("/api/v1/listings", `{"starts_at": "`+startsAt+`"}`, me...)
	}
	made := create("2026-03-02T12:00:00-24:00")
	require.Equal(t, http.StatusCreated, made.status, made.body)
	again := create("2026-03-03T12:00:00Z")
	require.Equal(t, http.StatusCreated, again.status, again.body)
	require.Equal(t, made.header.Get("Location"), again.header.Get("Location"))
	create("9999-12-31T23:59:59-23:59").problem(t, http.StatusConflict, "idempotency_conflict")
}

func TestRefusedFieldsAreTold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me := s.signedIn(uuid.New())
	for name, c := range map[string]struct{ body, code string }{
		"an amount that is none":         {`{"start_price": {"amount": "ten", "currency": "USD"}}`, "amount_malformed"},
		"too many digits":                {`{"start_price": {"amount": "1.001", "currency": "USD"}}`, "amount_too_precise"},
		"nothing":                        {`{"start_price": {"amount": "0", "currency": "USD"}}`, "amount_not_positive"},
		"too much":                       {`{"start_price": {"amount": "99999999999999999", "currency": "USD"}}`, "amount_too_large"},
		"another currency":               {`{"start_price": {"amount": "1", "currency": "EUR"}}`, "currency_mismatch"},
		"a currency that does not exist": {`{"currency": "XXY"}`, "invalid_currency"},
		"a table that does not exist":    {`{"increment_table": "ebay-mars"}`, "invalid_increment_table"},
		"a title that cannot be kept":    {`{"title": "` + strings.Repeat("x", domain.MaxDraftText+1) + `"}`, "invalid_title"},
		"an amount that is a number":     {`{"start_price": {"amount": 10, "currency": "USD"}}`, "invalid_request"},
		"a field that does not exist":    {`{"colour": "blue"}`, "invalid_request"},
		"a duration below nothing":       {`{"duration_seconds": -1}`, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.post(listingsPath, c.body, me...).problem(t, http.StatusUnprocessableEntity, c.code)
		})
	}
	t.Run("all at once", func(t *testing.T) {
		t.Parallel()
		draft := s.post(listingsPath, `{"start_price": {"amount": "10", "currency": "USD"}, "reserve": {"amount": "9", "currency": "USD"}}`, me...)
		refused := s.post(draft.header.Get("Location")+"/publish", "", me...)
		refused.problem(t, http.StatusUnprocessableEntity, "invalid_title")
		codes := map[any]any{}
		for _, e := range refused.fields(t, http.StatusUnprocessableEntity)["errors"].([]any) {
			codes[e.(map[string]any)["location"]] = e.(map[string]any)["code"]
		}
		require.Equal(t, map[any]any{
			"body.title": "invalid_title", "body.reserve": "invalid_reserve", "body.duration_seconds": "invalid_duration",
		}, codes)
	})
}

func TestAListingIsRelisted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	me := s.signedIn(seller)
	id := s.publish(seller, domain.Content{Title: "A chair", Reserve: usd("30")})
	path := listingsPath + "/" + id.String()
	s.post(path+"/relist", "", me...).problem(t, http.StatusConflict, "listing_not_ended")
	s.clock.Advance(30 * 24 * time.Hour)
	s.post(path+"/relist", "", s.signedIn(uuid.New())...).problem(t, http.StatusForbidden, "not_owner")

	keyed := append(me, "Idempotency-Key", "k")
	first := s.post(path+"/relist", "", keyed...)
	draft := first.fields(t, http.StatusCreated)
	require.Equal(t, id.String(), draft["relisted_from"])
	require.Equal(t, "draft", draft["status"])
	require.Equal(t, money("30.00"), draft["reserve"])
	require.Equal(t, first.header.Get("Location"), s.post(path+"/relist", "", keyed...).header.Get("Location"))
	chosen := uuid.Must(uuid.NewV7()).String()
	s.post(path+"/relist", `{"id": "`+chosen+`"}`, keyed...).problem(t, http.StatusConflict, "idempotency_conflict")
	require.Equal(t, chosen, s.post(path+"/relist", `{"id": "`+chosen+`"}`, me...).fields(t, http.StatusCreated)["id"])
}

func TestASellerListsHisOwnDrafts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	me := s.signedIn(seller)
	s.draft(seller, domain.Content{Title: "A draft"})
	s.publish(seller, domain.Content{Title: "A chair"})
	count := func(query string, headers ...string) int {
		return len(s.get(listingsPath+"?"+query, headers...).fields(t, http.StatusOK)["items"].([]any))
	}
	own := "seller_id=" + seller.String()
	require.Equal(t, 2, count(own, me...))
	require.Equal(t, 1, count(own+"&status=draft", me...))
	require.Equal(t, 0, count("status=draft", me...))
	require.Equal(t, 1, count(own, s.signedIn(uuid.New())...))
	require.Equal(t, 0, count(own+"&status=draft"))
	require.Equal(t, 0, count("seller_id="+uuid.Nil.String()), "nobody has that id")
	require.Equal(t, 1, count(""))
}

func TestAChangeBetweenReadingAndWritingIsNoticed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	me := s.signedIn(seller)
	id := s.draft(seller, domain.Content{Title: "A chair"})
	path := listingsPath + "/" + id.String()
	meanwhile := func() {
		err := s.commands().EditListing.Do(context.Background(), app.EditListingCommand{
			Listing: id, By: domain.Actor{ID: seller}, Content: domain.Content{Title: uuid.NewString()},
		})
		require.NoError(t, err)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		body := map[string]string{http.MethodPut: chair}[method]
		tag := s.get(path, me...).header.Get("ETag")
		s.views.after.Store(&meanwhile)
		s.send(method, path, body, append(me, "If-Match", tag)...).problem(t, http.StatusPreconditionFailed, "version_mismatch")
		s.get(path, me...).fields(t, http.StatusOK)
	}

	s.views.after.Store(&meanwhile)
	edited := s.send(http.MethodPut, path, chair, append(me, "If-Match", "*")...)
	require.Equal(t, http.StatusOK, edited.status, "any version is right, also one of meanwhile: %s", edited.body)
}
