package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// WatchListing puts a listing on a member's watch list.
type WatchListing struct {
	market  *Market
	bidders Bidders
	watches domain.Watches
	lists   domain.WatchLists
	soon    EndsSoon
}

// NewWatchListing returns the use case.
func NewWatchListing(
	market *Market, bidders Bidders, watches domain.Watches, lists domain.WatchLists, soon EndsSoon,
) *WatchListing {
	return &WatchListing{market: market, bidders: bidders, watches: watches, lists: lists, soon: soon}
}

// WatchListingCommand asks to watch a listing.
type WatchListingCommand struct {
	// Listing is watched by Member.
	Listing, Member uuid.UUID
}

// Do puts the listing on the list and returns since when it is there; if it is there already, nothing changes. Who begins
// to watch what ends soon anyway will not be told that it does. Errors: domain.ErrListingNotFound, also for every draft;
// domain.ErrBidderNotEligible for who may bid on nothing, since he was suspended or has left; domain.ErrTooManyWatches; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *WatchListing) Do(ctx context.Context, cmd WatchListingCommand) (since time.Time, err error) {
	err = u.market.work.Do(ctx, func(ctx context.Context) error {
		watch, err := u.watches.Get(ctx, domain.WatchID(cmd.Member, cmd.Listing))
		if errors.Is(err, domain.ErrNotWatched) {
			watch, err = u.begin(ctx, cmd)
		}
		if err != nil {
			return err
		}
		since = watch.State().Since
		return nil
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("watch %s: %w", cmd.Listing, err)
	}
	return since, nil
}

func (u *WatchListing) begin(ctx context.Context, cmd WatchListingCommand) (*domain.Watch, error) {
	listing, err := u.market.listings.Peek(ctx, cmd.Listing)
	if err != nil {
		return nil, err
	}
	state, now := listing.State(), u.market.clock.Now()
	if state.Status == domain.StatusDraft {
		return nil, domain.ErrListingNotFound
	}
	if err := u.bidders.MayBid(ctx, cmd.Member, uuid.Nil); err != nil { // nobody forgets the watches of who has left already
		return nil, err
	}
	list, err := u.list(ctx, cmd.Member)
	if err != nil {
		return nil, err
	}
	if err := list.Grow(); err != nil {
		return nil, err
	}
	watch := domain.NewWatch(cmd.Member, cmd.Listing, now)
	if !state.Frozen && u.soon.near(state.EndsAt, now) {
		watch.Announce(state.EndsAt)
	}
	return watch, u.watches.Add(ctx, watch)
}

// list returns the member's watch list, which the first watch makes.
func (u *WatchListing) list(ctx context.Context, member uuid.UUID) (*domain.WatchList, error) {
	list, err := u.lists.Get(ctx, member)
	if !errors.Is(err, domain.ErrRecordNotFound) {
		return list, err
	}
	list = domain.NewWatchList(member)
	return list, u.lists.Add(ctx, list)
}
