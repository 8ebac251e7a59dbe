package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func credentials(handle, secret string) object {
	return object{"email": sitetest.Address(handle), "password": secret}
}

func TestSigningInSetsCookiesThatBrowsersKeep(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	s.Member("ada")
	tests := map[string]struct {
		headers []string
		prefix  string
		secure  bool
	}{
		"over plain http": {},
		"over https":      {headers: []string{"X-Forwarded-Proto", "https"}, prefix: "__Host-", secure: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := s.Browser().Post("/api/v1/sessions", credentials("ada", password), test.headers...).Is(http.StatusCreated)
			require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
			require.Equal(t, "/api/v1/me/sessions", answer.Header.Get("Location"))
			for cookie, lifetime := range map[string]time.Duration{"gavel": 30 * 24 * time.Hour, "gavel-device": 180 * 24 * time.Hour} {
				c := answer.Cookie(test.prefix + cookie)
				require.NotNil(t, c, cookie)
				require.Equal(t, "/", c.Path)
				require.Empty(t, c.Domain)
				require.True(t, c.HttpOnly)
				require.Equal(t, test.secure, c.Secure)
				require.Equal(t, http.SameSiteLaxMode, c.SameSite)
				require.Equal(t, int(lifetime.Seconds()), c.MaxAge)
				require.GreaterOrEqual(t, len(c.Value), 43)
				require.NotContains(t, answer.Body, c.Value)
			}
			require.Equal(t, "ada", answer.Object()["member"].(object)["handle"])
			require.NotEmpty(t, answer.Object()["expires_at"])
		})
	}
}

func TestSigningInTellsNobodyWhoseAddressItIs(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	s.Member("ada")
	const mine = "a password of mine"
	for handle, address := range map[string]string{"curious": "ada@example.org", "nosy": "zoe@example.org"} { // taken, free
		s.Browser().Post("/api/v1/members", object{"email": address, "handle": handle, "password": mine}).Is(http.StatusAccepted)
	}
	for who, answer := range map[string]sitetest.Answer{
		"a wrong password":                           s.Browser().Post("/api/v1/sessions", credentials("ada", "wrong password")),
		"an address that nobody has":                 s.Browser().Post("/api/v1/sessions", credentials("eve", "wrong password")),
		"who registered an address that was in use":  s.Browser().Post("/api/v1/sessions", credentials("ada", mine)),
		"who registered an address that was not his": s.Browser().Post("/api/v1/sessions", credentials("zoe", mine)),
	} {
		problem := answer.Problem(http.StatusUnauthorized, "wrong_credentials")
		require.Equal(t, domain.ErrWrongCredentials.Detail(), problem["detail"], who)
		require.Empty(t, answer.Cookies, who)
		require.NotContains(t, answer.Body, "password of mine", who)
	}
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	known := s.Member("ada")
	stranger := s.Browser()
	for range 5 {
		stranger.Post("/api/v1/sessions", credentials("ada", "wrong password")).Problem(http.StatusUnauthorized, "wrong_credentials")
	}
	answer := stranger.Post("/api/v1/sessions", credentials("ada", password))
	answer.Problem(http.StatusTooManyRequests, "too_many_attempts")
	require.Equal(t, "60", answer.Header.Get("Retry-After"))
	known.Get("/api/v1/me").Is(http.StatusOK)
	known.Post("/api/v1/sessions", credentials("ada", password)).Is(http.StatusCreated)
	s.Clock.Advance(time.Minute)
	stranger.Post("/api/v1/sessions", credentials("ada", password)).Is(http.StatusCreated)
}

func TestSigningOutEndsTheSession(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	session := b.Cookie("gavel")
	answer := b.Delete("/api/v1/sessions/current").Is(http.StatusNoContent)
	require.Negative(t, answer.Cookie("gavel").MaxAge)
	require.Nil(t, answer.Cookie("gavel-device"), "the browser stays known")
	b.Get("/api/v1/me").Problem(http.StatusUnauthorized, "sign_in_required")

	stale := s.Browser()
	stale.Header.Set("Cookie", "gavel="+session)
	answer = stale.Get("/api/v1/me")
	answer.Problem(http.StatusUnauthorized, "sign_in_required")
	require.Negative(t, answer.Cookie("gavel").MaxAge)
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	first := s.Member("ada")
	s.Clock.Advance(time.Minute)
	second := s.Browser()
	second.Header.Set("User-Agent", "Lynx")
	second.Header.Set("X-Forwarded-For", "2001:db8:1:2:3:4:5:6")
	second.SignIn("ada")
	stranger := s.Member("eve")

	var list struct{ Items []object }
	first.Get("/api/v1/me/sessions").Is(http.StatusOK).JSON(&list)
	require.Len(t, list.Items, 2)
	require.Equal(t, "Lynx", list.Items[0]["user_agent"])
	require.Equal(t, "2001:db8:1:2::/64", list.Items[0]["client"])
	require.Equal(t, false, list.Items[0]["current"])
	require.Equal(t, true, list.Items[1]["current"])
	require.Equal(t, "127.0.0.1", list.Items[1]["client"])

	path := "/api/v1/me/sessions/" + list.Items[0]["id"].(string)
	stranger.Delete(path).Problem(http.StatusNotFound, "session_not_found")
	first.Delete("/api/v1/me/sessions/"+uuid.NewString()).Problem(http.StatusNotFound, "session_not_found")
	second.Get("/api/v1/me").Is(http.StatusOK)
	first.Delete(path).Is(http.StatusNoContent)
	second.Get("/api/v1/me").Problem(http.StatusUnauthorized, "sign_in_required")

	second.SignIn("ada")
	first.Delete("/api/v1/me/sessions").Is(http.StatusNoContent)
	second.Get("/api/v1/me").Problem(http.StatusUnauthorized, "sign_in_required")
	first.Get("/api/v1/me").Is(http.StatusOK)
	stranger.Get("/api/v1/me").Is(http.StatusOK)
}

func TestASessionEndsWithoutRequests(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	s.Clock.Advance(24*time.Hour - time.Microsecond)
	b.Get("/api/v1/me").Is(http.StatusOK)
	s.Clock.Advance(24 * time.Hour)
	b.Get("/api/v1/me").Problem(http.StatusUnauthorized, "sign_in_required")
}
