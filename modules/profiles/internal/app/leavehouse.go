package app

import (
	"context"
	"fmt"
	"time"

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
	h := u.house
	p, err := h.prove(ctx, cmd.By, cmd.Client, cmd.Password, anything)
	if err != nil {
		return LeaveAnswer{}, fmt.Errorf("leave the house: %w", err)
	}
	owed, _, err := obligations(ctx, u.guards, cmd.By.ID)
	if err != nil {
		return LeaveAnswer{}, fmt.Errorf("leave the house: %w", err)
	}
	r := request{operation: "leave the house", by: cmd.By.ID, key: cmd.Key}
	return do(ctx, h, r, func(ctx context.Context, now time.Time) (LeaveAnswer, letter, error) {
		account, err := h.proven(ctx, cmd.By, p)
		if err != nil {
			return LeaveAnswer{}, nil, err
		}
		if err := account.Leave(now); err != nil {
			return LeaveAnswer{}, nil, err
		}
		account.Review(len(owed) > 0, now)
		who, err := h.personOf(ctx, account)
		answer := LeaveAnswer{Obligations: owed, GraceDays: days(h.policy.Grace)}
		return answer, func() { h.letters.DeletionRequested(who.address, who.handle, answer.GraceDays) }, err
	})
}

// days rounds up.
func days(d time.Duration) int {
	const day = 24 * time.Hour
	return int((d + day - 1) / day)
}
