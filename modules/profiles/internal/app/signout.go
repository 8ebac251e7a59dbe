package app

import (
	"context"
	"errors"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
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

// Do ends the session; one that has ended already is no error, and an API token, which signs nobody in, stays. Errors:
// uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *SignOut) Do(ctx context.Context, cmd SignOutCommand) error {
	if cmd.By.Guest() || cmd.By.Token {
		return nil
	}
	h := u.house
	return silently(ctx, h, request{operation: "sign out", by: cmd.By.ID}, func(ctx context.Context, now time.Time) (letter, error) {
		err := h.endSession(ctx, cmd.By, cmd.By.Credential, now)
		if errors.Is(err, domain.ErrSessionNotFound) {
			return nil, nil
		}
		return nil, err
	})
}
