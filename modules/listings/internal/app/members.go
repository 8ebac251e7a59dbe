package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// Members lets those bid and sell who are members in good standing. It asks inside the unit of work of the command, so
// that nobody who was suspended before it trades.
type Members struct{ members profilesapi.Members }

var (
	_ Bidders = Members{}
	_ Sellers = Members{}
)

// NewMembers returns the members.
func NewMembers(members profilesapi.Members) Members { return Members{members: members} }

// MayBid tells whether the member is active and verified, and the seller has not blocked him. Errors:
// domain.ErrBidderNotEligible, or what the members report.
func (m Members) MayBid(ctx context.Context, member, seller uuid.UUID) error {
	standing, err := m.members.Standing(ctx, member, seller)
	switch {
	case err != nil:
		return fmt.Errorf("look up the standing of bidder %s: %w", member, err)
	case !standing.MayTrade():
		return domain.ErrBidderNotEligible
	default:
		return nil
	}
}

// MaySell tells whether the member is active and verified. Errors: domain.ErrSellerNotEligible, or what the members
// report.
func (m Members) MaySell(ctx context.Context, member uuid.UUID) error {
	standing, err := m.members.Standing(ctx, member, uuid.Nil)
	switch {
	case err != nil:
		return fmt.Errorf("look up the standing of seller %s: %w", member, err)
	case !standing.MayTrade():
		return domain.ErrSellerNotEligible
	default:
		return nil
	}
}
