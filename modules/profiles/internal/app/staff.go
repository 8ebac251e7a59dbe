package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// Staff is the profilesapi.Staff over a store.
type Staff struct{ standings Standings }

var _ profilesapi.Staff = (*Staff)(nil)

// NewStaff returns it.
func NewStaff(standings Standings) *Staff { return &Staff{standings: standings} }

// Permitted reports whether the member is active and one of his roles has the permission. Errors: uow.ErrNoUnit,
// uow.ErrEnded, or what the store reports.
func (s *Staff) Permitted(ctx context.Context, member uuid.UUID, p identity.Permission) (bool, error) {
	found, ok, err := s.standings.Duties(ctx, member)
	if err != nil || !ok || found.Status != domain.StatusActive {
		return false, err
	}
	return p.HeldBy(identity.Member) || p.HeldBy(found.Roles...), nil
}
