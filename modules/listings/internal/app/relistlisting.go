package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/idempotency"
)

// RelistListing makes a new draft of a listing that is over.
type RelistListing struct{ market *Market }

// NewRelistListing returns the use case.
func NewRelistListing(market *Market) *RelistListing { return &RelistListing{market: market} }

// RelistListingCommand asks for a new try.
type RelistListingCommand struct {
	// Listing is the one that is over.
	Listing uuid.UUID
	// By is its seller.
	By domain.Actor
	// ID is the new draft's; zero draws one.
	ID uuid.UUID
	// Key makes the command safe to repeat.
	Key Key
}

// Do makes the draft, which links to the old listing, and returns its id; with a key that was accepted before, the id of
// then. The old listing does not change.
//
// Errors: ErrInvalidKey, domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound,
// domain.ErrNotOwner and domain.ErrListingNotEnded; ErrListingExists, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RelistListing) Do(ctx context.Context, cmd RelistListingCommand) (uuid.UUID, error) {
	fresh, err := drawn(cmd.ID)
	if err != nil {
		return uuid.Nil, err
	}
	asked := idempotency.Request{Member: cmd.By.ID, Operation: "relist listing", Key: string(cmd.Key), Body: []uuid.UUID{cmd.Listing, cmd.ID}}
	id, err := u.market.addDraft(ctx, asked, func(ctx context.Context) (uuid.UUID, error) {
		old, err := u.market.listings.Get(ctx, cmd.Listing)
		if err != nil {
			return uuid.Nil, err
		}
		draft, err := old.Relist(domain.Command{Actor: cmd.By}, fresh, u.market.clock.Now())
		if err != nil {
			return uuid.Nil, err
		}
		return fresh, addNew(ctx, u.market.listings, draft)
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("relist %s: %w", cmd.Listing, err)
	}
	return id, nil
}

// drawn returns the id that the client chose, or a new one.
func drawn(id uuid.UUID) (uuid.UUID, error) {
	if id != uuid.Nil {
		return id, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("draw a listing id: %w", err)
	}
	return id, nil
}
