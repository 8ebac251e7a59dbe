package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// ApproveMember lets in somebody who registered and waits.
type ApproveMember struct{ house *House }

// NewApproveMember returns the use case.
func NewApproveMember(house *House) *ApproveMember { return &ApproveMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrMemberNotFound, ErrNotPending; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ApproveMember) Do(ctx context.Context, cmd ActCommand) error {
	approve := func(account *domain.Account, now time.Time) error { return account.Approve(cmd.By.ID, now) }
	tell := func(who person) { u.house.letters.Approved(who.address, who.handle) }
	return u.house.perform(ctx, act{
		name: "members.approve", operation: "approve a member", change: simply(approve), tell: tell,
	}, cmd)
}
