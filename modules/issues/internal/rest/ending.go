package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// registerEnding registers how the help desk ends issues.
func (a *api) registerEnding(routes huma.API) {
	huma.Register(routes, act("resolve-issue", "/resolve", "Resolve an issue",
		"Says how it ended. It closes a week later unless it is reopened. By the assignee, or with issues.assign.",
		issuesapi.Work), a.resolve)
	huma.Register(routes, act("reject-issue", "/reject", "Reject an issue",
		"Ends it unresolved: as spam, as a duplicate, as not ours, or because the reporter never answered.",
		issuesapi.Work), a.reject)
	huma.Register(routes, act("merge-issue", "/merge", "Merge an issue into another one",
		"Ends it in favour of another one that is not over. Whoever reads this one may therefore not read the other.",
		issuesapi.Work), a.merge)
}

// ResolveBody says how an issue ended.
type ResolveBody struct {
	Resolution string `json:"resolution" example:"answered" doc:"fixed, answered, action_taken or no_action."`
	Text       string `json:"text" doc:"1 to 10,000 characters, which all who may read the issue can read."`
}

type resolveInput struct {
	WorkInput
	Body ResolveBody
}

func (a *api) resolve(ctx context.Context, in *resolveInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Resolve.Do(ctx, app.ResolveCommand{
		ActCommand: in.command(ctx), Resolution: domain.Resolution(in.Body.Resolution), Text: in.Body.Text,
	}))
}

// RejectBody says why an issue ends unresolved.
type RejectBody struct {
	Reason        string     `json:"reason" example:"not_ours" doc:"spam, duplicate, not_ours or no_answer."`
	DuplicateOfID *uuid.UUID `json:"duplicate_of_id,omitempty" format:"uuid" doc:"With the reason duplicate: the issue that it is a duplicate of."`
	Text          string     `json:"text,omitempty" doc:"Up to 10,000 characters, which all who may read the issue can read."`
}

type rejectInput struct {
	WorkInput
	Body RejectBody
}

func (a *api) reject(ctx context.Context, in *rejectInput) (*httpserver.Cached[Issue], error) {
	reason, original := domain.RejectionReason(in.Body.Reason), idOf(in.Body.DuplicateOfID)
	if (reason == domain.RejectedDuplicate) != (original != uuid.Nil) {
		return nil, domain.ErrInvalidRejection.With("field", "duplicate_of_id").
			Detailf("Name the other issue where the reason is duplicate, and nowhere else.")
	}
	return a.done(ctx, in.WorkInput, a.Reject.Do(ctx, app.RejectCommand{
		ActCommand: in.command(ctx), Reason: reason, DuplicateOf: original, Text: in.Body.Text,
	}))
}

// MergeBody names the issue that goes on.
type MergeBody struct {
	IntoID uuid.UUID `json:"into_id" format:"uuid" doc:"The issue that goes on in its place."`
	Text   string    `json:"text,omitempty" doc:"Up to 10,000 characters, which all who may read this issue can read."`
}

type mergeInput struct {
	WorkInput
	Body MergeBody
}

func (a *api) merge(ctx context.Context, in *mergeInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Merge.Do(ctx, app.MergeCommand{
		ActCommand: in.command(ctx), Into: in.Body.IntoID, Text: in.Body.Text,
	}))
}
