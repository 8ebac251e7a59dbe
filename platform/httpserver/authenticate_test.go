package httpserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestCallersAreFound(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	nobody := uuid.Nil.String()
	cases := map[string]struct {
		headers []string
		want    string
	}{
		"nobody who shows nothing":              {nil, nobody},
		"by session":                            {[]string{"Cookie", "gavel=ada"}, ada.String()},
		"by token":                              {[]string{"Authorization", "Bearer ada"}, ada.String()},
		"by token, however the scheme is spelt": {[]string{"Authorization", "bEARER  ada"}, ada.String()},
		"by token before session":               {[]string{"Cookie", "gavel=ada", "Authorization", "Bearer bob"}, bob.String()},
		"nobody by another cookie":              {[]string{"Cookie", "theme=ada"}, nobody},
		"nobody by the cookie of https":         {[]string{"Cookie", "__Host-gavel=ada"}, nobody},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, _ := h.whoami(t, c.headers...)
			require.Equal(t, c.want, id)
		})
	}
}

func TestInvalidTokensAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	for _, authorization := range []string{"Bearer eve", "Bearer ada x", "Bearer", "Bearer ada,", "Basic ada", "ada", "", "Bearer \tada x"} {
		for _, path := range []string{"/api/v1/whoami", "/api/v1/door", "/pages/whoami", "/api/openapi.json", "/version", "/nowhere"} {
			t.Run(fmt.Sprintf("%q at %s", authorization, path), func(t *testing.T) {
				t.Parallel()
				a := h.get(path, "Authorization", authorization, "Cookie", "gavel=ada")
				problem(t, a, 401, "invalid_credential")
				require.Equal(t, "Bearer", a.Header.Get("WWW-Authenticate"))
				require.Empty(t, a.Header.Get("Set-Cookie"), "nothing is wrong with the session")
			})
		}
	}
	t.Run("two of them", func(t *testing.T) {
		t.Parallel()
		problem(t, h.get("/api/v1/whoami", "Authorization", "Bearer ada", "Authorization", "Bearer ada"), 401, "invalid_credential")
	})
}

func TestAnInvalidSessionIsTakenAway(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))

	t.Run("and its browser is a guest", func(t *testing.T) {
		t.Parallel()
		id, a := h.whoami(t, "Cookie", "gavel=eve")
		require.Equal(t, uuid.Nil.String(), id)
		require.Equal(t, []string{"gavel=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"}, a.Header.Values("Set-Cookie"))
		require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	})
	t.Run("also where a guest is refused", func(t *testing.T) {
		t.Parallel()
		a := h.do(http.MethodPost, "/api/v1/door/knocks", `{"times":1}`, "Cookie", "gavel=eve")
		problem(t, a, 401, "sign_in_required")
		require.Len(t, a.Header.Values("Set-Cookie"), 1)
	})
	t.Run("but not the one that the answer sets", func(t *testing.T) {
		t.Parallel()
		a := h.do(http.MethodPost, "/api/v1/sessions?name=ada", "", "Cookie", "gavel=eve")
		require.Equal(t, []string{"gavel=ada; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"}, a.Header.Values("Set-Cookie"))
	})
	t.Run("and a valid one stays", func(t *testing.T) {
		t.Parallel()
		_, a := h.whoami(t, "Cookie", "gavel=ada")
		require.Empty(t, a.Header.Values("Set-Cookie"))
	})
}

func TestNobodyIsAGuestBecauseAStoreFails(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		broken error
		status int
		code   string
	}{
		"away":   {fmt.Errorf("load session: %w: %w", fault.New(fault.Unavailable, "no_store", "Try again soon."), errDisk), 503, "no_store"},
		"broken": {fmt.Errorf("load session: %w", errDisk), 500, "internal"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPorter()
			p.broken = c.broken
			h := serve(t, withPorter(p))
			for _, shown := range [][]string{{"Cookie", "gavel=ada"}, {"Authorization", "Bearer ada"}} {
				a := h.get("/api/v1/whoami", shown...)
				problem(t, a, c.status, c.code)
				require.NotContains(t, a.Body, "hunter2")
				require.Empty(t, a.Header.Get("Set-Cookie"))
				require.Contains(t, h.access(a).ContextMap()["error"], "hunter2")
			}
			require.Equal(t, 200, h.get("/api/v1/whoami").Status, "who shows nothing needs no store")
		})
	}
}

