package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// BuyNow ends a listing at its Buy It Now price.
type BuyNow struct {
	market  *Market
	bidders Bidders
}

// NewBuyNow returns the use case.
func NewBuyNow(market *Market, bidders Bidders) *BuyNow {
	return &BuyNow{market: market, bidders: bidders}
}

// BuyNowCommand asks to buy at once.
type BuyNowCommand struct {
	// Listing is bought by Buyer.
	Listing, Buyer uuid.UUID
	// Key makes the command safe to repeat.
	Key Key
}

// Do buys and returns what is to be paid. With a key that was accepted before it returns the answer of then.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound, ErrListingFrozen,
// ErrListingNotOpen, ErrBidderNotEligible, ErrSellerCannotBid and ErrBuyNowUnavailable; ErrInvalidKey, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *BuyNow) Do(ctx context.Context, cmd BuyNowCommand) (domain.Purchase, error) {
	r := request{operation: "buy", listing: cmd.Listing, actor: domain.Actor{ID: cmd.Buyer}, key: cmd.Key}
	return do(ctx, u.market, r, cmd.receipt(),
		func(ctx context.Context, listing *domain.Listing, by domain.Command, now time.Time) (domain.Purchase, error) {
			eligibility := u.bidders.MayBid(ctx, cmd.Buyer, listing.State().Seller)
			return listing.BuyNow(by, eligibility, now)
		})
}

func (cmd BuyNowCommand) receipt() receipt[domain.Purchase] {
	return receipt[domain.Purchase]{answer: domain.PurchaseOf, same: func(e domain.Event) bool {
		return e.Kind == domain.KindBought && e.Listing == cmd.Listing
	}}
}
