package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

const newPassword = "quite another one"

func TestAPasswordIsResetByALetter(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	old := s.Member("ada")
	b := s.Browser()
	known := b.Post("/api/v1/password-resets", object{"email": "ada@example.org"}).Is(http.StatusAccepted)
	unknown := b.Post("/api/v1/password-resets", object{"email": "eve@example.org"}).Is(http.StatusAccepted)
	require.Equal(t, known.Body, unknown.Body)
	require.Equal(t, "NoAccount", s.Letters.Last(t, "eve@example.org").Kind)
	b.Post("/api/v1/password-resets", object{"email": "eve"}).Problem(http.StatusUnprocessableEntity, "invalid_email")

	token := s.Letters.Last(t, "ada@example.org").Token
	const path = "/api/v1/password-resets/confirm"
	b.Post(path, object{"token": token, "password": "short"}).Problem(http.StatusUnprocessableEntity, "invalid_password")
	b.Post(path, object{"token": "none", "password": newPassword}).Problem(http.StatusConflict, "invalid_token")
	answer := b.Post(path, object{"token": token, "password": newPassword}).Is(http.StatusOK)
	require.NotNil(t, answer.Cookie("gavel"))
	require.NotNil(t, answer.Cookie("gavel-device"))
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	b.Get("/api/v1/me").Is(http.StatusOK)
	old.Get("/api/v1/me").Problem(http.StatusUnauthorized, "sign_in_required")
	b.Post(path, object{"token": token, "password": newPassword}).Problem(http.StatusConflict, "invalid_token")
	s.Browser().Post("/api/v1/sessions", credentials("ada", password)).Problem(http.StatusUnauthorized, "wrong_credentials")
}

func TestAResettingLetterIsGoodForHalfAnHour(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	s.Member("ada")
	b := s.Browser()
	b.Post("/api/v1/password-resets", object{"email": "ada@example.org"}).Is(http.StatusAccepted)
	s.Clock.Advance(30 * time.Minute)
	b.Post("/api/v1/password-resets/confirm", object{"token": s.Letters.Last(t, "ada@example.org").Token, "password": newPassword}).
		Problem(http.StatusConflict, "invalid_token")
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	other := s.Browser()
	other.SignIn("ada")
	const path = "/api/v1/me/password"
	b.Post(path, object{"password": "wrong password", "new_password": newPassword}).Problem(http.StatusForbidden, "wrong_password")
	b.Post(path, object{"password": password, "new_password": "short"}).Problem(http.StatusUnprocessableEntity, "invalid_password")
	other.Get("/api/v1/me").Is(http.StatusOK)
	b.Post(path, object{"password": password, "new_password": newPassword}).Is(http.StatusNoContent)
	b.Get("/api/v1/me").Is(http.StatusOK)
	other.Get("/api/v1/me").Problem(http.StatusUnauthorized, "sign_in_required")
	require.Equal(t, "PasswordChanged", s.Letters.Last(t, "ada@example.org").Kind)
}

func TestTheFirstAdminSetsTheHouseUp(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	token, ok, err := s.Setup.NewLink(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	body := func(token string) object {
		return object{"token": token, "email": "root1@example.org", "handle": "root1", "password": password}
	}
	b := s.Browser()
	b.Post("/api/v1/setup", body(token)).Problem(http.StatusForbidden, "invalid_setup_link")
	b.Get("/setup?token=" + token).Is(http.StatusOK)
	s.Browser().Post("/api/v1/setup", body(token)).Problem(http.StatusForbidden, "invalid_setup_link")
	b.Post("/api/v1/setup", body("none")).Problem(http.StatusForbidden, "invalid_setup_link")
	b.Post("/api/v1/setup", object{"token": token, "email": "root", "handle": "root1", "password": password}).
		Problem(http.StatusUnprocessableEntity, "invalid_email")
	answer := b.Post("/api/v1/setup", body(token)).Is(http.StatusCreated)
	require.NotNil(t, answer.Cookie("gavel"))
	require.Negative(t, answer.Cookie("gavel-setup").MaxAge)
	require.Equal(t, []any{"admin"}, b.Get("/api/v1/me").Object()["roles"])
	b.Post("/api/v1/setup", body(token)).Problem(http.StatusForbidden, "invalid_setup_link")
	_, ok, err = s.Setup.NewLink(t.Context())
	require.NoError(t, err)
	require.False(t, ok)
}
