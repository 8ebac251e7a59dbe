package domain

import (
	"time"

	"github.com/google/uuid"
)

// RetractReason is why a bidder takes bids back. It is shown publicly.
type RetractReason string

// The reasons that there are.
const (
	ReasonWrongAmount        RetractReason = "wrong_amount"
	ReasonDescriptionChanged RetractReason = "description_changed"
	ReasonSellerUnreachable  RetractReason = "seller_unreachable"
)

// Until when bids can be retracted.
const (
	// EarlyTime is the time to the end from which on a retraction takes only the newest bid, and a seller with bids
	// can no longer cancel. Exactly that much is still early.
	EarlyTime = 12 * time.Hour
	// LateRetraction is how old the newest bid may then be.
	LateRetraction = time.Hour
)

// Retract takes back bids of the actor: with EarlyTime or more to the present end all his live bids, later only the
// newest, and only up to LateRetraction after placing it. The price is computed anew; the end stays. The caller gives
// all live bids of the listing (Repository.LiveBids) and spends the member's RetractionAllowance in the same unit of
// work, with the answer's stamp.
//
// Errors, the first that applies: ErrListingNotFound, ErrInvalidReason, ErrListingFrozen, ErrListingNotOpen,
// ErrStaleBids, ErrNothingToRetract, ErrTooLateToRetract.
func (l *Listing) Retract(by Command, reason RetractReason, live []LiveBid, now time.Time) (Withdrawal, error) {
	at := l.stamp(now)
	if err := l.VisibleTo(by.Actor.ID); err != nil {
		return Withdrawal{}, err
	}
	if !reason.valid() {
		return Withdrawal{}, single(ErrInvalidReason.Detailf("The reason must be %s, %s or %s.",
			ReasonWrongAmount, ReasonDescriptionChanged, ReasonSellerUnreachable))
	}
	if err := l.biddable(at); err != nil {
		return Withdrawal{}, err
	}
	if err := l.checkLive(live); err != nil {
		return Withdrawal{}, err
	}
	withdrawn, err := l.retractable(bidsOf(live, by.Actor.ID), at)
	if err != nil {
		return Withdrawal{}, err
	}
	e := l.begin(KindBidsRetracted, by, RoleBidder, at)
	e.Sealed.Bidder = by.Actor.ID
	e.RetractReason = reason
	e.Withdrawn = withdrawn
	return WithdrawalOf(l.append(e, without(live, withdrawn))), nil
}

// retractable returns the seqs of those of the bidder's own live bids, in the order of their seq, that he may still
// take back.
func (l *Listing) retractable(own []LiveBid, at time.Time) ([]int64, error) {
	if len(own) == 0 {
		return nil, ErrNothingToRetract
	}
	if l.state.EndsAt.Sub(at) >= EarlyTime {
		return seqs(own), nil
	}
	newest := own[len(own)-1]
	if at.Sub(newest.At) > LateRetraction {
		return nil, ErrTooLateToRetract
	}
	return []int64{newest.Seq}, nil
}

func (r RetractReason) valid() bool {
	return r == ReasonWrongAmount || r == ReasonDescriptionChanged || r == ReasonSellerUnreachable
}

// bidsOf returns a member's bids, in their order.
func bidsOf(live []LiveBid, member uuid.UUID) []LiveBid {
	var own []LiveBid
	for _, b := range live {
		if b.Bidder == member {
			own = append(own, b)
		}
	}
	return own
}
