package app

import (
	"context"

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
func (u *StayInHouse) Do(ctx context.Context, cmd StayInHouseCommand) error { return errLater }
