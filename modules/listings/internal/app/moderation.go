package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// Moderation is the listingsapi.Moderation: the moderators' own use cases, which join the unit of work of whoever calls.
type Moderation struct {
	freeze   *FreezeListing
	unfreeze *UnfreezeListing
	cancel   *CancelListing
}

var _ listingsapi.Moderation = (*Moderation)(nil)

// NewModeration returns it.
func NewModeration(freeze *FreezeListing, unfreeze *UnfreezeListing, cancel *CancelListing) *Moderation {
	return &Moderation{freeze: freeze, unfreeze: unfreeze, cancel: cancel}
}

// Freeze stops bidding on the listing. Errors: those of identity.Caller.Check, of FreezeListing.
func (m *Moderation) Freeze(ctx context.Context, by identity.Caller, listing uuid.UUID, reason string) error {
	moderator, err := moderatorOf(by)
	if err != nil {
		return err
	}
	return m.freeze.Do(ctx, FreezeListingCommand{Listing: listing, By: moderator, Reason: reason})
}

// Unfreeze lets bidding go on. Errors: those of identity.Caller.Check, of UnfreezeListing.
func (m *Moderation) Unfreeze(ctx context.Context, by identity.Caller, listing uuid.UUID, reason string) error {
	moderator, err := moderatorOf(by)
	if err != nil {
		return err
	}
	return m.unfreeze.Do(ctx, UnfreezeListingCommand{Listing: listing, By: moderator, Reason: reason})
}

// Cancel calls the listing off. Errors: those of identity.Caller.Check, of CancelListing.
func (m *Moderation) Cancel(ctx context.Context, by identity.Caller, listing uuid.UUID, reason string) error {
	moderator, err := moderatorOf(by)
	if err != nil {
		return err
	}
	return m.cancel.Do(ctx, CancelListingCommand{Listing: listing, By: moderator, Reason: reason})
}

// moderatorOf returns the caller as the domain knows moderators: no edge has asked for the permission before. Errors: those
// of identity.Caller.Check.
func moderatorOf(by identity.Caller) (domain.Actor, error) {
	if err := by.Check(listingsapi.Moderate); err != nil {
		return domain.Actor{}, err
	}
	return domain.Actor{ID: by.ID, Moderator: true}, nil
}
