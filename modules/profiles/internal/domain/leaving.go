package domain

import (
	"time"

	"github.com/gavelhq/gavel/platform/identity"
)

// Leave asks for the deletion of the account. It happens when the member has had no obligation for as long as the grace
// period; until then he can change his mind. Errors: ErrIsAdmin, ErrNotActive, ErrAlreadyLeaving.
func (a *Account) Leave(now time.Time) error {
	switch {
	case a.Is(identity.Admin):
		return ErrIsAdmin
	case a.status != StatusActive:
		return ErrNotActive
	case !a.leavingSince.IsZero():
		return ErrAlreadyLeaving
	}
	a.leavingSince = micros(now)
	a.changed = true
	return nil
}

// Stay takes the wish to leave back. Errors: ErrNotLeaving.
func (a *Account) Stay() error {
	if a.leavingSince.IsZero() || a.status == StatusDeleted {
		return ErrNotLeaving
	}
	a.leavingSince, a.graceStartedAt = time.Time{}, time.Time{}
	a.changed = true
	return nil
}

// Review notes whether a leaving member has obligations at the instant now. The grace period runs from the review that
// first found none; an obligation stops it, and the next end of the last one starts it anew.
func (a *Account) Review(obliged bool, now time.Time) {
	switch {
	case a.leavingSince.IsZero(), a.status == StatusDeleted:
		return
	case obliged && !a.graceStartedAt.IsZero():
		a.graceStartedAt = time.Time{}
	case !obliged && a.graceStartedAt.IsZero():
		a.graceStartedAt = micros(now)
	default:
		return
	}
	a.changed = true
}

// DueForDeletion reports whether the grace period of a leaving member is over. An admin, who was made one while he was
// leaving before that was refused, waits until somebody withdraws the role.
func (a *Account) DueForDeletion(grace time.Duration, now time.Time) bool {
	return a.status != StatusDeleted && !a.Is(identity.Admin) && !a.leavingSince.IsZero() && !a.graceStartedAt.IsZero() &&
		!micros(now).Before(a.graceStartedAt.Add(grace))
}

// Delete removes everything of the person; the id stays, for the logs that name it. Deleting again changes nothing.
// Errors: ErrIsAdmin.
func (a *Account) Delete(now time.Time) error {
	switch {
	case a.status == StatusDeleted:
		return nil
	case a.Is(identity.Admin):
		return ErrIsAdmin
	}
	a.status = StatusDeleted
	a.email, a.passwordHash, a.mailed, a.roles = Email{}, "", nil, nil
	a.verifiedAt = time.Time{}
	a.sessionEpoch++
	a.tokenEpoch++
	a.changed = true
	a.happened(EventDeleted, a.id, now)
	return nil
}
