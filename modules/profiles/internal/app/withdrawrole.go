package app

import (
	"context"
)

// WithdrawRole takes a role from a member.
type WithdrawRole struct{ house *House }

// NewWithdrawRole returns the use case.
func NewWithdrawRole(house *House) *WithdrawRole { return &WithdrawRole{house: house} }

// Do withdraws it and records the act; withdrawing again changes nothing. Errors: domain.ErrMemberNotFound,
// ErrInvalidRole, ErrLastAdmin; audit.ErrInvalidReason, idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *WithdrawRole) Do(ctx context.Context, cmd RoleCommand) error { return errLater }
