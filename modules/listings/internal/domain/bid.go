package domain

import (
	"time"

	"github.com/google/uuid"
)

// PlaceBid places a bid of the actor: the offer is the most that he pays, and the listing bids for him up to it. Who
// may bid at all is somebody else's knowledge: eligibility is nil, or the refusal to answer with once the listing
// itself has no objection (ErrBidderNotEligible, perhaps with a better detail).
//
// Errors, the first that applies: ErrListingNotFound, ErrListingFrozen, ErrListingNotOpen, the eligibility or
// ErrBidderNotEligible for a bidder whose bids were cancelled, ErrSellerCannotBid, ErrCurrencyMismatch, those of
// ParseAmount, ErrNotAboveOwnMaximum, ErrBidTooLow with the field next_minimum.
func (l *Listing) PlaceBid(by Command, offer Offer, eligibility error, now time.Time) (BidAnswer, error) {
	at := l.stamp(now)
	if err := l.mayBid(by.Actor.ID, eligibility, at); err != nil {
		return BidAnswer{}, err
	}
	maximum, err := l.acceptable(by.Actor.ID, offer)
	if err != nil {
		return BidAnswer{}, err
	}
	e := l.begin(KindBidPlaced, by, RoleBidder, at)
	e.Sealed.Bidder = by.Actor.ID
	e.Sealed.Maximum = maximum
	return BidAnswerOf(l.append(e, nil)), nil
}

// mayBid makes the checks that a bid and Buy It Now begin with, in their order.
func (l *Listing) mayBid(bidder uuid.UUID, eligibility error, at time.Time) error {
	if err := l.VisibleTo(bidder); err != nil {
		return err
	}
	if err := l.biddable(at); err != nil {
		return err
	}
	switch {
	case eligibility != nil:
		return eligibility
	case l.state.Excludes(bidder):
		return ErrBidderNotEligible.Detailf("Your bids on this listing were cancelled, so you may not bid on it again.")
	case bidder == l.state.Seller:
		return ErrSellerCannotBid
	default:
		return nil
	}
}

// acceptable returns the offer in minor units if it is high enough.
func (l *Listing) acceptable(bidder uuid.UUID, offer Offer) (int64, error) {
	maximum, err := offer.In(l.state.Currency)
	if err != nil {
		return 0, err
	}
	standing := l.state.Standing
	leads := standing.leads(bidder)
	switch {
	case leads && maximum.Minor <= standing.Leader.Max:
		return 0, ErrNotAboveOwnMaximum
	case !leads && maximum.Minor < standing.NextMinimum:
		return 0, tooLow(l.state.Currency.Money(standing.NextMinimum))
	default:
		return maximum.Minor, nil
	}
}
