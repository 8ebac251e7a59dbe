package domain

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	KindReported         EventKind = "reported"
	KindImported         EventKind = "imported"
	KindConfirmed        EventKind = "confirmed" // the visitor's address; from now on staff see the issue
	KindTriaged          EventKind = "triaged"
	KindPicked           EventKind = "picked"
	KindAssigned         EventKind = "assigned"
	KindReassigned       EventKind = "reassigned"
	KindReturned         EventKind = "returned" // to the queue
	KindWaiting          EventKind = "waiting"
	KindResumed          EventKind = "resumed"
	KindCommented        EventKind = "commented"
	KindNoted            EventKind = "noted"
	KindInvolved         EventKind = "involved"
	KindLinked           EventKind = "linked"
	KindResolved         EventKind = "resolved"
	KindReopened         EventKind = "reopened"
	KindRejected         EventKind = "rejected"
	KindDuplicated       EventKind = "duplicated" // another issue was rejected as this one's duplicate
	KindMerged           EventKind = "merged"     // into another one
	KindAbsorbed         EventKind = "absorbed"   // another issue was merged into this one
	KindClosed           EventKind = "closed"
	KindListingFrozen    EventKind = "listing_frozen"    // by staff, from here
	KindListingCancelled EventKind = "listing_cancelled" // likewise
	KindBreached         EventKind = "breached"
)

// Visibility is who may learn of an event at all.
type Visibility string

// The visibilities.
const (
	VisiblePublic Visibility = "public" // whoever may read the issue
	VisibleStaff  Visibility = "staff"  // never leaves the help desk
)

// Event is one entry of an issue's timeline, and at the same time the domain event. It is immutable.
type Event struct {
	// Issue is the issue whose timeline this is.
	Issue uuid.UUID
	// Seq is the position in the timeline, from 1, without gaps.
	Seq int64
	// At is when it happened; it never lies before the event before.
	At time.Time
	// Role is the part in which the actor acted, Actor the member; zero for a visitor and for the house.
	Role  Role
	Actor uuid.UUID
	// State is the issue's afterwards.
	State State
	// Payload says what happened.
	Payload Payload
}

// Kinds returns all kinds of events, sorted.
func Kinds() []EventKind { return slices.Sorted(maps.Keys(visibilities)) }

// Kind says what happened.
func (e Event) Kind() EventKind { return e.Payload.Kind() }

// Visibility says who may learn of it.
func (e Event) Visibility() Visibility { return visibilities[e.Kind()] }

// For returns the event as the audience may see it, and false when it must not know that there is one. Staff see all of
// it. Others see no event and no other issue that is staff's alone, and not why staff acted on a listing; nobody but staff
// and the reporter sees who reported.
func (e Event) For(a Audience) (Event, bool) {
	if a == AudienceStaff {
		return e, true
	}
	if e.Visibility() != VisiblePublic {
		return Event{}, false
	}
	if e.Role == RoleReporter && a != AudienceReporter {
		e.Actor = uuid.Nil
	}
	switch p := e.Payload.(type) {
	case Merged:
		e.Payload = Merged{Text: p.Text}
	case Rejected:
		e.Payload = Rejected{Reason: p.Reason, Text: p.Text}
	case ListingFrozen:
		e.Payload = ListingFrozen{}
	case ListingCancelled:
		e.Payload = ListingCancelled{}
	}
	return e, true
}

// visibilities says for every kind who may learn of it.
var visibilities = map[EventKind]Visibility{
	KindReported:         VisiblePublic,
	KindImported:         VisibleStaff,
	KindConfirmed:        VisiblePublic,
	KindTriaged:          VisibleStaff,
	KindPicked:           VisibleStaff,
	KindAssigned:         VisibleStaff,
	KindReassigned:       VisibleStaff,
	KindReturned:         VisibleStaff,
	KindWaiting:          VisiblePublic,
	KindResumed:          VisiblePublic,
	KindCommented:        VisiblePublic,
	KindNoted:            VisibleStaff,
	KindInvolved:         VisiblePublic,
	KindLinked:           VisibleStaff,
	KindResolved:         VisiblePublic,
	KindReopened:         VisiblePublic,
	KindRejected:         VisiblePublic,
	KindDuplicated:       VisibleStaff,
	KindMerged:           VisiblePublic,
	KindAbsorbed:         VisibleStaff,
	KindClosed:           VisiblePublic,
	KindListingFrozen:    VisiblePublic,
	KindListingCancelled: VisiblePublic,
	KindBreached:         VisibleStaff,
}
