package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// PublishListing puts a draft on the market.
type PublishListing struct {
	market  *Market
	sellers Sellers
	random  io.Reader
}

// NewPublishListing returns the use case. The listings' secrets are drawn from random, which must be as good as
// crypto/rand's.
func NewPublishListing(market *Market, sellers Sellers, random io.Reader) *PublishListing {
	return &PublishListing{market: market, sellers: sellers, random: random}
}

// PublishListingCommand asks to publish a draft.
type PublishListingCommand struct {
	// Listing is the draft.
	Listing uuid.UUID
	// By is the seller.
	By domain.Actor
	// Key makes the command safe to repeat.
	Key Key
}

// Do publishes the draft. With a key that was accepted before it changes nothing.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound, ErrNotOwner,
// ErrAlreadyPublished, ErrSellerNotEligible and those of domain.Listing.Publish for the fields; ErrInvalidKey, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *PublishListing) Do(ctx context.Context, cmd PublishListingCommand) error {
	var secret domain.Secret
	if _, err := io.ReadFull(u.random, secret[:]); err != nil {
		return fmt.Errorf("draw the listing's secret: %w", err)
	}
	r := request{operation: "publish", listing: cmd.Listing, actor: cmd.By, key: cmd.Key}
	_, err := do(ctx, u.market, r, accepted(domain.KindPublished, cmd.Listing, ""),
		func(ctx context.Context, listing *domain.Listing, by domain.Command, now time.Time) (nothing, error) {
			if err := listing.CheckPublish(by.Actor); err != nil {
				return nothing{}, err
			}
			if err := u.sellers.MaySell(ctx, cmd.By.ID); err != nil {
				return nothing{}, err
			}
			return nothing{}, listing.Publish(by, secret, now)
		})
	return err
}
