package app

import (
	"context"
)

// ApproveMember lets in somebody who registered and waits.
type ApproveMember struct{ house *House }

// NewApproveMember returns the use case.
func NewApproveMember(house *House) *ApproveMember { return &ApproveMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrMemberNotFound, ErrNotPending; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ApproveMember) Do(ctx context.Context, cmd ActCommand) error { return errLater }
