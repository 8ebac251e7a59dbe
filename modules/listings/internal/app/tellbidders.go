package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// TellBidders goes on where TellMarket has stopped: with listings that had more bidders than fit into one unit of work.
// However many servers run it, every bidder is told once: how far a telling has got changes with the notices.
type TellBidders struct {
	market *Market
	untold Untold
	tell   *TellMarket
}

// NewTellBidders returns the use case.
func NewTellBidders(market *Market, untold Untold, tell *TellMarket) *TellBidders {
	return &TellBidders{market: market, untold: untold, tell: tell}
}

// Do tells all bidders who are still to be told, a portion at a time, and returns how many portions that were. A listing
// whose bidders cannot be told does not hold up the others. Errors: what the store reports, joined with the errors of single
// listings.
func (u *TellBidders) Do(ctx context.Context) (int, error) {
	portions := 0
	left := uow.Leftover{}
	for after := uuid.Nil; ; {
		listings, err := u.untold.Tellings(ctx, after, biddersAtOnce)
		if err != nil {
			return portions, fmt.Errorf("look for bidders to be told: %w", err)
		}
		if len(listings) == 0 {
			return portions, left.Reasons("listing")
		}
		for _, listing := range listings {
			n, err := u.all(ctx, listing)
			portions, left[listing], after = portions+n, err, listing
		}
	}
}

// all tells all bidders of one listing. Who comes next is looked up before the unit of work, which only looks whether another
// server was faster.
func (u *TellBidders) all(ctx context.Context, listing uuid.UUID) (portions int, err error) {
	for {
		seen, err := u.untold.Telling(ctx, listing)
		switch {
		case errors.Is(err, domain.ErrRecordNotFound):
			return portions, nil // everybody was told, perhaps by another server
		case err != nil:
			return portions, err
		}
		live, last, err := u.untold.Bidders(ctx, listing, seen.After, biddersAtOnce)
		if err != nil {
			return portions, err
		}
		told := false
		err = u.market.work.Do(ctx, func(ctx context.Context) (err error) {
			told, err = u.portion(ctx, seen, live, last)
			return err
		}, u.tell.tellings.Loads(listing))
		if err != nil {
			return portions, err
		}
		if told {
			portions++
		}
	}
}

// portion tells the next bidders, the last of whom that is, and reports whether it did: not if the telling has gone on since
// it was seen.
func (u *TellBidders) portion(ctx context.Context, seen domain.TellingState, live []uuid.UUID, last uuid.UUID) (bool, error) {
	telling, err := u.tell.tellings.Get(ctx, seen.Listing)
	switch {
	case errors.Is(err, domain.ErrRecordNotFound):
		return false, nil
	case err != nil:
		return false, err
	case telling.State().Version != seen.Version:
		return false, nil
	}
	e, err := eventOf(seen.Kind, []byte(seen.News))
	if err != nil {
		return false, err
	}
	if last == uuid.Nil {
		err = u.tell.tellings.Remove(ctx, seen.Listing)
	} else {
		telling.GoOn(last)
	}
	return true, errors.Join(err, u.tell.tell(ctx, u.tell.newsFor(live, seen.Kind, e)))
}