func TestTheStoreIsAskedOnlyWhenItMustBe(t *testing.T) {
	t.Parallel()
	t.Run("never without a credential, for probes and for metrics", func(t *testing.T) {
		t.Parallel()
		p := newPorter()
		h := serve(t, withPorter(p), withSettings(func(s *httpserver.Settings) { s.Metrics.Token = "open sesame" }))
		h.whoami(t)
		h.whoami(t, "Cookie", "gavel=")
		require.Equal(t, 200, h.get("/healthz", "Authorization", "Bearer eve").Status)
		require.Equal(t, 200, h.get("/readyz", "Cookie", "gavel=eve").Status)
		require.Equal(t, 200, h.get("/metrics", "Authorization", "Bearer open sesame").Status)
		require.Zero(t, p.timesAsked())
		h.whoami(t, "Cookie", "gavel=ada")
		require.Equal(t, 1, p.timesAsked())
	})
	t.Run("no more often than a client's limit allows, whatever it tries", func(t *testing.T) {
		t.Parallel()
		p := newPorter()
		h := serve(t, withPorter(p), withSettings(func(s *httpserver.Settings) {
			s.Rate = httpserver.RateSettings{PerSecond: 1, Burst: 4, MaxClients: 10}
		}))
		statuses := map[int]int{}
		for guess := range 20 {
			statuses[h.get("/api/v1/whoami", "Authorization", fmt.Sprint("Bearer guess", guess)).Status]++
		}
		require.Equal(t, map[int]int{401: 4, 429: 16}, statuses)
		require.Equal(t, 4, p.timesAsked())
	})
	t.Run("not for what another site's page sends", func(t *testing.T) {
		t.Parallel()
		p := newPorter()
		h := serve(t, withPorter(p))
		problem(t, h.do(http.MethodPost, "/api/v1/sessions", "", "Cookie", "gavel=ada", "Sec-Fetch-Site", "cross-site"), 403, "cross_site_request")
		require.Zero(t, p.timesAsked())
	})
}

func TestAnswersForOneCallerAreKeptByNoCache(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	for _, shown := range [][]string{{"Cookie", "gavel=ada"}, {"Authorization", "Bearer ada"}} {
		require.Equal(t, "no-store", h.get("/api/v1/bids", shown...).Header.Get("Cache-Control"))
		require.Equal(t, "private, no-cache", h.get("/api/v1/bids/b1", shown...).Header.Get("Cache-Control"), "the operation knows better")
	}
	require.Empty(t, h.get("/api/v1/bids").Header.Get("Cache-Control"))
	for _, path := range []string{"/api/v1/bids", "/api/v1/bids/b1", "/api/v1/fail/invalid", "/nowhere"} {
		require.Equal(t, "Authorization, Cookie", h.get(path).Header.Get("Vary"), path)
	}
}

func TestWithoutAnAuthenticatorEverybodyIsAGuest(t *testing.T) {
	t.Parallel()
	h := serve(t, withRoutes(door()))
	id, _ := h.whoami(t, "Authorization", "Bearer ada", "Cookie", "gavel=ada")
	require.Equal(t, uuid.Nil.String(), id)
	problem(t, h.do(http.MethodDelete, "/api/v1/door", "", "Authorization", "Bearer bob"), 401, "sign_in_required")
}

func TestACredentialIsNeverLogged(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	for _, shown := range [][]string{{"Cookie", "gavel=hunter2"}, {"Authorization", "Bearer hunter2"}, {"Authorization", "Basic hunter2"}} {
		a := h.get("/api/v1/whoami", shown...)
		require.NotContains(t, a.Body, "hunter2")
		h.access(a)
	}
	for _, line := range h.logs.All() {
		require.NotContains(t, fmt.Sprint(line.Message, line.ContextMap()), "hunter2")
	}
}

func TestUserAgentIsCutShort(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	for _, n := range []int{255, 256, 257} {
		_, a := h.whoami(t, "User-Agent", strings.Repeat("x", n))
		require.Len(t, object(t, a.Body)["agent"], min(n, 256))
	}
}
