package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// VerifyMember takes an admin's word that an address is the member's.
type VerifyMember struct{ house *House }

// NewVerifyMember returns the use case.
func NewVerifyMember(house *House) *VerifyMember { return &VerifyMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrMemberNotFound, ErrAlreadyVerified; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *VerifyMember) Do(ctx context.Context, cmd ActCommand) error {
	verify := func(account *domain.Account, now time.Time) error { return account.MarkVerified(cmd.By.ID, now) }
	return u.house.perform(ctx, act{name: "members.verify", operation: "verify a member", change: simply(verify)}, cmd)
}
