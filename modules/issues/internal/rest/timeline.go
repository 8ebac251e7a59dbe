package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// logMediaType is that of an extract of a listing's public log.
const logMediaType = "application/x-ndjson"

// registerReading registers what reads one issue.
func (a *api) registerReading(routes huma.API) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-issue",
		Method:      http.MethodGet,
		Path:        resource,
		Summary:     "Read an issue",
		Description: "For whoever reported it or takes part in it, a visitor by his link, and for staff; to everybody else there is none. " +
			"Staff's programs need issues.work, too.",
		Tags:      []string{tag},
		Errors:    []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses: httpserver.Unchanged(),
	}, issuesapi.Follow), a.get)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-issue-timeline",
		Method:      http.MethodGet,
		Path:        resource + "/timeline",
		Summary:     "Read what happened to an issue",
		Description: "Lists it, the report first. What is internal is shown to staff alone.",
		Tags:        []string{tag},
		Errors:      []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, issuesapi.Follow), a.timeline)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-issue-evidence",
		Method:      http.MethodGet,
		Path:        resource + "/evidence",
		Summary:     "Read the evidence of an issue",
		Description: "Answers with the listing's public log as it was when the issue was reported, verified then; of a long one with " +
			"its end. It stays what it was, whatever becomes of the listing.",
		Tags:   []string{tag},
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses: map[string]*huma.Response{"200": {
			Description: "The extract of the log.",
			Content: map[string]*huma.MediaType{logMediaType: {
				Schema: &huma.Schema{Type: huma.TypeString, Description: "JSON objects, one a line."},
			}},
		}},
	}, issuesapi.Follow), a.evidence)
}

type getInput struct {
	IssuePath
	Follower
	httpserver.Conditional
}

func (a *api) get(ctx context.Context, in *getInput) (*httpserver.Cached[Issue], error) {
	return a.show(ctx, in.by(ctx), in.ID, in.Conditional)
}

type timelineInput struct {
	IssuePath
	Follower
	httpserver.ListQuery
}

type timelineOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         httpserver.List[Entry]
}

func (a *api) timeline(ctx context.Context, in *timelineInput) (*timelineOutput, error) {
	entries, err := a.Read.Timeline(ctx, in.by(ctx), in.ID, in.Page())
	if err != nil {
		return nil, err
	}
	return &timelineOutput{CacheControl: noStore, Body: httpserver.ListOf(entries, entryOf)}, nil
}

type evidenceInput struct {
	IssuePath
	Follower
}

type evidenceOutput struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

