package app

import (
	"context"

	"github.com/gavelhq/gavel/platform/identity"
)

// Authenticate finds out whose a session or token is. It is the identity.Authenticator of the house.
type Authenticate struct{ house *House }

// NewAuthenticate returns the authenticator.
func NewAuthenticate(house *House) *Authenticate { return &Authenticate{house: house} }

// Authenticate returns the caller that holds the credential now, by what is committed at this instant. Errors:
// identity.ErrInvalidCredential, or what the store reports.
func (u *Authenticate) Authenticate(ctx context.Context, shown identity.Credential) (identity.Caller, error) {
	return identity.Caller{}, errLater
}
