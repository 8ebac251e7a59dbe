package idempotency

import (
	"bytes"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/clock"
)

// Record is an answer as a unit of work keeps it: an aggregate that is added, found again and some day removed, but never
// changed. Stores are made of records; all others deal in Remembered.
type Record struct {
	remembered Remembered
	version    int64
}

// NewRecord returns a record that is to be added.
func NewRecord(r Remembered) *Record {
	r.Answer = bytes.Clone(r.Answer)
	r.At = clock.Micros(r.At)
	return &Record{remembered: r}
}

// RestoreRecord returns the record of an answer that is stored.
func RestoreRecord(r Remembered) *Record { return &Record{remembered: r, version: 1} }

// Remembered returns the answer under its key.
func (r *Record) Remembered() Remembered {
	c := r.remembered
	c.Answer = bytes.Clone(c.Answer)
	return c
}

// ID returns the id that is made of member, operation and key.
func (r *Record) ID() uuid.UUID { return r.remembered.ID }

// Version returns 0 before the record was first stored, then 1.
func (r *Record) Version() int64 { return r.version }

// Snapshot returns an independent copy.
func (r *Record) Snapshot() *Record {
	c := *r // the answer's bytes are given to nobody, so they can be shared
	return &c
}

// Settle ends the command that added the record. There are no events.
func (r *Record) Settle() (recorded []struct{}, changed bool) {
	changed = r.version == 0
	r.version = 1
	return nil, changed
}
