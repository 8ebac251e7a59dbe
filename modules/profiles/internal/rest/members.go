package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// directory answers who asks for other members.
type directory struct {
	views app.Views
	page  *app.MemberPage
}

// NewMemberRoutes returns the routes that show members.
func NewMemberRoutes(views app.Views, page *app.MemberPage) httpserver.Routes {
	d := &directory{views: views, page: page}
	return httpserver.Routes{Name: "profiles: members", Register: d.routes}
}

func (d *directory) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-members",
		Method:      http.MethodGet,
		Path:        members,
		Summary:     "List members",
		Description: "Lists members with their e-mail addresses, page by page. All filters must hold.",
		Tags:        []string{tagMembers},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, profilesapi.ReadMembers), d.list)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "get-member",
		Method:      http.MethodGet,
		Path:        member,
		Summary:     "Read a member",
		Description: "Shows the profile; to the member himself, and to who may list members, the account, too.",
		Tags:        []string{tagMembers},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses:   httpserver.Unchanged(),
	}), d.get)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "get-member-by-handle",
		Method:      http.MethodGet,
		Path:        members + "/by-handle/{handle}",
		Summary:     "Read a member by handle",
		Description: "Shows the same as by id. Upper and lower case are the same.",
		Tags:        []string{tagMembers},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses:   httpserver.Unchanged(),
	}), d.getByHandle)
}

// membersInput are the filters of the list of members.
type membersInput struct {
	httpserver.ListQuery

	Sort             string    `query:"sort" enum:"newest,oldest,handle,-handle" default:"newest" doc:"The order: the newest or oldest registration first, or by handle."`
	Prefix           string    `query:"prefix" maxLength:"100" doc:"Whose handle or display name begins with this, without regard to case."`
	Email            string    `query:"email" maxLength:"1000" doc:"With exactly this address, without regard to case."`
	Status           []string  `query:"status,explode" enum:"pending,active,suspended,deleted" doc:"In one of these statuses; give it again for each."`
	Role             string    `query:"role" enum:"agent,lead,moderator,admin" doc:"To whom this role was granted."`
	Verified         string    `query:"verified" enum:"true,false" doc:"Whose e-mail address is verified, or is not."`
	Leaving          bool      `query:"leaving" doc:"If true: who asked for the deletion of the account."`
	RegisteredFrom   time.Time `query:"registered_from" doc:"Registered at this instant or later."`
	RegisteredBefore time.Time `query:"registered_before" doc:"Registered before this instant."`
}

func (in *membersInput) filter() app.MemberFilter {
	filter := app.MemberFilter{
		Prefix:           in.Prefix,
		Email:            in.Email,
		Role:             identity.Role(in.Role),
		Leaving:          in.Leaving,
		RegisteredFrom:   in.RegisteredFrom,
		RegisteredBefore: in.RegisteredBefore,
		Sort:             app.MemberSort(in.Sort),
	}
	for _, status := range in.Status {
		filter.Statuses = append(filter.Statuses, domain.Status(status))
	}
	if in.Verified != "" {
		verified := in.Verified == "true"
		filter.Verified = &verified
	}
	return filter
}

type membersOutput struct {
	Body httpserver.List[Member]
}

func (d *directory) list(ctx context.Context, in *membersInput) (*membersOutput, error) {
	found, err := d.views.Members(ctx, in.filter(), in.Page())
	if err != nil {
		return nil, err
	}
	return &membersOutput{Body: httpserver.ListOf(found, memberOf)}, nil
}

type memberInput struct {
	MemberPath
	httpserver.Conditional
}

func (d *directory) get(ctx context.Context, in *memberInput) (*httpserver.Cached[Member], error) {
	record, err := d.page.Member(ctx, identity.From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(in.Conditional, memberOf(record))
}

type handleInput struct {
	httpserver.Conditional
	Handle string `path:"handle" maxLength:"200" doc:"The member's handle."`
}

func (d *directory) getByHandle(ctx context.Context, in *handleInput) (*httpserver.Cached[Member], error) {
	record, err := d.page.ByHandle(ctx, identity.From(ctx), in.Handle)
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(in.Conditional, memberOf(record))
}
