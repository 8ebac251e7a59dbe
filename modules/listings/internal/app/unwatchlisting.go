package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// UnwatchListing takes a listing off a member's watch list.
type UnwatchListing struct {
	market  *Market
	watches domain.Watches
	lists   domain.WatchLists
}

// NewUnwatchListing returns the use case.
func NewUnwatchListing(market *Market, watches domain.Watches, lists domain.WatchLists) *UnwatchListing {
	return &UnwatchListing{market: market, watches: watches, lists: lists}
}

// UnwatchListingCommand asks not to watch a listing any more.
type UnwatchListingCommand struct {
	// Listing was watched by Member.
	Listing, Member uuid.UUID
}

// Do takes the listing off the list; if it is not there, nothing changes. Errors: uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *UnwatchListing) Do(ctx context.Context, cmd UnwatchListingCommand) error {
	err := u.market.work.Do(ctx, func(ctx context.Context) error {
		err := u.watches.Remove(ctx, domain.WatchID(cmd.Member, cmd.Listing))
		switch {
		case errors.Is(err, domain.ErrNotWatched):
			return nil
		case err != nil:
			return err
		}
		list, err := u.lists.Get(ctx, cmd.Member)
		if err != nil {
			return err
		}
		list.Shrink()
		return nil
	})
	if err != nil {
		return fmt.Errorf("unwatch %s: %w", cmd.Listing, err)
	}
	return nil
}
