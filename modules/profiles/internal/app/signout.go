package app

import (
	"context"

	"github.com/gavelhq/gavel/platform/identity"
)

// SignOut ends the session that it is asked from.
type SignOut struct{ house *House }

// NewSignOut returns the use case.
func NewSignOut(house *House) *SignOut { return &SignOut{house: house} }

// SignOutCommand asks to sign out.
type SignOutCommand struct {
	By identity.Caller
}

// Do ends the session; one that has ended already is no error. Errors: uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *SignOut) Do(ctx context.Context, cmd SignOutCommand) error { return errLater }
