package sqlstore

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

var _ app.Visitors = (*Views)(nil)

const selectOfVisitor = `
		SELECT id
		FROM issues
		WHERE email_key = $1 AND reported_at IS NOT NULL AND (ended_at IS NULL OR ended_at >= $2)
		ORDER BY reported_at DESC, id DESC
		LIMIT $3`

// ReportedFrom returns what a visitor with the address reported. Errors: db.ErrUnavailable.
func (v *Views) ReportedFrom(ctx context.Context, email domain.Email, since time.Time, limit int) ([]uuid.UUID, error) {
	return ids(ctx, v.pool.Read(), "look up what was reported from an address", selectOfVisitor,
		email.Key(), db.Micros(since), max(limit, 0))
}
