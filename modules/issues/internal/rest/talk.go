package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// act is an operation that does something with an issue and answers with it.
func act(id, path, summary, description string, p identity.Permission) huma.Operation {
	return httpserver.Guarded(huma.Operation{
		OperationID: id,
		Method:      http.MethodPost,
		Path:        resource + path,
		Summary:     summary,
		Description: description,
		Tags:        []string{tag},
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, p)
}

// registerTalking registers what everybody may do who takes part in an issue.
func (a *api) registerTalking(routes huma.API) {
	comment := act("comment-on-issue", "/comments", "Comment on an issue",
		"Says something to all who may read it. The reporter's comment ends the waiting for him. Whoever is not of staff and says "+
			"very much in a row is asked to wait.",
		issuesapi.Follow)
	comment.Errors = append(comment.Errors, http.StatusTooManyRequests)
	huma.Register(routes, comment, a.comment)
	huma.Register(routes, act("reopen-issue", "/reopen", "Reopen an issue",
		"Takes a resolution back, by the reporter or staff, until the issue closes a week after it.",
		issuesapi.Follow), a.reopen)
}

// TextBody says something.
type TextBody struct {
	Text string `json:"text" doc:"1 to 10,000 characters."`
}

// MaybeTextBody may say something.
type MaybeTextBody struct {
	Text string `json:"text,omitempty" doc:"Up to 10,000 characters, which all who may read the issue can read."`
}

func (b *MaybeTextBody) text() string {
	if b == nil {
		return ""
	}
	return b.Text
}

type commentInput struct {
	IssuePath
	Follower
	httpserver.Repeatable
	Body TextBody
}

func (a *api) comment(ctx context.Context, in *commentInput) (*httpserver.Cached[Issue], error) {
	by := in.by(ctx)
	err := a.Comment.Do(ctx, app.CommentCommand{
		ActCommand: app.ActCommand{By: by, Issue: in.ID, Key: in.IdempotencyKey}, Text: in.Body.Text,
	})
	return a.outcome(ctx, by, in.IssuePath, err)
}

type reopenInput struct {
	IssuePath
	Follower
	httpserver.Repeatable
	Body *MaybeTextBody
}

func (a *api) reopen(ctx context.Context, in *reopenInput) (*httpserver.Cached[Issue], error) {
	by := in.by(ctx)
	err := a.Reopen.Do(ctx, app.ReopenCommand{
		ActCommand: app.ActCommand{By: by, Issue: in.ID, Key: in.IdempotencyKey}, Text: in.Body.text(),
	})
	return a.outcome(ctx, by, in.IssuePath, err)
}

// outcome answers with the issue that a command was about, or with why it was refused.
func (a *api) outcome(ctx context.Context, by app.Asker, issue IssuePath, err error) (*httpserver.Cached[Issue], error) {
	if err != nil {
		return nil, inBody(err)
	}
	return a.present(ctx, by, issue.ID)
}
