package app

import (
	"context"
	"fmt"

	"github.com/gavelhq/gavel/platform/clock"
)

// portion is how much of each kind is forgotten in one go.
const portion = 500

// ForgetLeftovers deletes what has expired.
type ForgetLeftovers struct {
	leftovers Leftovers
	clock     clock.Clock
	keep      Keeping
}

// NewForgetLeftovers returns the use case. What is over is kept for as long as keep says.
func NewForgetLeftovers(leftovers Leftovers, c clock.Clock, keep Keeping) *ForgetLeftovers {
	return &ForgetLeftovers{leftovers: leftovers, clock: c, keep: keep}
}

// Do deletes everything that is of no use any more. Errors: what the store reports, and the context's.
func (u *ForgetLeftovers) Do(ctx context.Context) error {
	for {
		n, err := u.leftovers.Forget(ctx, u.clock.Now(), u.keep, portion)
		if err != nil {
			return fmt.Errorf("forget what has expired: %w", err)
		}
		if n == 0 {
			return nil
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
	}
}
