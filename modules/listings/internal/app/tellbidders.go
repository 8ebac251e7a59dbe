package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
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
	left := map[uuid.UUID]error{}
	for after := uuid.Nil; ; {
		listings, err := u.untold.Tellings(ctx, after, biddersAtOnce)
		if err != nil {
			return portions, fmt.Errorf("look for bidders to be told: %w", err)
		}
		if len(listings) == 0 {
			return portions, reasonsFor("listing", left)
		}
		for _, listing := range listings {
			n, err := u.all(ctx, listing)
			portions, left[listing], after = portions+n, err, listing
		}
	}
}

// all tells all bidders of one listing.
func (u *TellBidders) all(ctx context.Context, listing uuid.UUID) (portions int, err error) {
	for more := true; more; {
		err := u.market.work.Do(ctx, func(ctx context.Context) (err error) {
			more, err = u.portion(ctx, listing)
			return err
		}, u.tell.tellings.Loads(listing))
		if err != nil {
			return portions, err
		}
		portions++
	}
	return portions, nil
}

// portion tells the next bidders and reports whether there are more.
func (u *TellBidders) portion(ctx context.Context, listing uuid.UUID) (more bool, err error) {
	telling, err := u.tell.tellings.Get(ctx, listing)
	switch {
	case errors.Is(err, domain.ErrRecordNotFound):
		return false, nil // another server was faster
	case err != nil:
		return false, err
	}
	state := telling.State()
	e, err := eventOf(state.Kind, []byte(state.News))
	if err != nil {
		return false, err
	}
	news, last, err := u.tell.bidders(ctx, state.Kind, e, state.After)
	if err != nil {
		return false, err
	}
	if last == uuid.Nil {
		err = u.tell.tellings.Remove(ctx, listing)
	} else {
		telling.GoOn(last)
	}
	return last != uuid.Nil, errors.Join(err, u.tell.tell(ctx, news))
}
