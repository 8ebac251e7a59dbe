package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// PlaceBid places a proxy bid: the bidder names the most he would pay, and the price rises only as far as it must.
type PlaceBid struct {
	market  *Market
	bidders Bidders
}

// NewPlaceBid returns the use case.
func NewPlaceBid(market *Market, bidders Bidders) *PlaceBid {
	return &PlaceBid{market: market, bidders: bidders}
}

// PlaceBidCommand asks for a bid.
type PlaceBidCommand struct {
	// Listing is bid on, Bidder bids.
	Listing, Bidder uuid.UUID
	// Maximum is the most that the bidder would pay, as he wrote it.
	Maximum domain.Offer
	// Key makes the command safe to repeat.
	Key Key
}

// Do places the bid and returns where it stands. With a key that was accepted before it returns the answer of then.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound, ErrListingFrozen,
// ErrListingNotOpen, ErrBidderNotEligible, ErrSellerCannotBid, ErrCurrencyMismatch, those of domain.ParseAmount,
// ErrNotAboveOwnMaximum and ErrBidTooLow; ErrInvalidKey, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *PlaceBid) Do(ctx context.Context, cmd PlaceBidCommand) (domain.BidAnswer, error) {
	r := request{operation: "place bid on", listing: cmd.Listing, actor: domain.Actor{ID: cmd.Bidder}, key: cmd.Key}
	return do(ctx, u.market, r, cmd.receipt(),
		func(ctx context.Context, listing *domain.Listing, by domain.Command, now time.Time) (domain.BidAnswer, error) {
			eligibility := u.bidders.MayBid(ctx, cmd.Bidder, listing.State().Seller)
			return listing.PlaceBid(by, cmd.Maximum, eligibility, now)
		})
}

func (cmd PlaceBidCommand) receipt() receipt[domain.BidAnswer] {
	return receipt[domain.BidAnswer]{answer: domain.BidAnswerOf, same: func(e domain.Event) bool {
		maximum, err := cmd.Maximum.In(e.Currency)
		return err == nil && e.Kind == domain.KindBidPlaced && e.Listing == cmd.Listing && e.Sealed.Maximum == maximum.Minor
	}}
}
