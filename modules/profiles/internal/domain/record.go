package domain

import (
	"time"

	"github.com/google/uuid"
)

// record is what every aggregate here has: an identity and a version that each command that changes it moves by one.
type record struct {
	id      uuid.UUID
	version int64
	changed bool
	events  []Event
}

// ID returns the identity.
func (r *record) ID() uuid.UUID { return r.id }

// Version returns the number of commands that changed it; 0 before it was first stored.
func (r *record) Version() int64 { return r.version }

// Settle ends a command: if it changed the aggregate the version moves by one. It hands over, and forgets, the events
// recorded since the last call.
func (r *record) Settle() (recorded []Event, changed bool) {
	recorded, changed = r.events, r.changed
	if changed {
		r.version++
	}
	r.events, r.changed = nil, false
	return recorded, changed
}

// micros cuts an instant to what stores keep.
func micros(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
