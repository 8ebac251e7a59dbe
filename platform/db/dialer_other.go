//go:build !linux

package db

import "time"

// limitRetransmission does nothing: other systems repeat for as long as they like.
func limitRetransmission(uintptr, time.Duration) error { return nil }
