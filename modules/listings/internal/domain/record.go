package domain

import (
	"errors"

	"github.com/google/uuid"
)

// ErrRecordNotFound is the answer of repositories whose aggregates no client asks for by id.
var ErrRecordNotFound = errors.New("there is no such record")

// record is what the small aggregates beside listings have: an identity and a version that each command that changes it
// moves by one. They record no events.
type record struct {
	id      uuid.UUID
	version int64
	changed bool
}

// ID returns the identity.
func (r *record) ID() uuid.UUID { return r.id }

// Version returns the number of commands that changed it; 0 before it was first stored.
func (r *record) Version() int64 { return r.version }

// Settle ends a command: if it changed the aggregate the version moves by one. There are never events.
func (r *record) Settle() (recorded []Event, changed bool) {
	changed = r.changed
	if changed {
		r.version++
	}
	r.changed = false
	return nil, changed
}
