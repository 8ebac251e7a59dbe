package issuesapi

import (
	"time"

	"github.com/google/uuid"
)

// The kinds of the published events; each names the version of its type, which is Event for all of them. Internal notes are
// not published.
const (
	KindReported         = "issues.reported.v1"          // staff can see it; a visitor has confirmed his address
	KindTriaged          = "issues.triaged.v1"           // somebody said what it is about and how much it presses
	KindAssigned         = "issues.assigned.v1"          // picked, assigned or reassigned
	KindReturned         = "issues.returned.v1"          // to the queue, because the assignee can no longer work on it
	KindWaiting          = "issues.waiting.v1"           // for the reporter or a third party
	KindResumed          = "issues.resumed.v1"           // it waits no longer
	KindCommented        = "issues.commented.v1"         // in public
	KindInvolved         = "issues.involved.v1"          // a member takes part
	KindLinked           = "issues.linked.v1"            // with another issue
	KindResolved         = "issues.resolved.v1"          // it closes a week later
	KindReopened         = "issues.reopened.v1"          // a resolution was taken back
	KindRejected         = "issues.rejected.v1"          // as spam, a duplicate, not ours, or for want of an answer
	KindDuplicated       = "issues.duplicated.v1"        // another issue was rejected as its duplicate
	KindMerged           = "issues.merged.v1"            // into another issue
	KindAbsorbed         = "issues.absorbed.v1"          // another issue was merged into it
	KindClosed           = "issues.closed.v1"            // by the clock, a week after it was resolved
	KindListingFrozen    = "issues.listing_frozen.v1"    // staff froze the listing that it is about
	KindListingCancelled = "issues.listing_cancelled.v1" // staff cancelled the listing that it is about
	KindBreached         = "issues.breached.v1"          // a target was missed
)

// Event is what the module publishes about one issue: what happened, and where the issue stands since. It holds no text, and
// neither who reported the issue nor whom it is about.
type Event struct {
	// IssueID is the issue.
	IssueID uuid.UUID `json:"issue_id"`
	// Seq is the position in the issue's timeline, which has gaps here; At is when it happened.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	// ActorRole is the part in which somebody did it: reporter, participant, staff or house, which is nobody. ActorID is who,
	// if it was staff or a participant.
	ActorRole string     `json:"actor_role"`
	ActorID   *uuid.UUID `json:"actor_id,omitempty"`
	// State is reported, triaged, assigned, waiting, resolved, closed, rejected or merged.
	State string `json:"state"`
	// Category is absent before the triage. Priority is low, normal, high or urgent.
	Category string `json:"category,omitempty"`
	Priority string `json:"priority"`
	// AssigneeID works on it since, FormerAssigneeID worked on it before; absent for nobody.
	AssigneeID       *uuid.UUID `json:"assignee_id,omitempty"`
	FormerAssigneeID *uuid.UUID `json:"former_assignee_id,omitempty"`
	// InvolvedID takes part since; absent otherwise.
	InvolvedID *uuid.UUID `json:"involved_id,omitempty"`
	// OtherID is the issue that it was linked or merged with, or is a duplicate of; absent otherwise.
	OtherID *uuid.UUID `json:"other_id,omitempty"`
	// Clock is the one whose target was missed: first_response or resolution; absent otherwise.
	Clock string `json:"clock,omitempty"`
}
