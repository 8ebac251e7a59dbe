package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// Register makes somebody a member.
type Register struct{ house *House }

// NewRegister returns the use case.
func NewRegister(house *House) *Register { return &Register{house: house} }

// RegisterCommand asks to become a member.
type RegisterCommand struct {
	Email, Handle, Password string
	// Invitation is the text of an invitation's link; empty for none.
	Invitation string
	// Client is who asks.
	Client domain.Client
	// Key makes the command safe to repeat.
	Key string
}

// Do registers. Nothing in the answer, nor the time that it takes, tells whether the address was in use: its owner gets a letter instead.
//
// Errors: the first that applies of domain.ErrRegistrationClosed; ErrInvalidEmail, ErrInvalidHandle, ErrReservedHandle,
// ErrPasswordLength, ErrCommonPassword, all of them in the field "errors"; ErrInvalidInvitation, ErrHandleTaken,
// ErrTooManyAttempts; idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Register) Do(ctx context.Context, cmd RegisterCommand) error { return errLater }
