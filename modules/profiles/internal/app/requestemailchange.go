package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// RequestEmailChange sends a link to a new address, with which it becomes the member's.
type RequestEmailChange struct{ house *House }

// NewRequestEmailChange returns the use case.
func NewRequestEmailChange(house *House) *RequestEmailChange {
	return &RequestEmailChange{house: house}
}

// RequestEmailChangeCommand asks for such a link.
type RequestEmailChangeCommand struct {
	By identity.Caller
	// NewEmail is the new address, Password the member's.
	NewEmail, Password string
	// Client is who asks.
	Client domain.Client
}

// Do sends it. If the address is another member's he is told instead, and the answer is the same. Errors:
// domain.ErrInvalidEmail, ErrTooManyAttempts, ErrWrongPassword, ErrNotActive; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RequestEmailChange) Do(ctx context.Context, cmd RequestEmailChangeCommand) error {
	return errLater
}
