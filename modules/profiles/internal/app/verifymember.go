package app

import (
	"context"
)

// VerifyMember takes an admin's word that an address is the member's.
type VerifyMember struct{ house *House }

// NewVerifyMember returns the use case.
func NewVerifyMember(house *House) *VerifyMember { return &VerifyMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrMemberNotFound, ErrAlreadyVerified; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *VerifyMember) Do(ctx context.Context, cmd ActCommand) error { return errLater }
