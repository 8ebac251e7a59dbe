package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// FreezeListing stops the bidding on the listing that an issue is about.
type FreezeListing struct{ desk *Desk }

// NewFreezeListing returns the use case.
func NewFreezeListing(desk *Desk) *FreezeListing { return &FreezeListing{desk: desk} }

// FreezeListingCommand asks to do so.
type FreezeListingCommand struct {
	ActCommand
	// Reason is for the seller and staff. Whoever reported the issue does not learn it.
	Reason string
}

// Do freezes, and notes it on the issue: both or neither. Errors: those of domain.Issue.FreezeListing;
// identity.ErrNotPermitted and identity.ErrMissingScope without listingsapi.Moderate, and whatever else
// listingsapi.Moderation refuses; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *FreezeListing) Do(ctx context.Context, cmd FreezeListingCommand) error {
	return u.desk.onListing(ctx, cmd.ActCommand, listingAct{
		operation: "freeze the listing of an issue",
		reason:    cmd.Reason,
		note:      (*domain.Issue).FreezeListing,
		do:        u.desk.moderation.Freeze,
	})
}
