package app

import (
	"context"

	"github.com/google/uuid"
)

// Bidders knows who may bid. It is the port behind which the members live.
type Bidders interface {
	// MayBid tells whether the member may bid on what the seller sells. It is asked inside the unit of work of the bid.
	// Errors: domain.ErrBidderNotEligible, or what the members' store reports.
	MayBid(ctx context.Context, member, seller uuid.UUID) error
}

// Everyone lets everyone bid: in a replay always, elsewhere until there are members.
type Everyone struct{}

// MayBid returns nil. Errors: none.
func (Everyone) MayBid(context.Context, uuid.UUID, uuid.UUID) error { return nil }
