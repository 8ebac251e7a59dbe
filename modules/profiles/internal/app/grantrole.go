package app

import (
	"context"

	"github.com/google/uuid"

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
// ErrNotActive; audit.ErrInvalidReason, idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *GrantRole) Do(ctx context.Context, cmd RoleCommand) error { return errLater }
