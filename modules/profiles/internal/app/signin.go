package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// SignIn lets a member in who knows the password.
type SignIn struct{ house *House }

// NewSignIn returns the use case.
func NewSignIn(house *House) *SignIn { return &SignIn{house: house} }

// SignInCommand asks to be let in.
type SignInCommand struct {
	Email, Password string
	// Client is who asks.
	Client domain.Client
}

// SignedIn is what a browser keeps. Both texts are secret.
type SignedIn struct {
	// Session is the text of the session's cookie.
	Session string
	// Device is the text of the cookie by which the browser is known next time; it lasts for domain.DeviceLifetime.
	Device string
	// Account is who signed in.
	Account uuid.UUID
	// ExpiresAt is when the session ends at the latest.
	ExpiresAt time.Time
}

// Do signs in. Errors: domain.ErrTooManyAttempts, ErrWrongCredentials; only with the right password ErrApprovalPending,
// ErrSuspended; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *SignIn) Do(ctx context.Context, cmd SignInCommand) (SignedIn, error) {
	return SignedIn{}, errLater
}
