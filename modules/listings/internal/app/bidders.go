package app

import (
	"context"

	"github.com/google/uuid"
)

// Bidders knows who may bid. It is a port behind which the members live.
type Bidders interface {
	// MayBid tells whether the member may bid on what the seller sells. It is asked inside the unit of work of the bid.
	// Errors: domain.ErrBidderNotEligible, or what the members' store reports.
	MayBid(ctx context.Context, member, seller uuid.UUID) error
}

// Sellers knows who may put listings on the market. It is a port behind which the members live.
type Sellers interface {
	// MaySell tells whether the member may sell. It is asked inside the unit of work of the publication. Errors:
	// domain.ErrSellerNotEligible, or what the members' store reports.
	MaySell(ctx context.Context, member uuid.UUID) error
}

// Everyone lets everyone bid and sell: in replays and invented markets, whose members exist nowhere else.
type Everyone struct{}

// MayBid returns nil. Errors: none.
func (Everyone) MayBid(context.Context, uuid.UUID, uuid.UUID) error { return nil }

// MaySell returns nil. Errors: none.
func (Everyone) MaySell(context.Context, uuid.UUID) error { return nil }
