package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// LeaveHouse asks for the deletion of the member's account.
type LeaveHouse struct {
	house  *House
	guards []profilesapi.DeletionGuard
}

// NewLeaveHouse returns the use case; the guards are the other modules'.
func NewLeaveHouse(house *House, guards []profilesapi.DeletionGuard) *LeaveHouse {
	return &LeaveHouse{house: house, guards: guards}
}

// LeaveHouseCommand asks for it.
type LeaveHouseCommand struct {
	By       identity.Caller
	Password string
	// Client is who asks.
	Client domain.Client
	// Key makes the command safe to repeat.
	Key string
}

// LeaveAnswer says what is still in the way.
type LeaveAnswer struct {
	// Obligations have to end first; empty if there are none.
	Obligations []profilesapi.Obligation
	// GraceDays are how many days after the last one's end the account is deleted, rounded up.
	GraceDays int
}

// Do notes the wish. Errors: domain.ErrTooManyAttempts, ErrWrongPassword, ErrIsAdmin, ErrNotActive, ErrAlreadyLeaving,
// idempotency.ErrConflict; what a guard reports; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *LeaveHouse) Do(ctx context.Context, cmd LeaveHouseCommand) (LeaveAnswer, error) {
	return LeaveAnswer{}, errLater
}
