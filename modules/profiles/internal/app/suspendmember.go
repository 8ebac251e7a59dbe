package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// SuspendMember shuts a member out: sessions and tokens end at once.
type SuspendMember struct{ house *House }

// NewSuspendMember returns the use case.
func NewSuspendMember(house *House) *SuspendMember { return &SuspendMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrInvalidReason, ErrMemberNotFound, ErrIsAdmin, ErrNotActive, identity.ErrNotPermitted for a moderator who
// is no admin where the member holds a role; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *SuspendMember) Do(ctx context.Context, cmd ActCommand) error {
	if err := domain.CheckReason(cmd.Reason); err != nil {
		return err
	}
	suspend := func(account *domain.Account, now time.Time) error {
		if err := mayModerate(cmd.By, account); err != nil {
			return err
		}
		return account.Suspend(cmd.By.ID, now)
	}
	tell := func(who person) { u.house.letters.Suspended(who.address, who.handle, cmd.Reason) }
	return u.house.perform(ctx, act{
		name: "members.suspend", operation: "suspend a member", change: simply(suspend), tell: tell,
	}, cmd)
}
