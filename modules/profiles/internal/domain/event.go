package domain

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// EventKind says what happened to an account.
type EventKind string

// What can happen.
const (
	EventRegistered EventKind = "registered"
	EventApproved   EventKind = "approved"
	EventVerified   EventKind = "verified"
	EventSuspended  EventKind = "suspended"
	EventReinstated EventKind = "reinstated"
	EventSignedOut  EventKind = "signed_out" // of some or all sessions or tokens
	EventRolesSet   EventKind = "roles_set"
	EventDeleted    EventKind = "deleted"
)

// Event is something that happened to an account.
type Event struct {
	// Kind is what.
	Kind EventKind
	// Account is whose, Seq the version that the account has after it.
	Account uuid.UUID
	Seq     int64
	// Index is its place, from 0, among the events of that version.
	Index int
	// At is when, Actor who did it; zero for the clock and the operator.
	At    time.Time
	Actor uuid.UUID
	// Roles are the member's since, without identity.Member.
	Roles []identity.Role
}
