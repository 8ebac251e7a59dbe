package domain

import "time"

// BuyNow ends the listing at once: the actor wins at the Buy It Now price, and standing bids lose. It is there while no
// bid is live, or a reserve is not met. Eligibility is as for PlaceBid.
//
// Errors, the first that applies: ErrListingNotFound, ErrListingFrozen, ErrListingNotOpen, the eligibility or
// ErrBidderNotEligible, ErrSellerCannotBid, ErrBuyNowUnavailable.
func (l *Listing) BuyNow(by Command, eligibility error, now time.Time) (Purchase, error) {
	at := l.stamp(now)
	if err := l.mayBid(by.Actor.ID, eligibility, at); err != nil {
		return Purchase{}, err
	}
	if l.state.Terms.BuyNow == 0 || !l.state.Phase().BuyNowAvailable(at) {
		return Purchase{}, ErrBuyNowUnavailable
	}
	e := l.begin(KindBought, by, RoleBidder, at)
	e.Sealed.Bidder = by.Actor.ID
	return PurchaseOf(l.append(e, nil)), nil
}
