package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/platform/identity"
)

// StayInHouse takes the wish to be deleted back.
type StayInHouse struct{ house *House }

// NewStayInHouse returns the use case.
func NewStayInHouse(house *House) *StayInHouse { return &StayInHouse{house: house} }

// StayInHouseCommand asks to stay.
type StayInHouseCommand struct {
	By identity.Caller
	// Key makes the command safe to repeat.
	Key string
}

// Do keeps the account. Errors: domain.ErrNotLeaving, idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *StayInHouse) Do(ctx context.Context, cmd StayInHouseCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "stay in the house", by: cmd.By.ID, key: cmd.Key},
		func(ctx context.Context, _ time.Time) (letter, error) {
			account, err := h.Accounts.Get(ctx, cmd.By.ID)
			if err != nil {
				return nil, err
			}
			return nil, account.Stay()
		})
}
