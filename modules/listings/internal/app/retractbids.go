package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// RetractBids takes back bids of a bidder. It changes two aggregates in one unit of work, the listing and the bidder's
// allowance of retractions, so that two retractions at the same time cannot both be the last allowed one.
type RetractBids struct {
	market     *Market
	allowances domain.RetractionAllowances
}

// NewRetractBids returns the use case.
func NewRetractBids(market *Market, allowances domain.RetractionAllowances) *RetractBids {
	return &RetractBids{market: market, allowances: allowances}
}

// RetractBidsCommand asks for a retraction.
type RetractBidsCommand struct {
	// Listing is bid on by Bidder.
	Listing, Bidder uuid.UUID
	// Reason is shown publicly.
	Reason domain.RetractReason
	// Key makes the command safe to repeat.
	Key Key
}

// Do retracts and returns where the listing stands. With a key that was accepted before it returns the answer of then.
//
// Errors: domain.ErrIdempotencyConflict; the first that applies of domain.ErrListingNotFound, ErrInvalidReason,
// ErrListingFrozen, ErrListingNotOpen, ErrNothingToRetract, ErrTooLateToRetract and ErrTooManyRetractions;
// ErrInvalidKey, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RetractBids) Do(ctx context.Context, cmd RetractBidsCommand) (domain.Withdrawal, error) {
	r := request{operation: "retract bids on", listing: cmd.Listing, actor: domain.Actor{ID: cmd.Bidder}, key: cmd.Key}
	return do(ctx, u.market, r, cmd.receipt(),
		func(ctx context.Context, listing *domain.Listing, by domain.Command, now time.Time) (domain.Withdrawal, error) {
			live, err := u.market.listings.LiveBids(ctx, cmd.Listing)
			if err != nil {
				return domain.Withdrawal{}, err
			}
			withdrawal, err := listing.Retract(by, cmd.Reason, live, now)
			if err != nil {
				return domain.Withdrawal{}, readAgain(err)
			}
			return withdrawal, u.spend(ctx, cmd.Bidder, withdrawal.At)
		})
}

// spend notes the retraction in the bidder's allowance.
func (u *RetractBids) spend(ctx context.Context, bidder uuid.UUID, at time.Time) error {
	allowance, err := u.allowances.Get(ctx, bidder)
	if errors.Is(err, domain.ErrAllowanceNotFound) {
		allowance = domain.NewRetractionAllowance(bidder)
		err = u.allowances.Add(ctx, allowance)
	}
	if err != nil {
		return err
	}
	return allowance.Spend(at)
}

// readAgain makes a conflict of live bids that were read after somebody changed the listing: the unit runs again, with
// locks.
func readAgain(err error) error {
	if errors.Is(err, domain.ErrStaleBids) {
		return fmt.Errorf("%w: %w", uow.ErrConflict, err)
	}
	return err
}

func (cmd RetractBidsCommand) receipt() receipt[domain.Withdrawal] {
	return receipt[domain.Withdrawal]{answer: domain.WithdrawalOf, same: func(e domain.Event) bool {
		return e.Kind == domain.KindBidsRetracted && e.Listing == cmd.Listing && e.RetractReason == cmd.Reason
	}}
}
