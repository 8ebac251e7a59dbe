package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// CancelBids takes a bidder out of a listing, by its seller or a moderator.
type CancelBids struct{ market *Market }

// NewCancelBids returns the use case.
func NewCancelBids(market *Market) *CancelBids { return &CancelBids{market: market} }

// CancelBidsCommand asks to cancel all live bids of a bidder and to exclude him.
type CancelBidsCommand struct {
	// Listing is bid on by Bidder.
	Listing, Bidder uuid.UUID
	// By is the seller or a moderator.
	By domain.Actor
	// Reason is for the bidder and the moderators.
	Reason string
	// Key makes the command safe to repeat.
	Key Key
}

// Do cancels and returns where the listing stands. With a key that was accepted before it returns the answer of then.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound, ErrNotOwner,
// ErrInvalidReason, ErrListingFrozen, ErrListingNotOpen and ErrNothingToCancel; ErrInvalidKey, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *CancelBids) Do(ctx context.Context, cmd CancelBidsCommand) (domain.Withdrawal, error) {
	r := request{operation: "cancel bids on", listing: cmd.Listing, actor: cmd.By, key: cmd.Key}
	return do(ctx, u.market, r, cmd.receipt(),
		func(ctx context.Context, listing *domain.Listing, by domain.Command, now time.Time) (domain.Withdrawal, error) {
			live, err := u.market.listings.LiveBids(ctx, cmd.Listing)
			if err != nil {
				return domain.Withdrawal{}, err
			}
			withdrawal, err := listing.CancelBids(by, cmd.Bidder, cmd.Reason, live, now)
			return withdrawal, readAgain(err)
		})
}

func (cmd CancelBidsCommand) receipt() receipt[domain.Withdrawal] {
	return receipt[domain.Withdrawal]{answer: domain.WithdrawalOf, same: func(e domain.Event) bool {
		return e.Kind == domain.KindBidsCancelled && e.Listing == cmd.Listing &&
			e.Sealed.Bidder == cmd.Bidder && e.Sealed.Text == cmd.Reason
	}}
}
