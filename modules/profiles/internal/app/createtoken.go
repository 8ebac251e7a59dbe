package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/platform/identity"
)

// CreateToken makes an API token.
type CreateToken struct {
	house     *House
	catalogue []identity.Permission
}

// NewCreateToken returns the use case. The catalogue are the permissions of all modules.
func NewCreateToken(house *House, catalogue []identity.Permission) *CreateToken {
	return &CreateToken{house: house, catalogue: catalogue}
}

// CreateTokenCommand asks for a token.
type CreateTokenCommand struct {
	By identity.Caller
	// Name is the member's own for it.
	Name string
	// Scopes are names of permissions.
	Scopes []string
	// ExpiresAt is when it ends; zero for never.
	ExpiresAt time.Time
	// Key makes the command safe to repeat.
	Key string
}

// CreatedToken is a new token.
type CreatedToken struct {
	Token TokenRecord
	// Text is what a program shows. It is told once: empty when the command was repeated.
	Text string
}

// Scopes returns the permissions that a token of the caller may have, in the order of their names.
func (u *CreateToken) Scopes(by identity.Caller) []identity.Permission { return nil }

// Do makes the token. Errors: domain.ErrInvalidTokenName, ErrInvalidScopes, ErrInvalidExpiry, ErrTooManyTokens,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *CreateToken) Do(ctx context.Context, cmd CreateTokenCommand) (CreatedToken, error) {
	return CreatedToken{}, errLater
}
