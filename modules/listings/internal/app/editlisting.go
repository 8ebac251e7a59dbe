package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// EditListing replaces the content of a draft, or of a listing that nobody has bid on.
type EditListing struct {
	market *Market
	house  House
}

// NewEditListing returns the use case.
func NewEditListing(market *Market, house House) *EditListing {
	return &EditListing{market: market, house: house}
}

// EditListingCommand asks for new content.
type EditListingCommand struct {
	// Listing is the one.
	Listing uuid.UUID
	// By is the seller.
	By domain.Actor
	// Version is the one that the seller has read, so that nothing of a later one is overwritten; 0 is any.
	Version int64
	// Content replaces the present content. Its Table is not used.
	Content domain.Content
	// Table names the increment table; empty keeps the present one, and published listings keep theirs in any case.
	Table string
}

// Do replaces the content. It needs no key: the version tells whether it was done.
//
// Errors: the first that applies of domain.ErrListingNotFound, ErrVersionMismatch and those of domain.Listing.Edit;
// uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *EditListing) Do(ctx context.Context, cmd EditListingCommand) error {
	r := request{operation: "edit", listing: cmd.Listing, actor: cmd.By}
	_, err := do(ctx, u.market, r, receipt[nothing]{},
		func(_ context.Context, listing *domain.Listing, by domain.Command, now time.Time) (nothing, error) {
			return nothing{}, u.edit(listing, by, cmd, now)
		})
	return err
}

func (u *EditListing) edit(listing *domain.Listing, by domain.Command, cmd EditListingCommand, now time.Time) error {
	if err := listing.VisibleTo(by.Actor.ID); err != nil {
		return err
	}
	if cmd.Version != 0 && cmd.Version != listing.Version() {
		return domain.ErrVersionMismatch
	}
	if cmd.Table != "" {
		table, err := u.house.table(cmd.Table, listing.State().Currency)
		if err != nil {
			return err
		}
		cmd.Content.Table = table
	}
	return listing.Edit(by, cmd.Content, now)
}
