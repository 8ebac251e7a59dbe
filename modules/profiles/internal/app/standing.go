package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// Standing is the profilesapi.Members over a store.
type Standing struct{ standings Standings }

// NewStanding returns it.
func NewStanding(standings Standings) *Standing { return &Standing{standings: standings} }

// Standing returns what the member may do in the market. Errors: uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
func (s *Standing) Standing(ctx context.Context, member, other uuid.UUID) (profilesapi.Standing, error) {
	found, ok, err := s.standings.Standing(ctx, member, other)
	if err != nil || !ok {
		return profilesapi.Standing{}, err
	}
	return profilesapi.Standing{
		Active: found.Status == domain.StatusActive, Verified: found.Verified, BlockedByOther: found.BlockedByOther,
	}, nil
}
