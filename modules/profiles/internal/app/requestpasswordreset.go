package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// RequestPasswordReset sends a link with which a forgotten password can be set anew.
type RequestPasswordReset struct{ house *House }

// NewRequestPasswordReset returns the use case.
func NewRequestPasswordReset(house *House) *RequestPasswordReset {
	return &RequestPasswordReset{house: house}
}

// RequestPasswordResetCommand asks for such a link.
type RequestPasswordResetCommand struct {
	Email string
	// Client is who asks.
	Client domain.Client
}

// Do sends it, or tells who owns the address that there is no account. Nothing in the answer tells which. Errors:
// domain.ErrInvalidEmail, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RequestPasswordReset) Do(ctx context.Context, cmd RequestPasswordResetCommand) error {
	return errLater
}
