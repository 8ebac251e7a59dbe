package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// own answers a member about himself.
type own struct {
	views   app.Views
	profile *app.EditProfile
	notices *app.EditSettings
	block   *app.BlockMember
	unblock *app.UnblockMember
}

// NewOwnRoutes returns the routes of a member's own account, profile, settings and blocks.
func NewOwnRoutes(
	views app.Views, profile *app.EditProfile, notices *app.EditSettings, block *app.BlockMember, unblock *app.UnblockMember,
) httpserver.Routes {
	o := &own{views: views, profile: profile, notices: notices, block: block, unblock: unblock}
	return httpserver.Routes{Name: "profiles: own", Register: o.routes}
}

func (o *own) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-account",
		Method:      http.MethodGet,
		Path:        me,
		Summary:     "Read your account",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound},
		Responses:   httpserver.Unchanged(),
	}, profilesapi.ReadOwn), o.account)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-profile",
		Method:      http.MethodGet,
		Path:        me + "/profile",
		Summary:     "Read your profile",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound},
		Responses:   httpserver.Unchanged(),
	}, profilesapi.ReadOwn), o.getProfile)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "edit-profile",
		Method:      http.MethodPut,
		Path:        me + "/profile",
		Summary:     "Edit your profile",
		Description: "Replaces all texts. With If-Match it is refused where the profile has changed since it was read.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
	}, profilesapi.EditProfile), o.putProfile)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-settings",
		Method:      http.MethodGet,
		Path:        me + "/settings",
		Summary:     "Read your notification settings",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound},
		Responses:   httpserver.Unchanged(),
	}, profilesapi.ReadOwn), o.getSettings)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "edit-settings",
		Method:      http.MethodPut,
		Path:        me + "/settings",
		Summary:     "Edit your notification settings",
		Description: "Replaces the lists of what is not mailed and not listed. With If-Match it is refused where the settings have changed since they were read.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
	}, profilesapi.EditProfile), o.putSettings)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-blocks",
		Method:      http.MethodGet,
		Path:        me + "/blocks",
		Summary:     "List the members whom you have blocked",
		Description: "Lists them, the newest block first.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, profilesapi.ReadOwn), o.blocks)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID:   "block-member",
		Method:        http.MethodPost,
		Path:          me + "/blocks",
		Summary:       "Block a member",
		Description:   "The member cannot bid on what you sell from now on. Bids that were placed stay.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, profilesapi.EditProfile), o.doBlock)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "unblock-member",
		Method:      http.MethodDelete,
		Path:        me + "/blocks/{id}",
		Summary:     "Unblock a member",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, profilesapi.EditProfile), o.doUnblock)
}

// Account is what a member sees of his own account.
type Account struct {
	ID             uuid.UUID           `json:"id" format:"uuid"`
	Handle         string              `json:"handle"`
	DisplayName    string              `json:"display_name"`
	Email          string              `json:"email"`
	Status         string              `json:"status" enum:"pending,active,suspended,deleted"`
	Roles          []string            `json:"roles" doc:"The roles that you were granted."`
	RegisteredAt   httpserver.Instant  `json:"registered_at"`
	LeavingSince   *httpserver.Instant `json:"leaving_since,omitempty" doc:"When you asked for the deletion of your account; absent unless you did."`
	GraceStartedAt *httpserver.Instant `json:"grace_started_at,omitempty" doc:"Since when nothing keeps the account from being deleted; absent unless you asked for it and nothing does."`
}

