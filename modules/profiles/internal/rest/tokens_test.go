package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func TestATokensTextIsShownOnce(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	const path = "/api/v1/me/tokens"
	body := object{"name": "A script", "scopes": []string{"listings.bid", "account.read"}}
	made := b.Post(path, body, "Idempotency-Key", "k").Is(http.StatusCreated)
	require.Equal(t, "no-store", made.Header.Get("Cache-Control"))
	text := made.Object()["text"].(string)
	require.True(t, strings.HasPrefix(text, "gvl_"))
	require.Equal(t, path+"/"+made.Object()["id"].(string), made.Header.Get("Location"))

	again := b.Post(path, body, "Idempotency-Key", "k").Is(http.StatusCreated)
	require.Equal(t, made.Object()["id"], again.Object()["id"])
	require.NotContains(t, again.Body, text)
	require.NotContains(t, again.Object(), "text")
	list := b.Get(path).Is(http.StatusOK)
	require.NotContains(t, list.Body, text)
	require.Contains(t, list.Body, `"scopes":["account.read","listings.bid"]`)

	program := s.Program(text)
	require.Equal(t, "ada", program.Get("/api/v1/me").Is(http.StatusOK).Object()["handle"])
	problem := program.Put("/api/v1/me/settings", object{"muted": []string{}}).Problem(http.StatusForbidden, "missing_scope")
	require.Equal(t, "profile.edit", problem["scope"])
	for _, own := range []string{"/sessions", "/tokens", "/export", "/token-scopes"} {
		program.Get("/api/v1/me"+own).Problem(http.StatusForbidden, "missing_scope")
	}
	program.Post(path, body).Problem(http.StatusForbidden, "missing_scope")
	program.Delete("/api/v1/sessions/current").Problem(http.StatusForbidden, "missing_scope")

	s.Member("eve").Delete(made.Header.Get("Location")).Problem(http.StatusNotFound, "token_not_found")
	b.Delete(made.Header.Get("Location")).Is(http.StatusNoContent)
	program.Get("/api/v1/me").Problem(http.StatusUnauthorized, "invalid_credential")
	b.Delete(made.Header.Get("Location")).Problem(http.StatusNotFound, "token_not_found")
}

// Not every instant that a client can write can be written by us in the same way.
func TestATokensEndIsAnInstantHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	b := sitetest.New(t).Member("ada")
	create := func(expires string) sitetest.Answer {
		return b.Post("/api/v1/me/tokens", object{"name": "x", "scopes": []string{"account.read"}, "expires_at": expires}, "Idempotency-Key", "k")
	}
	made := create("2026-03-02T12:00:00-24:00").Is(http.StatusCreated)
	require.Equal(t, "2026-03-03T12:00:00.000000Z", made.Object()["expires_at"])
	require.Equal(t, made.Object()["id"], create("2026-03-03T12:00:00Z").Is(http.StatusCreated).Object()["id"])
	create("9999-12-31T23:59:59-23:59").Problem(http.StatusConflict, "idempotency_conflict")
}

func TestATokenIsRefused(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	for name, test := range map[string]struct {
		body object
		code string
	}{
		"without a name":                  {body: object{"name": "", "scopes": []string{"account.read"}}, code: "invalid_name"},
		"without scopes":                  {body: object{"name": "x", "scopes": []string{}}, code: "invalid_scopes"},
		"with a scope that is none":       {body: object{"name": "x", "scopes": []string{"everything"}}, code: "invalid_scopes"},
		"with one that no token can have": {body: object{"name": "x", "scopes": []string{"account.manage"}}, code: "invalid_scopes"},
		"with one of an admin":            {body: object{"name": "x", "scopes": []string{"members.read"}}, code: "invalid_scopes"},
		"that has ended already":          {body: object{"name": "x", "scopes": []string{"account.read"}, "expires_at": sitetest.Noon}, code: "invalid_expires_at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.Post("/api/v1/me/tokens", test.body).Problem(http.StatusUnprocessableEntity, test.code)
		})
	}
}

func TestATokenEnds(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	made := b.Post("/api/v1/me/tokens", object{
		"name": "x", "scopes": []string{"account.read"}, "expires_at": sitetest.Noon.Add(time.Hour),
	}).Is(http.StatusCreated).Object()
	require.Equal(t, "2026-03-01T13:00:00.123456Z", made["expires_at"])
	program := s.Program(made["text"].(string))
	s.Clock.Advance(time.Hour - time.Microsecond)
	program.Get("/api/v1/me").Is(http.StatusOK)
	s.Clock.Advance(time.Microsecond)
	program.Get("/api/v1/me").Problem(http.StatusUnauthorized, "invalid_credential")
}

func TestScopesAreThoseOfTheRoles(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	mine := s.Member("ada").Get("/api/v1/me/token-scopes").Is(http.StatusOK).Body
	require.Contains(t, mine, `"name":"listings.bid"`)
	require.NotContains(t, mine, "account.manage")
	require.NotContains(t, mine, "members.read")
	require.Contains(t, s.Admin("root1").Get("/api/v1/me/token-scopes").Is(http.StatusOK).Body, `"name":"members.read"`)
}
