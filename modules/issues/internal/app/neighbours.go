package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// ListingLogs is the Logs of the module of listings.
type ListingLogs struct{ logs listingsapi.Logs }

var _ Logs = ListingLogs{}

// NewListingLogs returns it.
func NewListingLogs(logs listingsapi.Logs) ListingLogs { return ListingLogs{logs: logs} }

// Extract returns the public log of the listing up to the position. Errors: as listingsapi.Logs.Extract.
func (l ListingLogs) Extract(ctx context.Context, listing uuid.UUID, upTo domain.Position) (string, error) {
	return l.logs.Extract(ctx, listing, upTo.Seq, upTo.Hash, domain.MaxExtract)
}

// Bidder returns who made the bid. Errors: as listingsapi.Logs.Bidder.
func (l ListingLogs) Bidder(ctx context.Context, listing uuid.UUID, bid int64) (uuid.UUID, bool, error) {
	return l.logs.Bidder(ctx, listing, bid)
}

// HelpDesk is the Staff of the module of members: those who may issuesapi.Work.
type HelpDesk struct{ staff profilesapi.Staff }

var _ Staff = HelpDesk{}

// NewHelpDesk returns it.
func NewHelpDesk(staff profilesapi.Staff) HelpDesk { return HelpDesk{staff: staff} }

// WorksHere reports whether the member may work on issues. Errors: as profilesapi.Staff.Permitted.
func (h HelpDesk) WorksHere(ctx context.Context, member uuid.UUID) (bool, error) {
	return h.staff.Permitted(ctx, member, issuesapi.Work)
}
