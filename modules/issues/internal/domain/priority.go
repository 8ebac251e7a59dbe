package domain

import (
	"slices"
	"time"
)

// Priority is how much an issue presses.
type Priority string

// The priorities. Until it is triaged an issue is normal.
const (
	PriorityLow    Priority = "low"
	PriorityNormal Priority = "normal"
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)

// Priorities are all priorities, the least first.
var Priorities = []Priority{PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent}

// Rank orders priorities: 1 for low to 4 for urgent, 0 for what is none.
func (p Priority) Rank() int { return slices.Index(Priorities, p) + 1 }

// Target is how much working time the house gives itself. The zero Target measures nothing.
type Target struct {
	// FirstResponse is until staff first say something to the reporter, Resolution until the issue is resolved.
	FirstResponse, Resolution time.Duration
}

// Targets are the targets of every priority. It is immutable.
type Targets struct{ of map[Priority]Target }

// DefaultTargets returns the targets of a house that has set none.
func DefaultTargets() Targets {
	const day = 24 * time.Hour
	return Targets{of: map[Priority]Target{
		PriorityLow:    {FirstResponse: 3 * day, Resolution: 30 * day},
		PriorityNormal: {FirstResponse: day, Resolution: 7 * day},
		PriorityHigh:   {FirstResponse: 4 * time.Hour, Resolution: 2 * day},
		PriorityUrgent: {FirstResponse: time.Hour, Resolution: 8 * time.Hour},
	}}
}

// NewTargets returns the targets of every priority, which are cut to the microsecond. Errors: ErrInvalidTargets when a
// priority is missing, or a target is not above zero, or the first response later than the resolution.
func NewTargets(of map[Priority]Target) (Targets, error) {
	t := Targets{of: make(map[Priority]Target, len(Priorities))}
	for _, p := range Priorities {
		target := Target{
			FirstResponse: of[p].FirstResponse.Truncate(time.Microsecond),
			Resolution:    of[p].Resolution.Truncate(time.Microsecond),
		}
		if target.FirstResponse <= 0 || target.Resolution < target.FirstResponse {
			return Targets{}, ErrInvalidTargets.With("priority", string(p))
		}
		t.of[p] = target
	}
	return t, nil
}

// For returns the target of the priority.
func (t Targets) For(p Priority) Target { return t.of[p] }
