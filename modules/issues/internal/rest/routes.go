package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// Queries are what reads issues.
type Queries struct {
	Read *app.ReadIssue
	List *app.ListIssues
}

// Commands are what changes them.
type Commands struct {
	ReportByMember   *app.ReportByMember
	ReportByVisitor  *app.ReportByVisitor
	Confirm          *app.Confirm
	RequestIssueLink *app.RequestIssueLink
	Triage           *app.Triage
	Pick             *app.Pick
	Assign           *app.Assign
	Reassign         *app.Reassign
	Wait             *app.Wait
	Resume           *app.Resume
	Comment          *app.Comment
	Note             *app.Note
	Involve          *app.Involve
	Link             *app.Link
	Resolve          *app.Resolve
	Reopen           *app.Reopen
	Reject           *app.Reject
	Merge            *app.Merge
	FreezeListing    *app.FreezeListing
	CancelListing    *app.CancelListing
}

// api answers the requests.
type api struct {
	Queries
	Commands
}

// NewRoutes returns the routes of the module.
func NewRoutes(q Queries, c Commands) httpserver.Routes {
	a := &api{Queries: q, Commands: c}
	return httpserver.Routes{Name: "issues", Register: a.register}
}

func (a *api) register(routes huma.API, _ chi.Router) {
	a.registerReports(routes)
	a.registerLinks(routes)
	a.registerLists(routes)
	a.registerReading(routes)
	a.registerTalking(routes)
	a.registerWork(routes)
	a.registerEnding(routes)
	a.registerListing(routes)
}

// IssuePath names an issue. It is exported because huma looks into no other embedded struct.
type IssuePath struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The issue."`
}

// Follower is how a visitor shows that an issue is his.
type Follower struct {
	IssueLink string `header:"Issue-Link" maxLength:"200" doc:"The secret from the link that a visitor without an account was mailed. Whoever shows it acts as the visitor who reported the issue, also where he is signed in."`
}

// by is who makes the request.
func (f Follower) by(ctx context.Context) app.Asker {
	return app.Asker{Caller: identity.From(ctx), Link: f.IssueLink}
}

// member is who makes the request, where links do not count.
func member(ctx context.Context) app.Asker { return app.Asker{Caller: identity.From(ctx)} }

// present answers with an issue as the asker sees it now.
func (a *api) present(ctx context.Context, by app.Asker, id uuid.UUID) (*httpserver.Cached[Issue], error) {
	return a.show(ctx, by, id, httpserver.Conditional{})
}

// show is present for who may have the issue as it is already.
func (a *api) show(
	ctx context.Context, by app.Asker, id uuid.UUID, has httpserver.Conditional,
) (*httpserver.Cached[Issue], error) {
	record, err := a.Read.Do(ctx, by, id)
	if err != nil {
		return nil, err
	}
	answer, err := httpserver.Respond(has, issueOf(record))
	if err != nil {
		return nil, err
	}
	answer.CacheControl = noStore
	return answer, nil
}
