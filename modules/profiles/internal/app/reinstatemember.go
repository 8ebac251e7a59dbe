package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// ReinstateMember ends a suspension.
type ReinstateMember struct{ house *House }

// NewReinstateMember returns the use case.
func NewReinstateMember(house *House) *ReinstateMember { return &ReinstateMember{house: house} }

// Do does so, and records the act. Errors: domain.ErrMemberNotFound, ErrNotSuspended; audit.ErrInvalidReason,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ReinstateMember) Do(ctx context.Context, cmd ActCommand) error {
	reinstate := func(account *domain.Account, now time.Time) error {
		if err := mayModerate(cmd.By, account); err != nil {
			return err
		}
		return account.Reinstate(cmd.By.ID, now)
	}
	tell := func(who person) { u.house.letters.Reinstated(who.address, who.handle) }
	return u.house.perform(ctx, act{
		name: "members.reinstate", operation: "reinstate a member", change: simply(reinstate), tell: tell,
	}, cmd)
}
