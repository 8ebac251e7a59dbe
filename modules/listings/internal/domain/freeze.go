package domain

import "time"

// ThawTime is the least time that is left to a listing when it is unfrozen.
const ThawTime = 24 * time.Hour

// Freeze stops a scheduled or open listing, by a moderator: every command but Cancel and Unfreeze is refused, and the
// end passing does not close it.
//
// Errors, the first that applies: ErrListingNotFound, ErrNotModerator, ErrInvalidReason, ErrListingFrozen,
// ErrListingNotOpen.
func (l *Listing) Freeze(by Command, reason string, now time.Time) error {
	at := l.stamp(now)
	if err := l.moderated(by.Actor); err != nil {
		return err
	}
	if !validReason(reason) {
		return single(ErrInvalidReason)
	}
	if err := l.running(at); err != nil {
		return err
	}
	e := l.begin(KindFrozen, by, RoleModerator, at)
	e.Sealed.Text = reason
	l.append(e, nil)
	return nil
}

// Unfreeze lets a frozen listing go on, by a moderator; the end moves so that at least ThawTime is left. Errors, the
// first that applies: ErrListingNotFound, ErrNotModerator, ErrInvalidReason, ErrListingNotFrozen.
func (l *Listing) Unfreeze(by Command, reason string, now time.Time) error {
	at := l.stamp(now)
	if err := l.moderated(by.Actor); err != nil {
		return err
	}
	if !validReason(reason) {
		return single(ErrInvalidReason)
	}
	if !l.state.Frozen {
		return ErrListingNotFrozen
	}
	e := l.begin(KindUnfrozen, by, RoleModerator, at)
	e.Sealed.Text = reason
	l.append(e, nil)
	return nil
}
