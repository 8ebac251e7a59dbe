package app

import (
	"context"
)

// SuspendMember shuts a member out: sessions and tokens end at once.
type SuspendMember struct{ house *House }

// NewSuspendMember returns the use case.
func NewSuspendMember(house *House) *SuspendMember { return &SuspendMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrInvalidReason, ErrMemberNotFound, ErrIsAdmin, ErrNotActive, identity.ErrNotPermitted for a moderator who
// is no admin where the member holds a role; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *SuspendMember) Do(ctx context.Context, cmd ActCommand) error { return errLater }
