package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// ChangePassword sets another password.
type ChangePassword struct{ house *House }

// NewChangePassword returns the use case.
func NewChangePassword(house *House) *ChangePassword { return &ChangePassword{house: house} }

// ChangePasswordCommand asks for another password.
type ChangePasswordCommand struct {
	By       identity.Caller
	Old, New string
	// Client is who asks.
	Client domain.Client
}

// Do sets the password and ends every other session. Errors: domain.ErrPasswordLength, ErrCommonPassword,
// ErrTooManyAttempts, ErrWrongPassword; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ChangePassword) Do(ctx context.Context, cmd ChangePasswordCommand) error { return errLater }
