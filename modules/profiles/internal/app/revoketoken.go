package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// RevokeToken ends one of the member's API tokens.
type RevokeToken struct{ house *House }

// NewRevokeToken returns the use case.
func NewRevokeToken(house *House) *RevokeToken { return &RevokeToken{house: house} }

// RevokeTokenCommand asks to end a token.
type RevokeTokenCommand struct {
	By    identity.Caller
	Token uuid.UUID
}

// Do ends it. Errors: domain.ErrTokenNotFound; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RevokeToken) Do(ctx context.Context, cmd RevokeTokenCommand) error { return errLater }
