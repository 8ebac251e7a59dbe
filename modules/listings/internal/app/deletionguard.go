package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
)

// DeletionGuard is the profilesapi.DeletionGuard: whoever sells, or has a bid that counts, stays until that is over;
// and when it is sold, buyer and seller stay until it is marked paid, for good: what can be taken back is told as over. That
// holds from the end itself, before anybody has stored the close or opened the sale.
//
// Deleting a member changes nothing here: the logs keep the id, which then belongs to nobody.
type DeletionGuard struct {
	dealings Dealings
	clock    clock.Clock
}

var _ profilesapi.DeletionGuard = (*DeletionGuard)(nil)

// NewDeletionGuard returns the guard.
func NewDeletionGuard(dealings Dealings, c clock.Clock) *DeletionGuard {
	return &DeletionGuard{dealings: dealings, clock: c}
}

// maxObligations is how many obligations are told.
const maxObligations = 100

var obligationDetails = map[Part]string{
	PartSeller: "You sell %q, which is not over yet.",
	PartLeader: "You lead on %q, which is not over yet.",
	PartBidder: "You have a bid on %q, which is not over yet.",
	PartOwes:   "You have bought %q, which is not marked paid. Pay, and ask the seller to mark it.",
	PartOwed:   "You have sold %q, which is not marked paid. Mark it when the buyer has paid.",
}

// Obligations returns the listings that are not over and that the member sells or has a live bid on, and those that he has
// bought or sold and that are not marked paid, or were within a day. Errors: what the store reports.
func (g *DeletionGuard) Obligations(ctx context.Context, member uuid.UUID) ([]profilesapi.Obligation, error) {
	now := g.clock.Now()
	// In this order: what is bought between the two questions is told by both rather than by neither.
	running, err := g.dealings.Running(ctx, member, now, maxObligations)
	if err != nil {
		return nil, fmt.Errorf("look up what %s has to do with listings: %w", member, err)
	}
	owing, err := g.dealings.Owing(ctx, member, now, maxObligations)
	if err != nil {
		return nil, fmt.Errorf("look up what %s owes, or is owed: %w", member, err)
	}
	dealings := slices.Concat(running, owing)
	dealings = dealings[:min(len(dealings), maxObligations)]
	obligations := make([]profilesapi.Obligation, len(dealings))
	for i, d := range dealings {
		obligations[i] = profilesapi.Obligation{
			Kind:    string(d.Part),
			Subject: d.Listing,
			Detail:  fmt.Sprintf(obligationDetails[d.Part], d.Title),
			Over:    d.Over,
		}
	}
	return obligations, nil
}
