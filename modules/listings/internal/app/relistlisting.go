package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
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
}

// Do makes the draft, which links to the old listing, and returns its id. The old listing does not change. Errors:
// domain.ErrListingNotFound, domain.ErrNotOwner, domain.ErrListingNotEnded, ErrListingExists, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *RelistListing) Do(ctx context.Context, cmd RelistListingCommand) (uuid.UUID, error) {
	id, err := drawn(cmd.ID)
	if err != nil {
		return uuid.Nil, err
	}
	listings := u.market.listings
	err = u.market.work.Do(ctx, func(ctx context.Context) error {
		old, err := listings.Get(ctx, cmd.Listing)
		if err != nil {
			return err
		}
		draft, err := old.Relist(domain.Command{Actor: cmd.By}, id, u.market.clock.Now())
		if err != nil {
			return err
		}
		return addNew(ctx, listings, draft)
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
