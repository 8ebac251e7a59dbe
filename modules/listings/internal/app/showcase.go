package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// Showcase is what a store has for Views before it is disclosed: states from which RecordOf and SummaryOf make what each
// viewer may see at each instant. Whoever keeps such states can answer many viewers with one of them. It reads what is
// committed, outside units of work. Of the maxima, the reserve and who is excluded nothing is in them: see Shown.
type Showcase interface {
	// State returns the listing as it is stored, a draft too. Errors: domain.ErrListingNotFound, or what the store reports.
	State(ctx context.Context, id uuid.UUID) (domain.State, error)
	// States returns the listings of the page that Views.Listings has for the same question, in the same order and with the
	// same cursor; of each listing there is what SummaryOf needs. Errors: as Views.Listings.
	States(ctx context.Context, filter Filter, viewer domain.Actor, request page.Request, now time.Time) (page.Of[domain.State], error)
	// Shared reports whether other servers write to the same store.
	Shared() bool
}

// Shown returns the state without what no view ever shows of a published listing.
func Shown(s domain.State) domain.State {
	s.Standing.Leader.Max, s.Standing.RunnerUp = 0, domain.Bid{}
	s.Terms.Reserve = 0
	s.Excluded = nil
	return s
}
