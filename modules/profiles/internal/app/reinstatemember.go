package app

import (
	"context"
)

// ReinstateMember ends a suspension.
type ReinstateMember struct{ house *House }

// NewReinstateMember returns the use case.
func NewReinstateMember(house *House) *ReinstateMember { return &ReinstateMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrMemberNotFound, ErrNotSuspended; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ReinstateMember) Do(ctx context.Context, cmd ActCommand) error { return errLater }
