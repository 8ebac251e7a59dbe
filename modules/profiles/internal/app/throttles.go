package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// Throttles is the profilesapi.Throttles: the house's own, so that letters that other modules write are counted with those
// about accounts.
type Throttles struct{ house *House }

var _ profilesapi.Throttles = (*Throttles)(nil)

// NewThrottles returns them.
func NewThrottles(house *House) *Throttles { return &Throttles{house: house} }

// Letter counts a letter. Errors: domain.ErrInvalidEmail, ErrTooManyAttempts from the network; uow.ErrNoUnit, uow.ErrEnded,
// or what the store reports.
func (t *Throttles) Letter(ctx context.Context, address, network string) (bool, error) {
	email, err := domain.NewEmail(address)
	if err != nil {
		return false, err
	}
	by, now := domain.Client{Network: network}, t.house.clock.Now()
	if err := t.house.correspond(ctx, by, now); err != nil {
		return false, err
	}
	return t.house.mayPost(ctx, attempt{key: email.Key(), by: by}, now)
}

// Attempt counts an attempt. Errors: domain.ErrTooManyAttempts; uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
func (t *Throttles) Attempt(ctx context.Context, kind, who string, free int) error {
	if t.house.policy.FreeAttempts == 0 {
		return nil
	}
	_, err := t.house.countOn(ctx, []counter{{id: domain.ThrottleID(kind, who), free: free}}, t.house.clock.Now())
	return err
}
