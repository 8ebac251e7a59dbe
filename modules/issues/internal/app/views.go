package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// Views answer what pages and the API show, outside units of work and without their aggregates.
type Views interface {
	// Head returns the issue as it is stored, with everything in it: what the reader may see of that is the use case's to
	// say. Errors: domain.ErrIssueNotFound, or what the store reports.
	Head(ctx context.Context, id uuid.UUID) (domain.IssueState, error)
	// Timeline returns one page of what happened to the issue, oldest first, as domain.Event.For shows it to the audience.
	// An issue that there is not has none. Errors: page.ErrInvalidCursor, or what the store reports.
	Timeline(ctx context.Context, id uuid.UUID, audience domain.Audience, request page.Request) (page.Of[domain.Event], error)
	// Concealed returns those of the issues of which the member must not know, as domain.IssueState.MustNotKnow says, in no
	// order. Errors: what the store reports.
	Concealed(ctx context.Context, member uuid.UUID, ids []uuid.UUID) ([]uuid.UUID, error)
	// Issues returns one page of the issues that match the filter and that the viewer may read, as SummaryOf shows them to
	// him at the instant now. Somebody who is no staff must ask with Filter.For. Errors: as Timeline.
	Issues(ctx context.Context, filter Filter, viewer domain.Actor, now time.Time, request page.Request) (page.Of[IssueSummary], error)
	// Categories counts the same issues by category, sorted by it; categories without any are left out. Errors: what the
	// store reports.
	Categories(ctx context.Context, filter Filter, viewer domain.Actor, now time.Time) ([]CategoryCount, error)
}

// IssueSummary is an issue in a list. What is for staff alone is zero for everybody else.
type IssueSummary struct {
	ID    uuid.UUID
	Title string
	// State is that at the instant of the question, whether or not a job has run.
	State domain.State
	// Category, Priority and Assignee are for staff.
	Category domain.Category
	Priority domain.Priority
	Assignee uuid.UUID
	// Awaited is for whom it waits; empty unless it does.
	Awaited domain.AwaitedParty
	// ReportedAt is what its age counts from, EndedAt when it was closed, rejected or merged; zero before.
	ReportedAt, EndedAt time.Time
	// FirstResponseDue and ResolutionDue are when the targets will be missed, FirstResponseMissed and ResolutionMissed
	// whether they were, as last stored; for staff.
	FirstResponseDue, ResolutionDue       time.Time
	FirstResponseMissed, ResolutionMissed bool
	// Comments is the number of public comments.
	Comments int64
}

// SummaryOf returns the issue as it is shown to the audience in a list at the instant now.
func SummaryOf(s domain.IssueState, audience domain.Audience, now time.Time) IssueSummary {
	summary := IssueSummary{
		ID: s.ID, Title: s.Title, State: s.Phase().At(now), Awaited: s.Awaited, ReportedAt: s.ReportedAt, EndedAt: s.EndAt(now),
		Comments: s.Comments,
	}
	if audience == domain.AudienceStaff {
		c := s.Clocks
		summary.Category, summary.Priority, summary.Assignee = s.Category, s.Priority, s.Assignee
		summary.FirstResponseDue, summary.ResolutionDue = c.FirstResponseDue, c.ResolutionDue
		summary.FirstResponseMissed, summary.ResolutionMissed = !c.FirstResponseMissed.IsZero(), !c.ResolutionMissed.IsZero()
	}
	return summary
}

// CategoryCount is how many issues are in a category, which is empty before the triage.
type CategoryCount struct {
	Category domain.Category
	Issues   int
}

// Filter narrows a list of issues; the zero value lists all that the viewer may read. All conditions must hold.
type Filter struct {
	// States keeps issues in one of these states at the instant of the question; empty is any.
	States []domain.State
	// Category keeps issues in this category; Untriaged those in none.
	Category  domain.Category
	Untriaged bool
	// Assignee keeps what this member works on; Unassigned what nobody works on.
	Assignee   uuid.UUID
	Unassigned bool
	// Reporter keeps what this member reported.
	Reporter uuid.UUID
	// Words keeps issues in whose title or report every one of these words occurs, as a whole or as the beginning of a word,
	// without regard to case and accents: every one of words.OfQuery begins one of IssueWords. A text without a word in it is
	// no condition.
	Words string
	// Sort is the order; empty is SortNewest.
	Sort Sort
}

// Queue is what waits for somebody to pick it, in the order in which it should be picked.
func Queue() Filter { return Filter{States: []domain.State{domain.StateTriaged}, Sort: SortQueue} }

// Mine is what the member of staff works on, in the order in which he should.
func Mine(member uuid.UUID) Filter {
	return Filter{States: []domain.State{domain.StateAssigned, domain.StateWaiting}, Assignee: member, Sort: SortQueue}
}

// Unassigned is what is open and nobody works on, triaged or not.
func Unassigned() Filter {
	return Filter{States: []domain.State{domain.StateReported, domain.StateTriaged}, Unassigned: true, Sort: SortQueue}
}

// For returns the filter as the viewer may use it: whoever is no staff must not find out by asking what he is not shown.
func (f Filter) For(viewer domain.Actor) Filter {
	if viewer.Staff {
		return f
	}
	allowed := Filter{States: f.States, Words: f.Words}
	if f.Reporter == viewer.ID {
		allowed.Reporter = f.Reporter
	}
	return allowed
}
