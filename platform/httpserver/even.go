package httpserver

import (
	"context"
	"time"
)

// slot is longer than what the same answer takes for one address and for another may differ by.
const slot = 20 * time.Millisecond

// Even waits until the time since begun is a whole number of slots, so that nobody can measure what an answer has taken
// by less. It is for answers that must not tell whether an address has an account, and that no password hash makes long
// enough to hide a row that is read or written.
func Even(ctx context.Context, begun time.Time) {
	timer := time.NewTimer(slot - time.Since(begun)%slot)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
