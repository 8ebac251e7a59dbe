package app

import "time"

// How long Leftovers keep what is over.
const (
	// ThrottleMemory is how long after the last attempt a throttle is kept: longer than any delay.
	ThrottleMemory = 24 * time.Hour
	// InvitationMemory is how long after its end an invitation is listed.
	InvitationMemory = 30 * 24 * time.Hour
)
