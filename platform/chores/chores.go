// Package chores runs what a server has to do now and then, such as forgetting what has expired: small jobs that may run
// on every server at once and whose hour does not matter.
package chores

import (
	"context"
	"time"
)

// Chore is one of them. Modules give theirs to the value group of AsChore.
type Chore struct {
	// Name is unique: "forget idempotency keys".
	Name string
	// Every is the time from the end of one run to the beginning of the next; the first begins soon after the start.
	Every time.Duration
	// Run does what there is to do. Errors are logged, and it is run again next time.
	Run func(ctx context.Context) error
}
