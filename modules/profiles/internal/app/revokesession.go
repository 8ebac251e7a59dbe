package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// RevokeSession ends one of the member's sessions.
type RevokeSession struct{ house *House }

// NewRevokeSession returns the use case.
func NewRevokeSession(house *House) *RevokeSession { return &RevokeSession{house: house} }

// RevokeSessionCommand asks to end a session.
type RevokeSessionCommand struct {
	By      identity.Caller
	Session uuid.UUID
}

// Do ends it. Errors: domain.ErrSessionNotFound; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RevokeSession) Do(ctx context.Context, cmd RevokeSessionCommand) error { return errLater }
