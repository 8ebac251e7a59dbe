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

// Do sends it, or tells who owns the address that there is no account. Nothing in the answer tells which. However many
// letters to the address others have asked for, its owner gets one when he has no link that still works: it is the way
// in for a browser that strangers delay. Errors: domain.ErrInvalidEmail, ErrTooManyAttempts from the network, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *RequestPasswordReset) Do(ctx context.Context, cmd RequestPasswordResetCommand) error {
	letters := u.house.letters
	return u.house.askForLink(ctx, link{
		operation: "ask for another password",
		purpose:   domain.PurposeReset,
		due:       func(CredentialRecord) bool { return true },
		bring:     func(to CredentialRecord, text string) { letters.ResetPassword(to.Email, to.Handle, text) },
	}, cmd.Email, cmd.Client)
}
