package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// GrantRole gives a member a role.
type GrantRole struct{ house *House }

// NewGrantRole returns the use case.
func NewGrantRole(house *House) *GrantRole { return &GrantRole{house: house} }

// RoleCommand asks to give or take a role.
type RoleCommand struct {
	// By is who acts; the zero Caller is the operator at the command line.
	By identity.Caller
	// Member is to whom.
	Member uuid.UUID
	// Role is one of identity.Granted.
	Role identity.Role
	// Reason is one line; may be empty.
	Reason string
	// Key makes the command safe to repeat.
	Key string
}

// Do grants it and records the act; granting again changes nothing. Errors: domain.ErrMemberNotFound, ErrInvalidRole,
// ErrNotActive, ErrLeaving; audit.ErrInvalidReason, idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *GrantRole) Do(ctx context.Context, cmd RoleCommand) error {
	h := u.house
	grant := func(ctx context.Context, account *domain.Account, now time.Time) (bool, string, error) {
		had := account.Is(cmd.Role)
		if err := account.Grant(cmd.Role, cmd.By.ID, now); err != nil || had {
			return false, "", err
		}
		if cmd.Role != identity.Admin {
			return true, string(cmd.Role), nil
		}
		admins, err := h.administrators(ctx)
		if err != nil {
			return false, "", err
		}
		admins.Appoint(cmd.Member)
		return true, string(cmd.Role), nil
	}
	return h.perform(ctx, act{name: "members.grant_role", operation: "grant a role", change: grant},
		cmd.act(), string(cmd.Role))
}

// act is the command without the role.
func (c RoleCommand) act() ActCommand {
	return ActCommand{By: c.By, Member: c.Member, Reason: c.Reason, Key: c.Key}
}
