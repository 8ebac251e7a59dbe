package app

import (
	"context"

	"github.com/gavelhq/gavel/platform/identity"
)

// ResendVerification sends the letter with the link once more.
type ResendVerification struct{ house *House }

// NewResendVerification returns the use case.
func NewResendVerification(house *House) *ResendVerification {
	return &ResendVerification{house: house}
}

// ResendVerificationCommand asks for another letter.
type ResendVerificationCommand struct {
	By identity.Caller
}

// Do sends it; the link of the letter before is worth nothing any more. Errors: domain.ErrAlreadyVerified,
// domain.ErrTooManyAttempts, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ResendVerification) Do(ctx context.Context, cmd ResendVerificationCommand) error {
	return errLater
}
