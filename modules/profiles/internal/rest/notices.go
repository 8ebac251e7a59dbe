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

// notices answers a member about what he was told.
type notices struct {
	views app.Views
	read  *app.ReadNotices
}

// NewNoticeRoutes returns the routes of a member's notices.
func NewNoticeRoutes(views app.Views, read *app.ReadNotices) httpserver.Routes {
	return httpserver.Routes{Name: "profiles: notices", Register: (&notices{views: views, read: read}).routes}
}

func (n *notices) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-notices",
		Method:      http.MethodGet,
		Path:        me + "/notices",
		Summary:     "List your notices",
		Description: "Lists what you were told, the newest first. Kinds that you have switched off for the list are not in it.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
		Responses:   httpserver.Unchanged(),
	}, profilesapi.ReadOwn), n.list)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "read-notice",
		Method:      http.MethodPost,
		Path:        me + "/notices/{id}/read",
		Summary:     "Mark a notice as read",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, profilesapi.EditProfile), n.readOne)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "read-all-notices",
		Method:      http.MethodPost,
		Path:        me + "/notices/read-all",
		Summary:     "Mark your notices as read",
		Description: "Marks the newest 1,000 of those that are not read yet, and answers how many that were.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, profilesapi.EditProfile), n.readAll)
}

// Notice is something that a member was told.
type Notice struct {
	ID      uuid.UUID           `json:"id" format:"uuid"`
	Kind    domain.NoticeKind   `json:"kind" doc:"What it is about, as in the settings."`
	Subject string              `json:"subject" doc:"One line of plain text."`
	Text    string              `json:"text" doc:"Plain text in paragraphs, which empty lines part; may be empty."`
	About   *uuid.UUID          `json:"about_id,omitempty" format:"uuid" doc:"The listing or the issue that it is about; absent for neither."`
	Path    string              `json:"path,omitempty" doc:"Its page on this site; absent for none."`
	At      httpserver.Instant  `json:"at" doc:"When it happened."`
	ReadAt  *httpserver.Instant `json:"read_at,omitempty" doc:"When you read it; absent until then."`
}

func noticeOf(r app.NoticeRecord) Notice {
	n := Notice{
		ID: r.ID, Kind: r.News.Kind, Subject: r.News.Subject, Text: r.News.Text, Path: r.News.Path, At: httpserver.Instant(r.News.At),
		ReadAt: httpserver.SomeInstant(r.ReadAt),
	}
	if r.News.About != uuid.Nil {
		n.About = &r.News.About
	}
	return n
}

// NoticeList is a page of notices.
type NoticeList struct {
	httpserver.List[Notice]
	Unread int `json:"unread" doc:"How many of your notices are not read, on all pages; 1000 is that many or more."`
}

type noticesInput struct {
	httpserver.ListQuery
	httpserver.Conditional

	Unread bool `query:"unread" doc:"List only those that are not read."`
}

func (n *notices) list(ctx context.Context, in *noticesInput) (*httpserver.Cached[NoticeList], error) {
	member := identity.From(ctx).ID
	found, err := n.views.Notices(ctx, member, in.Unread, in.Page())
	if err != nil {
		return nil, err
	}
	unread, err := n.views.CountUnread(ctx, member)
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(in.Conditional, NoticeList{List: httpserver.ListOf(found, noticeOf), Unread: unread})
}

type readNoticeInput struct {
	httpserver.Repeatable
	ID uuid.UUID `path:"id" format:"uuid" doc:"The notice's id."`
}

func (n *notices) readOne(ctx context.Context, in *readNoticeInput) (*struct{}, error) {
	return nil, n.read.Do(ctx, app.ReadNoticeCommand{By: identity.From(ctx), Notice: in.ID, Key: in.IdempotencyKey})
}

type readAllInput struct{ httpserver.Repeatable }

type readAllOutput struct {
	Body struct {
		Read int `json:"read" doc:"How many were marked."`
	}
}

func (n *notices) readAll(ctx context.Context, in *readAllInput) (*readAllOutput, error) {
	read, err := n.read.All(ctx, identity.From(ctx), in.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	out := &readAllOutput{}
	out.Body.Read = read
	return out, nil
}
