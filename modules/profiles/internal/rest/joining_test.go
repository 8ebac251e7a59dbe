package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func ada(changes object) object {
	body := object{"email": "ada@example.org", "handle": "ada", "password": password}
	for name, value := range changes {
		body[name] = value
	}
	return body
}

func TestRegisteringTellsNobodyWhoseAddressItIs(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	first := b.Post("/api/v1/members", ada(nil)).Is(http.StatusAccepted)
	again := b.Post("/api/v1/members", ada(object{"email": "ADA@example.org", "handle": "ada2"})).Is(http.StatusAccepted)
	require.Equal(t, first.Body, again.Body)
	require.Empty(t, first.Cookies)
	require.Equal(t, "VerifyEmail", s.Letters.To("ada@example.org")[0].Kind)
	require.Equal(t, "AlreadyRegistered", s.Letters.Last(t, "ada@example.org").Kind)

	b.Post("/api/v1/members", ada(object{"email": "eve@example.org"})).Problem(http.StatusConflict, "handle_taken")
	require.Empty(t, s.Letters.To("eve@example.org"))
}

func TestRegisteringIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body   object
		status int
		code   string
	}{
		"with an address that is none":     {body: object{"email": "ada"}, status: http.StatusUnprocessableEntity, code: "invalid_email"},
		"with a handle that is none":       {body: object{"handle": "4da"}, status: http.StatusUnprocessableEntity, code: "invalid_handle"},
		"with a handle that is reserved":   {body: object{"handle": "admin"}, status: http.StatusUnprocessableEntity, code: "invalid_handle"},
		"with a short password":            {body: object{"password": strings.Repeat("ab3-", 2) + "x"}, status: http.StatusUnprocessableEntity, code: "invalid_password"},
		"with a long password":             {body: object{"password": strings.Repeat("abc4", 65)}, status: http.StatusUnprocessableEntity, code: "invalid_password"},
		"with a common password":           {body: object{"password": "Password12345"}, status: http.StatusUnprocessableEntity, code: "invalid_password"},
		"without an address":               {body: object{"email": nil}, status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"with a field that does not exist": {body: object{"role": "admin"}, status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"with an endless password":         {body: object{"password": strings.Repeat("x", 2001)}, status: http.StatusUnprocessableEntity, code: "invalid_request"},
	}
	s := sitetest.New(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := s.Browser().Post("/api/v1/members", ada(test.body))
			answer.Problem(test.status, test.code)
			if given, ok := test.body["password"].(string); ok {
				require.NotContains(t, answer.Body, given)
			}
		})
	}
	all := s.Browser().Post("/api/v1/members", object{"email": "ada", "handle": "x", "password": "short"})
	problem := all.Problem(http.StatusUnprocessableEntity, "invalid_email")
	require.Len(t, problem["errors"], 3, "every field at once: %s", all.Body)
}

func TestRegisteringWhereAnInvitationIsNeeded(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t, func(p *app.Policy) { p.Registration = app.RegistrationInvite })
	admin, b := s.Admin("root1"), s.Browser()
	b.Post("/api/v1/members", ada(nil)).Problem(http.StatusForbidden, "invitation_required")
	b.Post("/api/v1/members", ada(object{"invitation": "none"})).Problem(http.StatusConflict, "invalid_invitation")

	made := admin.Post("/api/v1/invitations", object{"email": "ada@example.org"}).Is(http.StatusCreated)
	text := s.Letters.Last(t, "ada@example.org").Token
	require.NotContains(t, made.Body, text)
	require.Equal(t, "/api/v1/invitations/"+made.Object()["id"].(string), made.Header.Get("Location"))
	b.Post("/api/v1/members", ada(object{"invitation": text})).Is(http.StatusAccepted)
	b.SignIn("ada") // the letter has reached this address, so it is verified
	s.Browser().Post("/api/v1/members", ada(object{"invitation": text, "email": "eve@example.org", "handle": "eve"})).
		Problem(http.StatusConflict, "invalid_invitation")

	var list struct {
		Items []object `json:"items"`
	}
	admin.Get("/api/v1/invitations").Is(http.StatusOK).JSON(&list)
	require.Len(t, list.Items, 1)
	require.Equal(t, b.ID.String(), list.Items[0]["used_by_id"])
	require.Equal(t, admin.ID.String(), list.Items[0]["inviter_id"])

	second := admin.Post("/api/v1/invitations", object{"email": "eve@example.org"}).Is(http.StatusCreated)
	admin.Delete(second.Header.Get("Location")).Is(http.StatusNoContent)
	admin.Delete(second.Header.Get("Location")).Problem(http.StatusNotFound, "invitation_not_found")
	b.Post("/api/v1/invitations", object{"email": "eve@example.org"}).Problem(http.StatusForbidden, "not_permitted")
}

