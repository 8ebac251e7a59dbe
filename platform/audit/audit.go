// Package audit is the record of every administrative and moderating act: who did what to whom, why and when. It is only
// ever appended to, in the unit of work of the act itself, so that there is no act without its entry and no entry
// without its act.
package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/page"
)

// Entry is one act.
type Entry struct {
	// ID is a UUIDv7; entries are ordered by At, then ID. Record makes one where it is zero.
	ID uuid.UUID
	// At is when it was done, UTC, whole microseconds.
	At time.Time
	// Actor is the member who acted; zero for the operator at the command line and for the program itself.
	Actor uuid.UUID
	// Act names what was done, such as "members.suspend" or "listings.freeze": lower-case letters, "_" and ".".
	Act string
	// Target is the member, listing or other thing that it was done to.
	Target uuid.UUID
	// Reason is what the actor gave as the reason; may be empty. See CheckReason.
	Reason string
	// Detail says more where the act alone does not tell, such as the role that was granted; may be empty. It never
	// holds a secret, and is as long and as plain as a reason.
	Detail string
}

// Log appends entries.
type Log interface {
	// Record appends the entry when the unit of work in ctx commits, and only then. Errors: ErrInvalidReason,
	// ErrIncomplete, uow.ErrNoUnit, uow.ErrEnded; at the commit ErrEntryExists, or what the store reports.
	Record(ctx context.Context, entry Entry) error
}

// Filter narrows the log; the zero value keeps everything. All conditions must hold.
type Filter struct {
	// Actor and Target keep what this one did, what was done to this one; zero is any.
	Actor, Target uuid.UUID
	// Acts keeps these acts; empty is any.
	Acts []string
	// From and Before keep From <= At < Before; zero is no bound.
	From, Before time.Time
}

// View reads the log, outside units of work.
type View interface {
	// Entries returns one page, the newest entry first. Errors: page.ErrInvalidCursor, or what the store reports.
	Entries(ctx context.Context, filter Filter, request page.Request) (page.Of[Entry], error)
}
