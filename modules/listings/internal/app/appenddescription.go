package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// AppendDescription adds a dated text to a published description.
type AppendDescription struct{ market *Market }

// NewAppendDescription returns the use case.
func NewAppendDescription(market *Market) *AppendDescription {
	return &AppendDescription{market: market}
}

// AppendDescriptionCommand asks to add to a description.
type AppendDescriptionCommand struct {
	// Listing is the one.
	Listing uuid.UUID
	// By is the seller.
	By domain.Actor
	// Text is what to add.
	Text string
	// Key makes the command safe to repeat.
	Key Key
}

// Do appends the text. With a key that was accepted before it changes nothing.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound,
// ErrNotOwner, ErrListingFrozen, ErrListingNotOpen and ErrInvalidDescription; ErrInvalidKey,
// uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *AppendDescription) Do(ctx context.Context, cmd AppendDescriptionCommand) error {
	r := request{operation: "append to the description of", listing: cmd.Listing, actor: cmd.By, key: cmd.Key}
	_, err := do(ctx, u.market, r, accepted(domain.KindDescribed, cmd.Listing, cmd.Text),
		func(_ context.Context, listing *domain.Listing, by domain.Command, now time.Time) (nothing, error) {
			return nothing{}, listing.AppendDescription(by, cmd.Text, now)
		})
	return err
}
