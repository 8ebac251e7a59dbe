package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// ResetPassword sets a forgotten password anew, and signs in.
type ResetPassword struct{ house *House }

// NewResetPassword returns the use case.
func NewResetPassword(house *House) *ResetPassword { return &ResetPassword{house: house} }

// ResetPasswordCommand brings what the letter brought, and the new password.
type ResetPasswordCommand struct {
	// Token is the text of the link.
	Token string
	// Password is the new one.
	Password string
	// Client is who asks.
	Client domain.Client
}

// Do sets the password and ends every other session. The browser is known from now on, whatever delays others have
// earned. Errors: domain.ErrTooManyAttempts, ErrInvalidMailedToken, ErrPasswordLength, ErrCommonPassword,
// ErrApprovalPending once the password is set; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ResetPassword) Do(ctx context.Context, cmd ResetPasswordCommand) (SignedIn, error) {
	return SignedIn{}, errLater
}