func TestRegisteringAgainWithTheSameKeyIsDoneOnce(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	b.Post("/api/v1/members", ada(nil), "Idempotency-Key", "one").Is(http.StatusAccepted)
	b.Post("/api/v1/members", ada(nil), "Idempotency-Key", "one").Is(http.StatusAccepted)
	require.Len(t, s.Letters.To("ada@example.org"), 1)
	b.Post("/api/v1/members", ada(object{"handle": "eve"}), "Idempotency-Key", "one").Problem(http.StatusConflict, "idempotency_conflict")
}

func TestAnAddressIsVerifiedOnce(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Browser()
	b.Post("/api/v1/members", ada(nil)).Is(http.StatusAccepted)
	first := s.Letters.Last(t, "ada@example.org").Token
	credentials := object{"email": "ada@example.org", "password": sitetest.Password}
	b.Post("/api/v1/sessions", credentials).Problem(http.StatusUnauthorized, "wrong_credentials")

	const again = "/api/v1/email-verifications"
	sent := b.Post(again, object{"email": "ada@example.org"}).Is(http.StatusAccepted)
	second := s.Letters.Last(t, "ada@example.org").Token
	require.NotEqual(t, first, second)
	const path = "/api/v1/email-verifications/confirm"
	b.Post(path, object{"token": first}).Problem(http.StatusConflict, "invalid_token")
	b.Post(path, object{"token": "none"}).Problem(http.StatusConflict, "invalid_token")
	s.Browser().Post(path, object{"token": second}).Is(http.StatusNoContent)
	b.Post(path, object{"token": second}).Problem(http.StatusConflict, "invalid_token")
	b.Post("/api/v1/sessions", credentials).Is(http.StatusCreated)
	for _, address := range []string{"ada@example.org", "nobody@example.org"} {
		require.Equal(t, sent.Object(), b.Post(again, object{"email": address}).Is(http.StatusAccepted).Object())
	}
	require.Equal(t, "AlreadyVerified", s.Letters.Last(t, "ada@example.org").Kind)
	require.Equal(t, "NoAccount", s.Letters.Last(t, "nobody@example.org").Kind)
	b.Post(again, object{"email": "ada"}).Problem(http.StatusUnprocessableEntity, "invalid_email")
}

func TestAnAddressIsChangedAtTheNewOne(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	b := s.Member("ada")
	s.Member("eve")
	const path = "/api/v1/me/email-changes"
	b.Post(path, object{"email": "new@example.org", "password": "wrong password"}).Problem(http.StatusForbidden, "wrong_password")
	b.Post(path, object{"email": "new", "password": password}).Problem(http.StatusUnprocessableEntity, "invalid_email")
	free := b.Post(path, object{"email": "new@example.org", "password": password}).Is(http.StatusAccepted)
	token := s.Letters.Last(t, "new@example.org").Token
	require.Equal(t, "ada@example.org", b.Get("/api/v1/me").Object()["email"], "nothing changes yet")
	taken := b.Post(path, object{"email": "eve@example.org", "password": password}).Is(http.StatusAccepted)
	require.Equal(t, free.Body, taken.Body)

	b.Post(path, object{"email": "new@example.org", "password": password}).Is(http.StatusAccepted)
	b.Post("/api/v1/email-changes/confirm", object{"token": token}).Problem(http.StatusConflict, "invalid_token")
	token = s.Letters.Last(t, "new@example.org").Token
	s.Browser().Post("/api/v1/email-changes/confirm", object{"token": token}).Is(http.StatusNoContent)
	require.Equal(t, "new@example.org", b.Get("/api/v1/me").Object()["email"])
	require.Equal(t, "EmailChanged", s.Letters.Last(t, "ada@example.org").Kind)
}

func TestAnApprovedMemberComesIn(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t, func(p *app.Policy) { p.Registration = app.RegistrationApproval })
	admin, b := s.Admin("root1"), s.Browser()
	b.Post("/api/v1/members", ada(nil)).Is(http.StatusAccepted)
	b.Post("/api/v1/email-verifications/confirm", object{"token": s.Letters.Last(t, "ada@example.org").Token}).Is(http.StatusNoContent)
	b.Post("/api/v1/sessions", object{"email": "ada@example.org", "password": password}).Problem(http.StatusForbidden, "approval_pending")
	b.Post("/api/v1/sessions", object{"email": "ada@example.org", "password": "wrong password"}).Problem(http.StatusUnauthorized, "wrong_credentials")

	var list struct {
		Items []struct{ ID, Handle, Status string }
	}
	admin.Get("/api/v1/members?status=pending").Is(http.StatusOK).JSON(&list)
	require.Len(t, list.Items, 1)
	approve := "/api/v1/members/" + list.Items[0].ID + "/approve"
	admin.Post(approve, object{"reason": ""}, "Idempotency-Key", "a").Is(http.StatusNoContent)
	admin.Post(approve, object{"reason": ""}, "Idempotency-Key", "a").Is(http.StatusNoContent)
	admin.Post(approve, object{"reason": ""}).Problem(http.StatusConflict, "not_pending")
	b.SignIn("ada")
}
