package app

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// listingAct is one kind of what staff do with the listing of an issue.
type listingAct struct {
	operation string // in the words of errors and keys
	reason    string
	// note records it on the issue, and returns the listing; do does it.
	note func(i *domain.Issue, by domain.Actor, reason string, now time.Time) (uuid.UUID, error)
	do   func(ctx context.Context, by identity.Caller, listing uuid.UUID, reason string) error
}

// onListing notes the act on the issue and does it, in one unit of work. Whoever does not moderate listings is refused
// before he learns anything about the issue. Errors: those of identity.Caller.Check, of the act and of perform.
func (d *Desk) onListing(ctx context.Context, cmd ActCommand, a listingAct) error {
	if err := cmd.By.Caller.Check(listingsapi.Moderate); err != nil {
		return fmt.Errorf("%s: %w", a.operation, err)
	}
	return d.perform(ctx, cmd, act{
		operation: a.operation,
		body:      a.reason,
		run: func(ctx context.Context, p parties) error {
			listing, err := a.note(p.issue, p.by, a.reason, p.now)
			if err != nil {
				return err
			}
			return a.do(ctx, cmd.By.Caller, listing, a.reason)
		},
	})
}
