package app

import (
	"context"
)

// VerifyEmail shows that an address is the member's.
type VerifyEmail struct{ house *House }

// NewVerifyEmail returns the use case.
func NewVerifyEmail(house *House) *VerifyEmail { return &VerifyEmail{house: house} }

// VerifyEmailCommand brings what the letter brought.
type VerifyEmailCommand struct {
	// Token is the text of the link.
	Token string
}

// Do verifies the address. Errors: domain.ErrInvalidMailedToken, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *VerifyEmail) Do(ctx context.Context, cmd VerifyEmailCommand) error { return errLater }
