package identity

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/fault"
)

var (
	// ErrSignIn: the caller is not signed in, and only members may do this.
	ErrSignIn = fault.New(fault.Unauthenticated, "sign_in_required", "Sign in first.")
	// ErrInvalidCredential: a session or token that does not exist, has expired or was revoked.
	ErrInvalidCredential = fault.New(fault.Unauthenticated, "invalid_credential",
		"This session or token is not valid, or no longer. Sign in again or use another token.")
	// ErrNotPermitted: none of the caller's roles holds the permission.
	ErrNotPermitted = fault.New(fault.Forbidden, "not_permitted", "Your account may not do this.")
	// ErrMissingScope: the roles would allow it, but the token was not made for it. The field scope names what it lacks.
	ErrMissingScope = fault.New(fault.Forbidden, "missing_scope", "This token was not made for this.")
)

// Caller is who makes a request. The zero value is a guest.
type Caller struct {
	// ID is the member; zero for a guest.
	ID uuid.UUID
	// Roles are the member's, Member among them; empty for a guest.
	Roles []Role
	// Credential is the id of the session or token that was shown; zero for a guest.
	Credential uuid.UUID
	// Token says that the credential is an API token, which allows no more than its Scopes.
	Token bool
	// Scopes are names of permissions.
	Scopes []string
}

// Guest reports whether nobody is signed in.
func (c Caller) Guest() bool { return c.ID == uuid.Nil }

// Check returns nil when the caller may do what p permits. Errors: ErrSignIn for a guest, ErrNotPermitted, ErrMissingScope.
func (c Caller) Check(p Permission) error {
	switch {
	case p.HeldBy(Guest) && c.Guest():
		return nil
	case c.Guest():
		return ErrSignIn
	case !p.HeldBy(c.Roles...):
		return ErrNotPermitted
	case c.Token && !slices.Contains(c.Scopes, p.name):
		return ErrMissingScope.With("scope", p.name)
	default:
		return nil
	}
}

// May reports whether the caller may do what p permits.
func (c Caller) May(p Permission) bool { return c.Check(p) == nil }

type callerKey struct{}

// With returns a context whose caller is c.
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// From returns the caller of ctx, a guest where it carries none.
func From(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
