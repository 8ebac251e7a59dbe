package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// administration answers those who decide about members.
type administration struct {
	approve   *app.ApproveMember
	verify    *app.VerifyMember
	suspend   *app.SuspendMember
	reinstate *app.ReinstateMember
	grant     *app.GrantRole
	withdraw  *app.WithdrawRole
}

// NewAdministrationRoutes returns the routes of those who decide about members.
func NewAdministrationRoutes(
	approve *app.ApproveMember, verify *app.VerifyMember, suspend *app.SuspendMember, reinstate *app.ReinstateMember,
	grant *app.GrantRole, withdraw *app.WithdrawRole,
) httpserver.Routes {
	a := &administration{
		approve: approve, verify: verify, suspend: suspend, reinstate: reinstate, grant: grant, withdraw: withdraw,
	}
	return httpserver.Routes{Name: "profiles: administration", Register: a.routes}
}

func (a *administration) routes(routes huma.API, _ chi.Router) {
	refusals := func() []int {
		return []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity}
	}
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "approve-member",
		Method:      http.MethodPost,
		Path:        member + "/approve",
		Summary:     "Let a member in who waits for approval",
		Tags:        []string{tagAdministration},
		Errors:      refusals(),
	}, profilesapi.AdministerMembers), act(a.approve.Do))
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "verify-member",
		Method:      http.MethodPost,
		Path:        member + "/verify",
		Summary:     "Take a member's e-mail address for verified",
		Tags:        []string{tagAdministration},
		Errors:      refusals(),
	}, profilesapi.AdministerMembers), act(a.verify.Do))
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "suspend-member",
		Method:      http.MethodPost,
		Path:        member + "/suspend",
		Summary:     "Suspend a member",
		Description: "Ends all sessions and tokens at once; the member is told the reason. Only admins suspend members " +
			"who hold a role, and nobody an admin.",
		Tags:   []string{tagAdministration},
		Errors: refusals(),
	}, profilesapi.ModerateMembers), act(a.suspend.Do))
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "reinstate-member",
		Method:      http.MethodPost,
		Path:        member + "/reinstate",
		Summary:     "End a member's suspension",
		Tags:        []string{tagAdministration},
		Errors:      refusals(),
	}, profilesapi.ModerateMembers), act(a.reinstate.Do))
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "grant-role",
		Method:      http.MethodPost,
		Path:        member + "/grant-role",
		Summary:     "Grant a role to a member",
		Description: "Granting it again changes nothing.",
		Tags:        []string{tagAdministration},
		Errors:      refusals(),
	}, profilesapi.AdministerMembers), role(a.grant.Do))
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "withdraw-role",
		Method:      http.MethodPost,
		Path:        member + "/withdraw-role",
		Summary:     "Withdraw a role from a member",
		Description: "Withdrawing it again changes nothing. The last admin stays one.",
		Tags:        []string{tagAdministration},
		Errors:      refusals(),
	}, profilesapi.AdministerMembers), role(a.withdraw.Do))
}

type actInput struct {
	MemberPath
	httpserver.Repeatable
	Body Reason
}

// act answers with what a use case does to a member.
func act(do func(context.Context, app.ActCommand) error) func(context.Context, *actInput) (*struct{}, error) {
	return func(ctx context.Context, in *actInput) (*struct{}, error) {
		return nil, do(ctx, app.ActCommand{
			By: identity.From(ctx), Member: in.ID, Reason: in.Body.Reason, Key: in.IdempotencyKey,
		})
	}
}

// RoleChange is the body that grants or withdraws a role.
type RoleChange struct {
	Role   string `json:"role" maxLength:"100" doc:"One of agent, lead, moderator and admin."`
	Reason string `json:"reason,omitempty" maxLength:"5000" doc:"Why; at most 1,000 characters on one line. It is kept in the audit log."`
}

type roleInput struct {
	MemberPath
	httpserver.Repeatable
	Body RoleChange
}

// role answers with what a use case does to a member's roles.
func role(do func(context.Context, app.RoleCommand) error) func(context.Context, *roleInput) (*struct{}, error) {
	return func(ctx context.Context, in *roleInput) (*struct{}, error) {
		return nil, do(ctx, app.RoleCommand{
			By: identity.From(ctx), Member: in.ID, Role: identity.Role(in.Body.Role), Reason: in.Body.Reason, Key: in.IdempotencyKey,
		})
	}
}
