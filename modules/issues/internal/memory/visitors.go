package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

var _ app.Visitors = (*Views)(nil)

// ReportedFrom returns what a visitor with the address reported. Errors: none.
func (v *Views) ReportedFrom(_ context.Context, email domain.Email, since time.Time, limit int) ([]uuid.UUID, error) {
	found := v.store.states(func(s domain.IssueState) bool {
		return s.Reporter.Email != "" && domain.RestoreEmail(s.Reporter.Email).Key() == email.Key() &&
			!s.ReportedAt.IsZero() && (s.EndedAt.IsZero() || !s.EndedAt.Before(since))
	})
	slices.SortFunc(found, func(a, b domain.IssueState) int {
		return cmp.Or(b.ReportedAt.Compare(a.ReportedAt), compareIDs(b.ID, a.ID))
	})
	var ids []uuid.UUID
	for _, s := range found[:min(len(found), max(limit, 0))] {
		ids = append(ids, s.ID)
	}
	return ids, nil
}
