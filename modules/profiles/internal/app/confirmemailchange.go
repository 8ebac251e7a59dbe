package app

import (
	"context"
)

// ConfirmEmailChange makes the new address the member's.
type ConfirmEmailChange struct{ house *House }

// NewConfirmEmailChange returns the use case.
func NewConfirmEmailChange(house *House) *ConfirmEmailChange {
	return &ConfirmEmailChange{house: house}
}

// ConfirmEmailChangeCommand brings what the letter brought.
type ConfirmEmailChangeCommand struct {
	// Token is the text of the link.
	Token string
}

// Do changes the address, and tells the old one. Errors: domain.ErrInvalidMailedToken, domain.ErrEmailTaken, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *ConfirmEmailChange) Do(ctx context.Context, cmd ConfirmEmailChangeCommand) error {
	return errLater
}
