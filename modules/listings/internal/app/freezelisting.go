package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// FreezeListing stops a listing until a moderator lets it go on.
type FreezeListing struct{ market *Market }

// NewFreezeListing returns the use case.
func NewFreezeListing(market *Market) *FreezeListing { return &FreezeListing{market: market} }

// FreezeListingCommand asks to stop a listing.
type FreezeListingCommand struct {
	// Listing is the one.
	Listing uuid.UUID
	// By is a moderator.
	By domain.Actor
	// Reason is for the seller and the moderators.
	Reason string
	// Key makes the command safe to repeat.
	Key Key
}

// Do freezes the listing. With a key that was accepted before it changes nothing.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound,
// ErrNotModerator, ErrInvalidReason, ErrListingFrozen and ErrListingNotOpen; ErrInvalidKey,
// uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *FreezeListing) Do(ctx context.Context, cmd FreezeListingCommand) error {
	r := request{operation: "freeze", listing: cmd.Listing, actor: cmd.By, key: cmd.Key}
	_, err := do(ctx, u.market, r, accepted(domain.KindFrozen, cmd.Listing, cmd.Reason),
		func(_ context.Context, listing *domain.Listing, by domain.Command, now time.Time) (nothing, error) {
			return nothing{}, listing.Freeze(by, cmd.Reason, now)
		})
	return err
}
