package listingstest

import (
	"context"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/readcache"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/page"
)

// Visitor looks at the market as a guest does, through what pages and the API read from, without HTTP, for measurements.
// Get it from the graph: fx.Populate(&visitor).
type Visitor struct {
	fx.In

	Reads *readcache.Cache
	Clock clock.Clock
}

// Look reads one listing with all that its page shows. Errors: domain.ErrListingNotFound, or what the store reports.
func (v Visitor) Look(ctx context.Context, listing uuid.UUID) error {
	_, err := v.Reads.Listing(ctx, listing, domain.Actor{}, v.Clock.Now())
	return err
}

// Browse reads the first listings of those that end soonest among the open ones, and returns how many there were. Errors:
// what the store reports.
func (v Visitor) Browse(ctx context.Context, limit int) (int, error) {
	found, err := v.Reads.Listings(ctx, app.Filter{Statuses: []domain.Status{domain.StatusOpen}}, domain.Actor{},
		page.Request{Limit: limit}, v.Clock.Now())
	return len(found.Items), err
}
