package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// CancelListing calls off the listing that an issue is about.
type CancelListing struct{ desk *Desk }

// NewCancelListing returns the use case.
func NewCancelListing(desk *Desk) *CancelListing { return &CancelListing{desk: desk} }

// CancelListingCommand asks to do so.
type CancelListingCommand struct {
	ActCommand
	// Reason is told to the bidders. Whoever reported the issue does not learn it.
	Reason string
}

// Do cancels, and notes it on the issue: both or neither. Errors: those of domain.Issue.CancelListing;
// identity.ErrNotPermitted and identity.ErrMissingScope without listingsapi.Moderate, and whatever else
// listingsapi.Moderation refuses; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *CancelListing) Do(ctx context.Context, cmd CancelListingCommand) error {
	return u.desk.onListing(ctx, cmd.ActCommand, listingAct{
		operation: "cancel the listing of an issue",
		reason:    cmd.Reason,
		note:      (*domain.Issue).CancelListing,
		do:        u.desk.moderation.Cancel,
	})
}
