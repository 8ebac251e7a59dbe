package app

import "time"

// Keeping is how long what is over is kept, as the house decides.
type Keeping struct {
	// Sessions is the age that a session reaches after its end; one that ended with all others of its account before its
	// time counts from its last request. 0 forgets them as soon as they are over.
	Sessions time.Duration
	// Notices is the age of a notice, from what it tells.
	Notices time.Duration
}

// How long Leftovers keep other things that are over.
const (
	// ThrottleMemory is how long after the last attempt a throttle is kept: longer than any delay.
	ThrottleMemory = 24 * time.Hour
	// InvitationMemory is how long after its end an invitation is listed.
	InvitationMemory = 30 * 24 * time.Hour
)