func (a *api) evidence(ctx context.Context, in *evidenceInput) (*evidenceOutput, error) {
	evidence, err := a.Read.Evidence(ctx, in.by(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &evidenceOutput{ContentType: logMediaType, CacheControl: noStore, Body: []byte(evidence.Extract)}, nil
}

// Entry is one thing that happened to an issue. Which of the fields below are there depends on the kind.
type Entry struct {
	Seq      int64              `json:"seq" doc:"Its position in the timeline, rising. There are gaps where something is not for you."`
	At       httpserver.Instant `json:"at"`
	Kind     string             `json:"kind" enum:"reported,imported,confirmed,triaged,picked,assigned,reassigned,returned,waiting,resumed,commented,noted,involved,linked,resolved,reopened,rejected,duplicated,merged,absorbed,closed,listing_frozen,listing_cancelled,breached"`
	Role     string             `json:"role" enum:"reporter,participant,staff,house" doc:"In which part somebody did it; house is nobody, such as the clock."`
	ActorID  *uuid.UUID         `json:"actor_id,omitempty" format:"uuid" doc:"The member; absent for a visitor, for the house, and for a reporter whom you must not know."`
	State    string             `json:"state" enum:"unconfirmed,reported,triaged,assigned,waiting,resolved,closed,rejected,merged" doc:"The issue's afterwards."`
	Internal bool               `json:"internal,omitempty" doc:"It never leaves the help desk."`

	Text             string              `json:"text,omitempty" doc:"What was said; up to 10,000 characters. Why staff acted on a listing is for staff alone."`
	Evidence         bool                `json:"evidence,omitempty" doc:"With a report: there is an extract of the listing's log."`
	Category         string              `json:"category,omitempty"`
	Priority         string              `json:"priority,omitempty" doc:"With triaged."`
	FormerPriority   string              `json:"former_priority,omitempty" doc:"With triaged: that before."`
	AssigneeID       *uuid.UUID          `json:"assignee_id,omitempty" format:"uuid" doc:"Who works on it since."`
	FormerAssigneeID *uuid.UUID          `json:"former_assignee_id,omitempty" format:"uuid" doc:"Who worked on it before."`
	Awaited          string              `json:"awaited,omitempty" doc:"For whom it waits, or waited: reporter or third_party."`
	MemberID         *uuid.UUID          `json:"member_id,omitempty" format:"uuid" doc:"With involved: who takes part since."`
	OtherID          *uuid.UUID          `json:"other_id,omitempty" format:"uuid" doc:"The other issue: that it was linked or merged with, or is a duplicate of."`
	Resolution       string              `json:"resolution,omitempty"`
	ClosesAt         *httpserver.Instant `json:"closes_at,omitempty" doc:"With resolved: until when it can be reopened."`
	Reason           string              `json:"reason,omitempty" doc:"With rejected: spam, duplicate, not_ours or no_answer."`
	Clock            string              `json:"clock,omitempty" doc:"With breached: first_response or resolution."`
	TargetSeconds    float64             `json:"target_seconds,omitempty" doc:"With breached: the working time that was the target."`
}

func entryOf(e domain.Event) Entry {
	entry := Entry{
		Seq: e.Seq, At: httpserver.Instant(e.At), Kind: string(e.Kind()), Role: string(e.Role), ActorID: httpserver.SomeID(e.Actor),
		State: string(e.State), Internal: e.Visibility() == domain.VisibleStaff,
	}
	entry.tell(e.Payload)
	return entry
}

// tell adds what an event of its kind has to tell.
func (e *Entry) tell(p domain.Payload) {
	switch p := p.(type) {
	case domain.Reported:
		e.Text, e.Evidence = p.Text, p.Evidence != domain.Evidence{}
	case domain.Imported:
		e.Text = p.Text
	case domain.Commented:
		e.Text = p.Text
	case domain.Noted:
		e.Text = p.Text
	case domain.Triaged:
		e.Category, e.Priority, e.FormerPriority = string(p.Category), string(p.Priority), string(p.Former)
	case domain.Picked:
		e.AssigneeID = httpserver.SomeID(p.Assignee)
	case domain.Assigned:
		e.AssigneeID = httpserver.SomeID(p.Assignee)
	case domain.Reassigned:
		e.AssigneeID, e.FormerAssigneeID = httpserver.SomeID(p.Assignee), httpserver.SomeID(p.Former)
	case domain.Returned:
		e.FormerAssigneeID = httpserver.SomeID(p.Former)
	case domain.Waiting:
		e.Awaited, e.Text = string(p.Awaited), p.Text
	case domain.Resumed:
		e.Awaited = string(p.Awaited)
	case domain.Involved:
		e.MemberID = httpserver.SomeID(p.Member)
	default:
		e.tellEnd(p)
	}
}

// tellEnd adds what an event that ends an issue, or has to do with others, has to tell.
func (e *Entry) tellEnd(p domain.Payload) {
	switch p := p.(type) {
	case domain.Linked:
		e.OtherID = httpserver.SomeID(p.Other)
	case domain.Resolved:
		e.Resolution, e.Text, e.ClosesAt = string(p.Resolution), p.Text, httpserver.SomeInstant(p.ClosesAt)
	case domain.Reopened:
		e.Text = p.Text
	case domain.Rejected:
		e.Reason, e.Text, e.OtherID = string(p.Reason), p.Text, httpserver.SomeID(p.DuplicateOf)
	case domain.Duplicated:
		e.OtherID = httpserver.SomeID(p.Other)
	case domain.Merged:
		e.Text, e.OtherID = p.Text, httpserver.SomeID(p.Into)
	case domain.Absorbed:
		e.OtherID = httpserver.SomeID(p.Other)
	case domain.ListingFrozen:
		e.Text = p.Reason
	case domain.ListingCancelled:
		e.Text = p.Reason
	case domain.Breached:
		e.Clock, e.TargetSeconds = string(p.Clock), p.Target.Seconds()
	}
}
