package domain

import (
	"time"

	"github.com/google/uuid"
)

// Payload is what an event of one kind has to tell. There is one type for each kind.
type Payload interface {
	// Kind says what happened.
	Kind() EventKind
}

// What happened, kind by kind. Texts may be empty where a command does without.
type (
	// Reported: the reporter's words, and the evidence if there is a listing.
	Reported struct {
		Text     string
		Evidence Evidence
	}
	// Imported: the words that came along.
	Imported struct{ Text string }
	// Confirmed: the visitor has shown that the address is his.
	Confirmed struct{}
	// Triaged: what it is about and how much it presses since, and how much it pressed before.
	Triaged struct {
		Category         Category
		Priority, Former Priority
	}
	// Picked: the actor works on it.
	Picked struct{ Assignee uuid.UUID }
	// Assigned: somebody gave it to the assignee.
	Assigned struct{ Assignee uuid.UUID }
	// Reassigned: it went from one to another.
	Reassigned struct{ Former, Assignee uuid.UUID }
	// Returned: the former assignee can no longer work on it.
	Returned struct{ Former uuid.UUID }
	// Waiting: for whom, and what he is asked.
	Waiting struct {
		Awaited AwaitedParty
		Text    string
	}
	// Resumed: it waits no longer.
	Resumed struct{ Awaited AwaitedParty }
	// Commented: what everybody who takes part may read.
	Commented struct{ Text string }
	// Noted: what staff alone may read.
	Noted struct{ Text string }
	// Involved: the member takes part since.
	Involved struct{ Member uuid.UUID }
	// Linked: with the other issue, which has the same event.
	Linked struct{ Other uuid.UUID }
	// Resolved: how, in public words, and when it will close.
	Resolved struct {
		Resolution Resolution
		Text       string
		ClosesAt   time.Time
	}
	// Reopened: why.
	Reopened struct{ Text string }
	// Rejected: why; DuplicateOf is zero but for a duplicate.
	Rejected struct {
		Reason      RejectionReason
		DuplicateOf uuid.UUID
		Text        string
	}
	// Duplicated: the other issue was rejected as this one's duplicate.
	Duplicated struct{ Other uuid.UUID }
	// Merged: into the other issue.
	Merged struct {
		Into uuid.UUID
		Text string
	}
	// Absorbed: the other issue was merged into this one.
	Absorbed struct{ Other uuid.UUID }
	// Closed: a while after it was resolved nobody had reopened it.
	Closed struct{}
	// ListingFrozen: staff stopped the bidding on the listing that it is about. The reason is staff's, for the seller.
	ListingFrozen struct{ Reason string }
	// ListingCancelled: staff called that listing off. The reason is staff's, for the bidders.
	ListingCancelled struct{ Reason string }
	// Breached: the target was missed. The event's At is the instant that was missed.
	Breached struct {
		Clock  Clock
		Target time.Duration
	}
)

// Kind says what happened.
func (Reported) Kind() EventKind         { return KindReported }
func (Imported) Kind() EventKind         { return KindImported }
func (Confirmed) Kind() EventKind        { return KindConfirmed }
func (Triaged) Kind() EventKind          { return KindTriaged }
func (Picked) Kind() EventKind           { return KindPicked }
func (Assigned) Kind() EventKind         { return KindAssigned }
func (Reassigned) Kind() EventKind       { return KindReassigned }
func (Returned) Kind() EventKind         { return KindReturned }
func (Waiting) Kind() EventKind          { return KindWaiting }
func (Resumed) Kind() EventKind          { return KindResumed }
func (Commented) Kind() EventKind        { return KindCommented }
func (Noted) Kind() EventKind            { return KindNoted }
func (Involved) Kind() EventKind         { return KindInvolved }
func (Linked) Kind() EventKind           { return KindLinked }
func (Resolved) Kind() EventKind         { return KindResolved }
func (Reopened) Kind() EventKind         { return KindReopened }
func (Rejected) Kind() EventKind         { return KindRejected }
func (Duplicated) Kind() EventKind       { return KindDuplicated }
func (Merged) Kind() EventKind           { return KindMerged }
func (Absorbed) Kind() EventKind         { return KindAbsorbed }
func (Closed) Kind() EventKind           { return KindClosed }
func (ListingFrozen) Kind() EventKind    { return KindListingFrozen }
func (ListingCancelled) Kind() EventKind { return KindListingCancelled }
func (Breached) Kind() EventKind         { return KindBreached }
