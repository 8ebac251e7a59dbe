package domain

import "time"

// Cancel calls the listing off. The seller may while it is scheduled, or EarlyTime or more are left to the present end,
// or no bid was ever accepted; he need not say why. A moderator may at any time before the end, with a reason. Both may
// also while it is frozen, even past its end.
//
// Errors, the first that applies: ErrListingNotFound, ErrNotOwner, ErrListingNotOpen, ErrTooLateToCancel,
// ErrInvalidReason.
func (l *Listing) Cancel(by Command, reason string, now time.Time) error {
	at := l.stamp(now)
	if err := l.ownedOrModerated(by.Actor); err != nil {
		return err
	}
	status := l.statusAt(at)
	if status != StatusScheduled && status != StatusOpen {
		return ErrListingNotOpen
	}
	role := RoleSeller
	if l.state.Seller != by.Actor.ID || !l.sellerMayCancel(status, at) {
		if !by.Actor.Moderator {
			return ErrTooLateToCancel
		}
		role = RoleModerator
	}
	if !validReason(reason) && (role == RoleModerator || reason != "") {
		return single(ErrInvalidReason)
	}
	e := l.begin(KindCancelled, by, role, at)
	e.Sealed.Text = reason
	l.append(e, nil)
	return nil
}

func (l *Listing) sellerMayCancel(status Status, at time.Time) bool {
	return status == StatusScheduled || l.state.Bids == 0 || l.state.EndsAt.Sub(at) >= EarlyTime
}
