package domain

import (
	"time"

	"github.com/google/uuid"
)

// IssueState is an issue as plain data for mappers: RestoreIssue(i.State()) equals i. Nothing in it may be modified in
// place.
type IssueState struct {
	// ID is the issue's identity, chosen by whoever reports it.
	ID uuid.UUID
	// Version is the number of commands that changed the issue; 0 before it was first stored.
	Version int64
	// State is as last stored; Phase tells it at any instant.
	State State
	// Title is of 1 to MaxTitle characters, as it was written.
	Title string
	// Category is empty before the triage; Priority never is.
	Category Category
	Priority Priority
	// Reporter is who reported it, Subject what it is about.
	Reporter Reporter
	Subject  Subject
	// Origin is where it was imported from; zero for one that was reported here.
	Origin Origin
	// Assignee works on it; zero for nobody.
	Assignee uuid.UUID
	// Awaited is for whom it waits; empty unless it does.
	Awaited AwaitedParty
	// Participants are the members who were involved, Links the issues that it is linked with; both sorted by id.
	Participants, Links []uuid.UUID
	// Clocks measure the time that it takes.
	Clocks Clocks
	// Resolution and ResolvedAt are how and when it was resolved; zero unless it is. ClosesAt is when it closes; zero
	// unless it will.
	Resolution           Resolution
	ResolvedAt, ClosesAt time.Time
	// Rejection is why it was rejected, and DuplicateOf of which issue it is a duplicate; zero otherwise.
	Rejection   RejectionReason
	DuplicateOf uuid.UUID
	// MergedInto is the issue that goes on in its place; zero unless it is merged.
	MergedInto uuid.UUID
	// ReportedAt is when staff could first see it, or when it was reported elsewhere, which its age counts from; zero while
	// it is unconfirmed.
	ReportedAt time.Time
	// EndedAt is when it was closed, rejected or merged, no earlier than ReportedAt; zero before.
	EndedAt time.Time
	// Comments is the number of public comments, those that were made elsewhere included; no more than MaxNumber.
	Comments int64
	// Seq is the number of events in the timeline, LastAt the stamp of the last one, before which no later one lies.
	Seq    int64
	LastAt time.Time
	// ImportedSeq is the seq of the event of the last import that changed something; 0 for an issue that was reported here.
	ImportedSeq int64
}

// Phase returns what the issue's state depends on.
func (s IssueState) Phase() Phase { return Phase{Stored: s.State, ClosesAt: s.ClosesAt} }

// Due returns the next instant at which the passing of time alone brings something: a target that is missed, the closing;
// zero for none. A job that calls Breaches and Close when it has come misses nothing.
func (s IssueState) Due() time.Time {
	return earliest(s.Clocks.FirstResponseDue, s.Clocks.ResolutionDue, s.ClosesAt)
}

// Readers returns who may read the issue.
func (s IssueState) Readers() Readers {
	return Readers{
		Issue: s.ID, State: s.State, Reporter: s.Reporter.Member, Accused: s.Subject.Member, Participants: s.Participants,
	}
}
