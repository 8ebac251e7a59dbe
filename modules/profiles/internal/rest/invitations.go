package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// invitations answers those who invite.
type invitations struct {
	views    app.Views
	invite   *app.InviteMember
	withdraw *app.WithdrawInvitation
}

// NewInvitationRoutes returns the routes of those who invite.
func NewInvitationRoutes(views app.Views, invite *app.InviteMember, withdraw *app.WithdrawInvitation) httpserver.Routes {
	i := &invitations{views: views, invite: invite, withdraw: withdraw}
	return httpserver.Routes{Name: "profiles: invitations", Register: i.routes}
}

const invitationsPath = root + "/invitations"

func (i *invitations) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-invitations",
		Method:      http.MethodGet,
		Path:        invitationsPath,
		Summary:     "List invitations",
		Description: "Lists them, the newest first, used and expired ones for a while.",
		Tags:        []string{tagAdministration},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, profilesapi.AdministerMembers), i.list)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID:   "invite-member",
		Method:        http.MethodPost,
		Path:          invitationsPath,
		Summary:       "Invite somebody",
		Description:   "Sends a letter with a link, which is nowhere else.",
		Tags:          []string{tagAdministration},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, profilesapi.AdministerMembers), i.doInvite)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "withdraw-invitation",
		Method:      http.MethodDelete,
		Path:        invitationsPath + "/{id}",
		Summary:     "Withdraw an invitation",
		Tags:        []string{tagAdministration},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, profilesapi.AdministerMembers), i.doWithdraw)
}

// Invitation lets one person register.
type Invitation struct {
	ID        uuid.UUID          `json:"id" format:"uuid"`
	Email     string             `json:"email"`
	InviterID *uuid.UUID         `json:"inviter_id,omitempty" format:"uuid" doc:"Absent for the operator at the command line."`
	CreatedAt httpserver.Instant `json:"created_at"`
	ExpiresAt httpserver.Instant `json:"expires_at"`
	UsedByID  *uuid.UUID         `json:"used_by_id,omitempty" format:"uuid" doc:"Who has registered with it; absent before."`
}

func invitationOf(r app.InvitationRecord) Invitation {
	return Invitation{
		ID:        r.ID,
		Email:     r.Email,
		InviterID: httpserver.SomeID(r.Inviter),
		CreatedAt: httpserver.Instant(r.CreatedAt),
		ExpiresAt: httpserver.Instant(r.ExpiresAt),
		UsedByID:  httpserver.SomeID(r.UsedBy),
	}
}

type invitationsInput struct {
	httpserver.ListQuery
}

type invitationsOutput struct {
	Body httpserver.List[Invitation]
}

func (i *invitations) list(ctx context.Context, in *invitationsInput) (*invitationsOutput, error) {
	found, err := i.views.Invitations(ctx, in.Page())
	if err != nil {
		return nil, err
	}
	return &invitationsOutput{Body: httpserver.ListOf(found, invitationOf)}, nil
}

type inviteInput struct {
	httpserver.Repeatable
	Body Address
}

type inviteOutput struct {
	Location string `header:"Location" doc:"What to delete to withdraw it."`
	Body     Invitation
}

func (i *invitations) doInvite(ctx context.Context, in *inviteInput) (*inviteOutput, error) {
	invited, err := i.invite.Do(ctx, app.InviteMemberCommand{
		By: identity.From(ctx), Email: in.Body.Email, Key: in.IdempotencyKey,
	})
	if err != nil {
		return nil, err
	}
	return &inviteOutput{Location: invitationsPath + "/" + invited.ID.String(), Body: invitationOf(invited)}, nil
}

type invitationInput struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The invitation."`
}

func (i *invitations) doWithdraw(ctx context.Context, in *invitationInput) (*struct{}, error) {
	return nil, i.withdraw.Do(ctx, app.WithdrawInvitationCommand{By: identity.From(ctx), Invitation: in.ID})
}
