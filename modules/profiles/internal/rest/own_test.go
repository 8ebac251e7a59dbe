package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func TestAProfileIsEditedAsItWasRead(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	const path = "/api/v1/me/profile"
	read := b.Get(path).Is(http.StatusOK)
	require.JSONEq(t, `{"display_name": "ada", "about": "", "location": ""}`, read.Body)
	require.Equal(t, http.StatusNotModified, b.Get(path, "If-None-Match", read.Header.Get("ETag")).Status)

	text := object{"display_name": "Ada L.", "about": "I collect engines.\nAnd books.", "location": "London"}
	edited := b.Put(path, text, "If-Match", read.Header.Get("ETag")).Is(http.StatusOK)
	require.NotEqual(t, read.Header.Get("ETag"), edited.Header.Get("ETag"))
	require.Equal(t, text, edited.Object())
	b.Put(path, object{"display_name": "Eve", "about": "", "location": ""}, "If-Match", read.Header.Get("ETag")).
		Problem(http.StatusPreconditionFailed, "version_mismatch")
	require.Equal(t, edited.Header.Get("ETag"), b.Get(path).Header.Get("ETag"))
	b.Put(path, text, "If-Match", edited.Header.Get("ETag")).Is(http.StatusOK)
	b.Put(path, text).Is(http.StatusOK)

	for code, change := range map[string]object{
		"invalid_display_name": {"display_name": strings.Repeat("x", 61)},
		"invalid_about":        {"about": strings.Repeat("x", 2001)},
		"invalid_location":     {"location": "two\nlines"},
		"invalid_request":      {"handle": "eve"},
	} {
		body := object{"display_name": "Ada L.", "about": "", "location": ""}
		for name, value := range change {
			body[name] = value
		}
		b.Put(path, body).Problem(http.StatusUnprocessableEntity, code)
	}
	require.Equal(t, "Ada L.", s.Browser().Get("/api/v1/members/" + b.ID.String()).Object()["display_name"])
}

func TestSettingsAreEditedAsTheyWereRead(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	const path = "/api/v1/me/settings"
	read := b.Get(path).Is(http.StatusOK)
	require.JSONEq(t, `{"muted": [], "unlisted": []}`, read.Body)
	tag := read.Header.Get("ETag")
	edited := b.Put(path, object{"muted": []string{"won", "outbid", "won"}}, "If-Match", tag).Is(http.StatusOK)
	require.JSONEq(t, `{"muted": ["outbid", "won"], "unlisted": []}`, edited.Body)
	b.Put(path, object{"muted": []string{}, "unlisted": []string{"sold"}}).Is(http.StatusOK)
	edited = b.Put(path, object{"muted": []string{"won"}}).Is(http.StatusOK)
	require.JSONEq(t, `{"muted": ["won"], "unlisted": ["sold"]}`, edited.Body, "what is not sent stays")
	b.Put(path, object{"muted": []string{}, "unlisted": []string{"everything"}}).Problem(http.StatusUnprocessableEntity, "invalid_unlisted")
	b.Put(path, object{"muted": []string{}}, "If-Match", tag).Problem(http.StatusPreconditionFailed, "version_mismatch")
	b.Put(path, object{"muted": []string{"everything"}}).Problem(http.StatusUnprocessableEntity, "invalid_muted")
	require.Equal(t, edited.Header.Get("ETag"), b.Get(path).Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, b.Get(path, "If-None-Match", edited.Header.Get("ETag")).Status)
}

func TestTheAccountIsItsMembers(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	answer := b.Get("/api/v1/me").Is(http.StatusOK)
	require.JSONEq(t, `{"id": "`+b.ID.String()+`", "handle": "ada", "display_name": "ada", "email": "ada@example.org",
		"status": "active", "roles": [], "registered_at": "2026-03-01T12:00:00.123456Z"}`, answer.Body)
	for _, path := range []string{"", "/profile", "/settings", "/sessions", "/tokens", "/blocks", "/export", "/token-scopes"} {
		s.Browser().Get("/api/v1/me"+path).Problem(http.StatusUnauthorized, "sign_in_required")
	}
}

func TestMembersAreBlocked(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b, eve := s.Member("ada"), s.Member("eve")
	const path = "/api/v1/me/blocks"
	whom := object{"member_id": eve.ID}
	made := b.Post(path, whom, "Idempotency-Key", "k").Is(http.StatusCreated)
	require.Equal(t, path+"/"+eve.ID.String(), made.Header.Get("Location"))
	require.Equal(t, made.Body, b.Post(path, whom, "Idempotency-Key", "k").Is(http.StatusCreated).Body)
	b.Post(path, object{"member_id": b.ID}, "Idempotency-Key", "k").Problem(http.StatusConflict, "idempotency_conflict")
	b.Post(path, whom).Problem(http.StatusConflict, "already_blocked")
	b.Post(path, object{"member_id": b.ID}).Problem(http.StatusUnprocessableEntity, "invalid_member_id")
	b.Post(path, object{"member_id": uuid.New()}).Problem(http.StatusNotFound, "member_not_found")

	require.JSONEq(t, `{"items": [{"member_id": "`+eve.ID.String()+`", "handle": "eve", "blocked_at": "2026-03-01T12:00:00.123456Z"}]}`,
		b.Get(path).Is(http.StatusOK).Body)
	require.JSONEq(t, `{"items": []}`, eve.Get(path).Is(http.StatusOK).Body)
	eve.Delete(made.Header.Get("Location")).Problem(http.StatusNotFound, "not_blocked")
	b.Delete(made.Header.Get("Location")).Is(http.StatusNoContent)
	b.Delete(made.Header.Get("Location")).Problem(http.StatusNotFound, "not_blocked")
}
