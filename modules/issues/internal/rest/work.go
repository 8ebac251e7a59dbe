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

// registerWork registers how the help desk shares out the work and does it.
func (a *api) registerWork(routes huma.API) {
	work := func(id, path, summary, description string) huma.Operation {
		return act(id, path, summary, description, issuesapi.Work)
	}
	huma.Register(routes, work("triage-issue", "/triage", "Triage an issue",
		"Says what it is about and how much it presses; also again. Another priority has other targets, over the time already used."), a.triage)
	huma.Register(routes, work("pick-issue", "/pick", "Pick an issue",
		"Takes it from the queue, for yourself."), a.pick)
	huma.Register(routes, work("assign-issue", "/assign", "Assign an issue",
		"Gives an issue in the queue to a member of the help desk. To others than yourself it needs issues.assign."), a.assign)
	huma.Register(routes, work("reassign-issue", "/reassign", "Give an issue to somebody else",
		"Gives an issue that somebody works on to another member of the help desk. It needs issues.assign."), a.reassign)
	huma.Register(routes, work("await-on-issue", "/wait", "Let an issue wait",
		"Its clocks stand still until you resume it or the awaited reporter comments. By the assignee, or with issues.assign."), a.wait)
	huma.Register(routes, work("resume-issue", "/resume", "End the waiting",
		"The clocks run again. By the assignee, or with issues.assign."), a.resume)
	huma.Register(routes, work("note-on-issue", "/notes", "Make an internal note",
		"Says something that never leaves the help desk; also when the issue is over."), a.note)
	huma.Register(routes, work("involve-in-issue", "/participants", "Involve a member",
		"Lets a member read what is public, but not who reported it, and comment. Never whom it is about."), a.involve)
	huma.Register(routes, work("link-issues", "/links", "Link two issues",
		"Notes on both that they belong together."), a.link)
}

// WorkInput is what every command of the help desk has. It is exported because huma looks into no other embedded struct.
type WorkInput struct {
	IssuePath
	httpserver.Repeatable
}

// command is what the use case is asked.
func (in WorkInput) command(ctx context.Context) app.ActCommand {
	return app.ActCommand{By: member(ctx), Issue: in.ID, Key: in.IdempotencyKey}
}

// done answers a command of the help desk.
func (a *api) done(ctx context.Context, in WorkInput, err error) (*httpserver.Cached[Issue], error) {
	return a.outcome(ctx, member(ctx), in.IssuePath, err)
}

// TriageBody says what an issue is about and how much it presses.
type TriageBody struct {
	Category string `json:"category" example:"payment" doc:"account, listing, bidding, payment, delivery, abuse, site or other."`
	Priority string `json:"priority" example:"high" doc:"low, normal, high or urgent."`
}

type triageInput struct {
	WorkInput
	Body TriageBody
}

func (a *api) triage(ctx context.Context, in *triageInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Triage.Do(ctx, app.TriageCommand{
		ActCommand: in.command(ctx), Category: domain.Category(in.Body.Category), Priority: domain.Priority(in.Body.Priority),
	}))
}

func (a *api) pick(ctx context.Context, in *WorkInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, *in, a.Pick.Do(ctx, in.command(ctx)))
}

// AssigneeBody says who will work on an issue.
type AssigneeBody struct {
	AssigneeID uuid.UUID `json:"assignee_id" format:"uuid" doc:"A member of the help desk."`
}

type assigneeInput struct {
	WorkInput
	Body AssigneeBody
}

func (a *api) assign(ctx context.Context, in *assigneeInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Assign.Do(ctx, app.AssignCommand{
		ActCommand: in.command(ctx), Assignee: in.Body.AssigneeID,
	}))
}

func (a *api) reassign(ctx context.Context, in *assigneeInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Reassign.Do(ctx, app.ReassignCommand{
		ActCommand: in.command(ctx), Assignee: in.Body.AssigneeID,
	}))
}

// WaitBody says for whom an issue waits.
type WaitBody struct {
	Awaited string `json:"awaited" example:"reporter" doc:"reporter or third_party."`
	Text    string `json:"text,omitempty" doc:"What is asked, in up to 10,000 characters, which all who may read the issue can read."`
}

type waitInput struct {
	WorkInput
	Body WaitBody
}

func (a *api) wait(ctx context.Context, in *waitInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Wait.Do(ctx, app.WaitCommand{
		ActCommand: in.command(ctx), Awaited: domain.AwaitedParty(in.Body.Awaited), Text: in.Body.Text,
	}))
}

func (a *api) resume(ctx context.Context, in *WorkInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, *in, a.Resume.Do(ctx, in.command(ctx)))
}

type noteInput struct {
	WorkInput
	Body TextBody
}

func (a *api) note(ctx context.Context, in *noteInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Note.Do(ctx, app.NoteCommand{ActCommand: in.command(ctx), Text: in.Body.Text}))
}

// InvolveBody says who takes part.
type InvolveBody struct {
	MemberID uuid.UUID `json:"member_id" format:"uuid"`
}

type involveInput struct {
	WorkInput
	Body InvolveBody
}

func (a *api) involve(ctx context.Context, in *involveInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Involve.Do(ctx, app.InvolveCommand{
		ActCommand: in.command(ctx), Member: in.Body.MemberID,
	}))
}

// LinkBody names another issue.
type LinkBody struct {
	OtherID uuid.UUID `json:"other_id" format:"uuid" doc:"The other issue."`
}

type linkInput struct {
	WorkInput
	Body LinkBody
}

func (a *api) link(ctx context.Context, in *linkInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.Link.Do(ctx, app.LinkCommand{ActCommand: in.command(ctx), Other: in.Body.OtherID}))
}
