package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/sitetest"
	"github.com/gavelhq/gavel/platform/identity"
)

func of(b *sitetest.Browser, act string) string {
	return "/api/v1/members/" + b.ID.String() + "/" + act
}

func TestASuspensionEndsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	moderator, b := s.Holder("molly", identity.Moderator), s.Member("ada")
	made := b.Post("/api/v1/me/tokens", object{"name": "x", "scopes": []string{"account.read"}}).Is(http.StatusCreated).Object()
	program := s.Program(made["text"].(string))
	program.Get("/api/v1/me").Is(http.StatusOK)

	moderator.Post(of(b, "suspend"), object{"reason": ""}).Problem(http.StatusUnprocessableEntity, "invalid_reason")
	moderator.Post(of(b, "suspend"), object{"reason": strings.Repeat("x", 1001)}).Problem(http.StatusUnprocessableEntity, "invalid_reason")
	b.Get("/api/v1/me").Is(http.StatusOK)
	moderator.Post(of(b, "suspend"), object{"reason": "Does not pay."}, "Idempotency-Key", "k").Is(http.StatusNoContent)
	moderator.Post(of(b, "suspend"), object{"reason": "Does not pay."}, "Idempotency-Key", "k").Is(http.StatusNoContent)
	moderator.Post(of(b, "suspend"), object{"reason": "Does not pay."}).Problem(http.StatusConflict, "not_active")
	b.Get("/api/v1/me").Problem(http.StatusUnauthorized, "sign_in_required")
	program.Get("/api/v1/me").Problem(http.StatusUnauthorized, "invalid_credential")
	b.Post("/api/v1/sessions", credentials("ada", password)).Problem(http.StatusForbidden, "account_suspended")
	require.Equal(t, "Suspended", s.Letters.Last(t, "ada@example.org").Kind)

	moderator.Post(of(b, "reinstate"), object{"reason": "Has paid."}).Is(http.StatusNoContent)
	moderator.Post(of(b, "reinstate"), object{"reason": "Has paid."}).Problem(http.StatusConflict, "not_suspended")
	program.Get("/api/v1/me").Problem(http.StatusUnauthorized, "invalid_credential")
	b.SignIn("ada")
}

func TestWhoMayDoWhatToWhom(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	admin, moderator, agent, b := s.Admin("root1"), s.Holder("molly", identity.Moderator), s.Holder("andy", identity.Agent), s.Member("ada")
	reason := object{"reason": "Because."}
	for _, act := range []string{"approve", "verify", "suspend", "reinstate"} {
		s.Browser().Post(of(b, act), reason).Problem(http.StatusUnauthorized, "sign_in_required")
		agent.Post(of(b, act), reason).Problem(http.StatusForbidden, "not_permitted")
		b.Post(of(b, act), reason).Problem(http.StatusForbidden, "not_permitted")
		admin.Post("/api/v1/members/"+uuid.NewString()+"/"+act, reason).Problem(http.StatusNotFound, "member_not_found")
	}
	for _, act := range []string{"approve", "verify"} {
		moderator.Post(of(b, act), reason).Problem(http.StatusForbidden, "not_permitted")
	}
	moderator.Post(of(b, "grant-role"), object{"role": "agent"}).Problem(http.StatusForbidden, "not_permitted")
	moderator.Post(of(agent, "suspend"), reason).Problem(http.StatusForbidden, "not_permitted")
	admin.Post(of(admin, "suspend"), reason).Problem(http.StatusConflict, "member_is_admin")
	admin.Post(of(agent, "suspend"), reason).Is(http.StatusNoContent)
	admin.Post(of(b, "verify"), reason).Problem(http.StatusConflict, "already_verified")
}

func TestRolesAreGrantedAndWithdrawn(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	admin, b := s.Admin("root1"), s.Member("ada")
	b.Get("/api/v1/members").Problem(http.StatusForbidden, "not_permitted")
	admin.Post(of(b, "grant-role"), object{"role": "owner"}).Problem(http.StatusUnprocessableEntity, "invalid_role")
	admin.Post(of(b, "grant-role"), object{"role": "agent", "reason": "Helps."}).Is(http.StatusNoContent)
	admin.Post(of(b, "grant-role"), object{"role": "agent"}).Is(http.StatusNoContent)
	b.Get("/api/v1/members").Is(http.StatusOK)
	admin.Post(of(b, "withdraw-role"), object{"role": "agent"}).Is(http.StatusNoContent)
	b.Get("/api/v1/members").Problem(http.StatusForbidden, "not_permitted")
	admin.Post(of(admin, "withdraw-role"), object{"role": "admin"}).Problem(http.StatusConflict, "last_admin")
}

func TestTheAuditLogNamesActorActAndTarget(t *testing.T) {
	t.Parallel()
	s := sitetest.New(t)
	admin, b := s.Admin("root1"), s.Member("ada")
	admin.Post(of(b, "grant-role"), object{"role": "agent", "reason": "Helps."}).Is(http.StatusNoContent)
	admin.Post(of(b, "suspend"), object{"reason": "Helps too much."}).Is(http.StatusNoContent)

	var list struct{ Items []object }
	admin.Get("/api/v1/audit?act=members.suspend&act=members.grant_role&actor_id=" + admin.ID.String()).Is(http.StatusOK).JSON(&list)
	require.Len(t, list.Items, 2)
	require.Equal(t, "members.suspend", list.Items[0]["act"])
	require.Equal(t, admin.ID.String(), list.Items[0]["actor_id"])
	require.Equal(t, b.ID.String(), list.Items[0]["target_id"])
	require.Equal(t, "Helps too much.", list.Items[0]["reason"])
	require.Equal(t, "members.grant_role", list.Items[1]["act"])
	require.Contains(t, list.Items[1]["detail"], "agent")

	admin.Get("/api/v1/audit?target_id=" + b.ID.String() + "&from=2026-03-02T00:00:00Z").Is(http.StatusOK).JSON(&list)
	require.Empty(t, list.Items)
	for _, nobody := range []string{"actor_id", "target_id"} {
		admin.Get("/api/v1/audit?"+nobody+"="+uuid.Nil.String()).Problem(http.StatusUnprocessableEntity, "invalid_request")
		admin.Get("/api/v1/audit?" + nobody + "=").Is(http.StatusOK)
	}
	admin.Get("/api/v1/audit?cursor=x").Problem(http.StatusBadRequest, "invalid_cursor")
	s.Holder("molly", identity.Moderator).Get("/api/v1/audit").Problem(http.StatusForbidden, "not_permitted")
	s.Browser().Get("/api/v1/audit").Problem(http.StatusUnauthorized, "sign_in_required")
}
