package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// UnfreezeListing lets a frozen listing go on, for a day at least.
type UnfreezeListing struct{ market *Market }

// NewUnfreezeListing returns the use case.
func NewUnfreezeListing(market *Market) *UnfreezeListing { return &UnfreezeListing{market: market} }

// UnfreezeListingCommand asks to let a listing go on.
type UnfreezeListingCommand struct {
	// Listing is the one.
	Listing uuid.UUID
	// By is a moderator.
	By domain.Actor
	// Reason is for the seller and the moderators.
	Reason string
	// Key makes the command safe to repeat.
	Key Key
}

// Do unfreezes the listing. With a key that was accepted before it changes nothing.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound,
// ErrNotModerator, ErrInvalidReason and ErrListingNotFrozen; ErrInvalidKey,
// uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *UnfreezeListing) Do(ctx context.Context, cmd UnfreezeListingCommand) error {
	r := request{operation: "unfreeze", listing: cmd.Listing, actor: cmd.By, key: cmd.Key}
	_, err := do(ctx, u.market, r, accepted(domain.KindUnfrozen, cmd.Listing, cmd.Reason),
		func(_ context.Context, listing *domain.Listing, by domain.Command, now time.Time) (nothing, error) {
			return nothing{}, listing.Unfreeze(by, cmd.Reason, now)
		})
	return err
}
