package app

import (
	"context"
	"fmt"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// ChangePassword sets another password.
type ChangePassword struct{ house *House }

// NewChangePassword returns the use case.
func NewChangePassword(house *House) *ChangePassword { return &ChangePassword{house: house} }

// ChangePasswordCommand asks for another password.
type ChangePasswordCommand struct {
	By       identity.Caller
	Old, New string
	// Client is who asks.
	Client domain.Client
}

// Do sets the password and ends every other session. Errors: domain.ErrPasswordLength, ErrCommonPassword,
// ErrTooManyAttempts, ErrWrongPassword; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ChangePassword) Do(ctx context.Context, cmd ChangePasswordCommand) error {
	h := u.house
	p, err := h.prove(ctx, cmd.By, cmd.Client, cmd.Old, func(who person) error {
		return h.checkPassword(cmd.New, who.handle, who.address)
	})
	if err != nil {
		return fmt.Errorf("change the password: %w", err)
	}
	hash, err := h.hash(ctx, cmd.Client.Network, cmd.New)
	if err != nil {
		return fmt.Errorf("change the password: %w", err)
	}
	return silently(ctx, h, request{operation: "change the password", by: cmd.By.ID},
		func(ctx context.Context, now time.Time) (letter, error) {
			account, err := h.proven(ctx, cmd.By, p)
			if err != nil {
				return nil, err
			}
			if err := account.ChangePassword(hash, cmd.By.ID, now); err != nil {
				return nil, err
			}
			if err := h.renew(ctx, cmd.By, account); err != nil {
				return nil, err
			}
			return h.passwordChanged(ctx, account)
		})
}
