package profilesapi

import (
	"time"

	"github.com/google/uuid"
)

// The kinds of the published events; each names the version of its type, which is Event for all of them.
const (
	KindRegistered = "profiles.registered.v1" // somebody has made an account
	KindApproved   = "profiles.approved.v1"   // an admin has let the member in
	KindVerified   = "profiles.verified.v1"   // the e-mail address belongs to the member
	KindSuspended  = "profiles.suspended.v1"  // sessions, tokens and streams end
	KindReinstated = "profiles.reinstated.v1" // the suspension has ended
	KindSignedOut  = "profiles.signed_out.v1" // some or all sessions or tokens ended otherwise
	KindRolesSet   = "profiles.roles_set.v1"  // roles were granted or withdrawn
	KindDeleted    = "profiles.deleted.v1"    // pseudonymised
)

// Event is what the module publishes about one member. It holds no e-mail address and no reason.
type Event struct {
	// MemberID is the member.
	MemberID uuid.UUID `json:"member_id"`
	// Seq counts the changes of the account, At is when.
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	// ActorID is who did it; absent for the operator and the clock.
	ActorID *uuid.UUID `json:"actor_id,omitempty"`
	// Roles are those that the member has since, without member itself.
	Roles []string `json:"roles"`
}
