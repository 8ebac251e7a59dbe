package app

import (
	"context"

	"github.com/gavelhq/gavel/platform/identity"
)

// RevokeOtherSessions ends all sessions but the one that it is asked from.
type RevokeOtherSessions struct{ house *House }

// NewRevokeOtherSessions returns the use case.
func NewRevokeOtherSessions(house *House) *RevokeOtherSessions {
	return &RevokeOtherSessions{house: house}
}

// RevokeOtherSessionsCommand asks to end all others.
type RevokeOtherSessionsCommand struct {
	By identity.Caller
}

// Do ends them. Errors: uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RevokeOtherSessions) Do(ctx context.Context, cmd RevokeOtherSessionsCommand) error {
	return errLater
}
