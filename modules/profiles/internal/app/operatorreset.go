package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// OperatorReset sets a member's password at the command line.
type OperatorReset struct{ house *House }

// NewOperatorReset returns the use case.
func NewOperatorReset(house *House) *OperatorReset { return &OperatorReset{house: house} }

// OperatorResetCommand asks for another password.
type OperatorResetCommand struct {
	// Member is who, Password his new one.
	Member   uuid.UUID
	Password string
}

// Do sets the password, ends every session and API token, and records the act. Errors: domain.ErrMemberNotFound, ErrPasswordLength,
// ErrCommonPassword; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *OperatorReset) Do(ctx context.Context, cmd OperatorResetCommand) error {
	h := u.house
	found, err := h.views.Member(ctx, cmd.Member)
	if err != nil {
		return err
	}
	if err := h.checkPassword(cmd.Password, found.Handle, found.Email); err != nil {
		return err
	}
	hash, err := h.hasher.Hash(ctx, cmd.Password)
	if err != nil {
		return err
	}
	return silently(ctx, h, request{operation: "reset a password"}, func(ctx context.Context, now time.Time) (letter, error) {
		account, err := h.Accounts.Get(ctx, cmd.Member)
		if err != nil {
			return nil, err
		}
		if err := account.OverridePassword(hash, now); err != nil {
			return nil, err
		}
		if err := h.record(ctx, identity.Caller{}, "members.reset_password", cmd.Member, "", "", now); err != nil {
			return nil, err
		}
		return h.passwordChanged(ctx, account)
	})
}
