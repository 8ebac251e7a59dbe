package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// How often a member may retract bids, on whatever listings.
const (
	MaxRetractions   = 3
	RetractionWindow = 30 * 24 * time.Hour
)

// RetractionAllowance counts one member's retractions. It is an aggregate of its own because the limit holds over all
// listings: retracting changes the listing and the allowance in one unit of work, so that two retractions at the same
// time cannot both be the third.
type RetractionAllowance struct {
	member  uuid.UUID
	version int64
	spent   []time.Time // the newest MaxRetractions of them, sorted: older ones can never matter again
	changed bool
}

// AllowanceState is an allowance as plain data for mappers.
type AllowanceState struct {
	// Member is whose allowance it is.
	Member uuid.UUID
	// Version is the number of commands that changed it; 0 before it was first stored.
	Version int64
	// Spent are the stamps of the member's newest retractions, at most MaxRetractions, oldest first.
	Spent []time.Time
}

// NewRetractionAllowance returns the allowance of a member who never retracted.
func NewRetractionAllowance(member uuid.UUID) *RetractionAllowance {
	return &RetractionAllowance{member: member, changed: true}
}

// RestoreRetractionAllowance returns the allowance as it was stored, unchecked.
func RestoreRetractionAllowance(s AllowanceState) *RetractionAllowance {
	return &RetractionAllowance{member: s.Member, version: s.Version, spent: slices.Clone(s.Spent)}
}

// State returns the allowance as plain data.
func (a *RetractionAllowance) State() AllowanceState {
	return AllowanceState{Member: a.member, Version: a.version, Spent: slices.Clone(a.spent)}
}

// ID returns the member.
func (a *RetractionAllowance) ID() uuid.UUID { return a.member }

// Version returns the number of commands that changed the allowance; 0 before it was first stored.
func (a *RetractionAllowance) Version() int64 { return a.version }

// Snapshot returns an independent copy.
func (a *RetractionAllowance) Snapshot() *RetractionAllowance {
	c := *a
	c.spent = slices.Clone(a.spent)
	return &c
}

// Settle ends a command: if it changed the allowance the version moves by one. There are never events: the log entry
// of a retraction is its listing's.
func (a *RetractionAllowance) Settle() (recorded []Event, changed bool) {
	changed = a.changed
	if changed {
		a.version++
	}
	a.changed = false
	return nil, changed
}

// Spend notes a retraction with the stamp at. A retraction counts for less than 30 days. Errors:
// ErrTooManyRetractions.
func (a *RetractionAllowance) Spend(at time.Time) error {
	at = micros(at)
	if len(a.spent) == MaxRetractions && at.Sub(a.spent[0]) < RetractionWindow {
		return ErrTooManyRetractions
	}
	spent := append(slices.Clone(a.spent), at)
	slices.SortFunc(spent, time.Time.Compare) // clocks of different listings may differ a little
	a.spent = spent[max(0, len(spent)-MaxRetractions):]
	a.changed = true
	return nil
}
