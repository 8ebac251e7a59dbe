// Package events is what leaves a module: messages about what happened, written to an outbox in the transaction that
// made it happen.
package events

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Message is one published event, in the form in which other modules and other machines see it. It must carry nothing
// that is secret: no hidden maximum, no reserve.
type Message struct {
	// ID is unique; subscribers are idempotent by it.
	ID uuid.UUID
	// Kind names the published type and its version, such as "listings.bid_placed.v1".
	Kind string
	// Aggregate is the id of what it happened to; messages of one aggregate are delivered in the order of Seq.
	Aggregate uuid.UUID
	// Seq is the position among the events of the aggregate.
	Seq int64
	// At is the event's stamp, UTC, whole microseconds.
	At time.Time
	// Payload is the published type as JSON.
	Payload []byte
}

// Outbox keeps messages until they are delivered.
type Outbox interface {
	// Append stores the messages, in this order, in the transaction of the unit of work that ctx carries: they are
	// there if and only if the unit commits. Errors: uow.ErrNoUnit and uow.ErrEnded outside a unit, uow.ErrConflict,
	// and what the store reports.
	Append(ctx context.Context, messages []Message) error
}
