package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// WithdrawRole takes a role from a member.
type WithdrawRole struct{ house *House }

// NewWithdrawRole returns the use case.
func NewWithdrawRole(house *House) *WithdrawRole { return &WithdrawRole{house: house} }

// Do withdraws it and records the act; withdrawing again changes nothing. Errors: domain.ErrMemberNotFound,
// ErrInvalidRole, ErrLastAdmin; audit.ErrInvalidReason, idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *WithdrawRole) Do(ctx context.Context, cmd RoleCommand) error {
	h := u.house
	withdraw := func(ctx context.Context, account *domain.Account, now time.Time) (bool, string, error) {
		had := account.Is(cmd.Role)
		if err := account.Withdraw(cmd.Role, cmd.By.ID, now); err != nil || !had {
			return false, "", err
		}
		if cmd.Role != identity.Admin {
			return true, string(cmd.Role), nil
		}
		admins, err := h.administrators(ctx)
		if err != nil {
			return false, "", err
		}
		return true, string(cmd.Role), admins.Dismiss(cmd.Member)
	}
	return h.perform(ctx, act{name: "members.withdraw_role", operation: "withdraw a role", change: withdraw},
		cmd.act(), string(cmd.Role))
}
