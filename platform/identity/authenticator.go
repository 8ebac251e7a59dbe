package identity

import "context"

// Credential is what a client shows to prove who it is.
type Credential struct {
	// Secret is the text as it was sent. It must never be logged.
	Secret string
	// Token says that it came as a bearer token, not as a cookie.
	Token bool
}

// Authenticator finds out whose a credential is.
type Authenticator interface {
	// Authenticate returns the caller that holds the credential now. Errors: ErrInvalidCredential, or what the store
	// reports.
	Authenticate(ctx context.Context, shown Credential) (Caller, error)
}
