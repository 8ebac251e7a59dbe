package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// CancelListing calls a listing off.
type CancelListing struct{ market *Market }

// NewCancelListing returns the use case.
func NewCancelListing(market *Market) *CancelListing { return &CancelListing{market: market} }

// CancelListingCommand asks to call a listing off.
type CancelListingCommand struct {
	// Listing is the one.
	Listing uuid.UUID
	// By is the seller or a moderator.
	By domain.Actor
	// Reason is told to the bidders; the seller need not give one.
	Reason string
	// Key makes the command safe to repeat.
	Key Key
}

// Do cancels the listing. With a key that was accepted before it changes nothing.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound,
// ErrNotOwner, ErrListingNotOpen, ErrTooLateToCancel and ErrInvalidReason; ErrInvalidKey,
// uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *CancelListing) Do(ctx context.Context, cmd CancelListingCommand) error {
	r := request{operation: "cancel", listing: cmd.Listing, actor: cmd.By, key: cmd.Key}
	_, err := do(ctx, u.market, r, accepted(domain.KindCancelled, cmd.Listing, cmd.Reason),
		func(_ context.Context, listing *domain.Listing, by domain.Command, now time.Time) (nothing, error) {
			return nothing{}, listing.Cancel(by, cmd.Reason, now)
		})
	return err
}
