package domain

import (
	"time"

	"github.com/google/uuid"
)

// CancelBids takes all live bids of a bidder out, by the seller or a moderator, and excludes him from the listing. The
// price is computed anew; the end stays. The caller gives all live bids of the listing (Repository.LiveBids).
//
// Errors, the first that applies: ErrListingNotFound, ErrNotOwner, ErrInvalidReason, ErrListingFrozen,
// ErrListingNotOpen, ErrStaleBids, ErrNothingToCancel.
func (l *Listing) CancelBids(
	by Command, bidder uuid.UUID, reason string, live []LiveBid, now time.Time,
) (Withdrawal, error) {
	at := l.stamp(now)
	if err := l.ownedOrModerated(by.Actor); err != nil {
		return Withdrawal{}, err
	}
	if !validReason(reason) {
		return Withdrawal{}, single(ErrInvalidReason)
	}
	if err := l.biddable(at); err != nil {
		return Withdrawal{}, err
	}
	if err := l.checkLive(live); err != nil {
		return Withdrawal{}, err
	}
	own := bidsOf(live, bidder)
	if len(own) == 0 {
		return Withdrawal{}, ErrNothingToCancel
	}
	e := l.begin(KindBidsCancelled, by, l.role(by.Actor), at)
	e.Sealed.Bidder = bidder
	e.Sealed.Text = reason
	e.Withdrawn = seqs(own)
	return WithdrawalOf(l.append(e, without(live, e.Withdrawn))), nil
}
