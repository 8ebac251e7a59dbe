package app

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/events"
)

// publishedKinds has no internal notes, and no imported issues: nobody here reported them, and nobody is to be told.
var publishedKinds = map[domain.EventKind]string{
	domain.KindReported:         issuesapi.KindReported,
	domain.KindConfirmed:        issuesapi.KindReported,
	domain.KindTriaged:          issuesapi.KindTriaged,
	domain.KindPicked:           issuesapi.KindAssigned,
	domain.KindAssigned:         issuesapi.KindAssigned,
	domain.KindReassigned:       issuesapi.KindAssigned,
	domain.KindReturned:         issuesapi.KindReturned,
	domain.KindWaiting:          issuesapi.KindWaiting,
	domain.KindResumed:          issuesapi.KindResumed,
	domain.KindCommented:        issuesapi.KindCommented,
	domain.KindInvolved:         issuesapi.KindInvolved,
	domain.KindLinked:           issuesapi.KindLinked,
	domain.KindResolved:         issuesapi.KindResolved,
	domain.KindReopened:         issuesapi.KindReopened,
	domain.KindRejected:         issuesapi.KindRejected,
	domain.KindDuplicated:       issuesapi.KindDuplicated,
	domain.KindMerged:           issuesapi.KindMerged,
	domain.KindAbsorbed:         issuesapi.KindAbsorbed,
	domain.KindClosed:           issuesapi.KindClosed,
	domain.KindListingFrozen:    issuesapi.KindListingFrozen,
	domain.KindListingCancelled: issuesapi.KindListingCancelled,
	domain.KindBreached:         issuesapi.KindBreached,
}

// Message is the published form of an event that an issue recorded: what other modules may know of it, and where the
// command left the issue. It is false for what is not published: internal notes, imported issues, and reports whose
// visitor has not confirmed his address. Its id follows from the issue and the seq, so that writing it twice is noticed.
func Message(i *domain.Issue, e domain.Event) (events.Message, bool) {
	kind, published := publishedKinds[e.Kind()]
	if !published || e.State == domain.StateUnconfirmed {
		return events.Message{}, false
	}
	s, about := i.State(), referencesOf(e.Payload)
	payload, err := json.Marshal(issuesapi.Event{
		IssueID:          e.Issue,
		Seq:              e.Seq,
		At:               e.At,
		ActorRole:        string(e.Role),
		ActorID:          actorIn(e),
		State:            string(e.State),
		Category:         string(s.Category),
		Priority:         string(s.Priority),
		AssigneeID:       known(s.Assignee),
		FormerAssigneeID: known(about.former),
		InvolvedID:       known(about.involved),
		OtherID:          known(about.other),
		Clock:            string(about.clock),
	})
	if err != nil {
		panic(fmt.Sprintf("write %s as JSON: %v", e.Kind(), err)) // plain fields cannot fail
	}
	return events.Message{
		ID:        uuid.NewSHA1(e.Issue, fmt.Appendf(nil, "event %d", e.Seq)),
		Kind:      kind,
		Aggregate: e.Issue,
		Seq:       e.Seq,
		At:        e.At,
		Payload:   payload,
	}, true
}

// references are what an event refers to.
type references struct {
	former, other, involved uuid.UUID

	clock domain.Clock
}

func referencesOf(p domain.Payload) references {
	switch p := p.(type) {
	case domain.Reassigned:
		return references{former: p.Former}
	case domain.Returned:
		return references{former: p.Former}
	case domain.Involved:
		return references{involved: p.Member}
	case domain.Linked:
		return references{other: p.Other}
	case domain.Rejected:
		return references{other: p.DuplicateOf}
	case domain.Duplicated:
		return references{other: p.Other}
	case domain.Merged:
		return references{other: p.Into}
	case domain.Absorbed:
		return references{other: p.Other}
	case domain.Breached:
		return references{clock: p.Clock}
	default:
		return references{}
	}
}

// actorIn returns who did it, unless that tells who reported the issue.
func actorIn(e domain.Event) *uuid.UUID {
	if e.Role == domain.RoleReporter {
		return nil
	}
	return known(e.Actor)
}

// known returns nil for nobody and nothing.
func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