func (o *own) account(ctx context.Context, in *httpserver.Conditional) (*httpserver.Cached[Account], error) {
	r, err := o.views.Member(ctx, identity.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(*in, Account{
		ID:             r.ID,
		Handle:         r.Handle,
		DisplayName:    r.DisplayName,
		Email:          r.Email,
		Status:         string(r.Status),
		Roles:          rolesOf(r.Roles),
		RegisteredAt:   httpserver.Instant(r.RegisteredAt),
		LeavingSince:   httpserver.SomeInstant(r.LeavingSince),
		GraceStartedAt: httpserver.SomeInstant(r.GraceStartedAt),
	})
}

// Profile is what a member says of himself.
type Profile struct {
	DisplayName string `json:"display_name" maxLength:"1000" doc:"1 to 60 characters in one line."`
	About       string `json:"about" maxLength:"20000" doc:"At most 2,000 characters of plain text."`
	Location    string `json:"location" maxLength:"1000" doc:"At most 80 characters in one line."`
}

func profileOf(r app.MemberRecord) Profile {
	return Profile{DisplayName: r.DisplayName, About: r.About, Location: r.Location}
}

func (o *own) getProfile(ctx context.Context, in *httpserver.Conditional) (*httpserver.Cached[Profile], error) {
	r, err := o.views.Member(ctx, identity.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(*in, profileOf(r))
}

type profileInput struct {
	httpserver.Edit
	Body Profile
}

func (o *own) putProfile(ctx context.Context, in *profileInput) (*httpserver.Edited[Profile], error) {
	caller := identity.From(ctx)
	cmd := app.EditProfileCommand{By: caller, Text: domain.ProfileText(in.Body)}
	if !in.AnyVersion() {
		read, err := o.views.Member(ctx, caller.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Check(profileOf(read)); err != nil {
			return nil, err
		}
		cmd.Version = read.ProfileVersion // what changes from here on is refused, too
	}
	if err := o.profile.Do(ctx, cmd); err != nil {
		return nil, err
	}
	return httpserver.RespondEdited(in.Body)
}

// Settings are a member's notification settings.
type Settings struct {
	Muted    []domain.NoticeKind `json:"muted" maxItems:"100" doc:"The kinds of notices that are not mailed, out of outbid, won, lost, sold, unsold, cancelled, ends_soon, sale, issue, assigned and new_sign_in, which no link in a letter switches off. All others are, and letters about the account itself always."`
	Unlisted []domain.NoticeKind `json:"unlisted" maxItems:"100" doc:"The kinds that are not in the list of your notices, out of the same."`
}

// NewSettings are settings as they are sent.
type NewSettings struct {
	Muted    []domain.NoticeKind `json:"muted" maxItems:"100" doc:"The kinds of notices that are not mailed. All others are."`
	Unlisted []domain.NoticeKind `json:"unlisted,omitempty" maxItems:"100" doc:"The kinds that are not in the list of your notices; absent leaves them as they are."`
}

func settingsOf(r app.SettingsRecord) Settings {
	return Settings{
		Muted: append([]domain.NoticeKind{}, r.Muted...), Unlisted: append([]domain.NoticeKind{}, r.Unlisted...),
	}
}

func (o *own) getSettings(ctx context.Context, in *httpserver.Conditional) (*httpserver.Cached[Settings], error) {
	r, err := o.views.Settings(ctx, identity.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(*in, settingsOf(r))
}

type settingsInput struct {
	httpserver.Edit
	Body NewSettings
}

func (o *own) putSettings(ctx context.Context, in *settingsInput) (*httpserver.Edited[Settings], error) {
	caller := identity.From(ctx)
	cmd := app.EditSettingsCommand{
		By: caller, Muted: append([]domain.NoticeKind{}, in.Body.Muted...), Unlisted: in.Body.Unlisted,
	}
	if !in.AnyVersion() {
		read, err := o.views.Settings(ctx, caller.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Check(settingsOf(read)); err != nil {
			return nil, err
		}
		cmd.Version = read.Version
	}
	if err := o.notices.Do(ctx, cmd); err != nil {
		return nil, err
	}
	stored, err := o.views.Settings(ctx, caller.ID)
	if err != nil {
		return nil, err
	}
	return httpserver.RespondEdited(settingsOf(stored)) // sorted, each once
}

// Block is a member who was blocked.
type Block struct {
	MemberID  uuid.UUID          `json:"member_id" format:"uuid"`
	Handle    string             `json:"handle"`
	BlockedAt httpserver.Instant `json:"blocked_at"`
}

type blocksInput struct {
	httpserver.ListQuery
}

type blocksOutput struct {
	Body httpserver.List[Block]
}

func (o *own) blocks(ctx context.Context, in *blocksInput) (*blocksOutput, error) {
	found, err := o.views.Blocks(ctx, identity.From(ctx).ID, in.Page())
	if err != nil {
		return nil, err
	}
	return &blocksOutput{Body: httpserver.ListOf(found, func(r app.BlockRecord) Block {
		return Block{MemberID: r.Member, Handle: r.Handle, BlockedAt: httpserver.Instant(r.At)}
	})}, nil
}

// NewBlock is the body that blocks a member.
type NewBlock struct {
	MemberID uuid.UUID `json:"member_id" format:"uuid" doc:"Whom."`
}

type blockInput struct {
	httpserver.Repeatable
	Body NewBlock
}

type blockOutput struct {
	Location string `header:"Location" doc:"What to delete to unblock the member."`
	Body     NewBlock
}

func (o *own) doBlock(ctx context.Context, in *blockInput) (*blockOutput, error) {
	err := o.block.Do(ctx, app.BlockMemberCommand{By: identity.From(ctx), Member: in.Body.MemberID, Key: in.IdempotencyKey})
	if err != nil {
		return nil, err
	}
	return &blockOutput{Location: me + "/blocks/" + in.Body.MemberID.String(), Body: in.Body}, nil
}

func (o *own) doUnblock(ctx context.Context, in *MemberPath) (*struct{}, error) {
	return nil, o.unblock.Do(ctx, app.UnblockMemberCommand{By: identity.From(ctx), Member: in.ID})
}
