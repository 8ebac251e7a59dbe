package listingstest

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/uow"
)

// Filler places many bids in few units of work, to give a listing a long history for measurements. Get it from the graph:
// fx.Populate(&filler).
type Filler struct {
	fx.In

	Work     *uow.Work
	Listings domain.Repository
	Clock    clock.Clock
}

// fillAtOnce is how many bids share a unit.
const fillAtOnce = 500

// Fill places bids of these maxima in cents, each above the one before by more than any increment, one unit for many.
// Errors: those of domain.Listing.PlaceBid and of the unit of work.
func (f Filler) Fill(ctx context.Context, listing uuid.UUID, maxima []int64) error {
	for len(maxima) > 0 {
		n := min(len(maxima), fillAtOnce)
		commands := make([]uow.Command, n)
		for i, cents := range maxima[:n] {
			commands[i] = f.bid(listing, cents)
		}
		if err := errors.Join(f.Work.DoAll(ctx, commands)...); err != nil {
			return err
		}
		maxima = maxima[n:]
	}
	return nil
}

func (f Filler) bid(listing uuid.UUID, cents int64) uow.Command {
	by := domain.Command{ID: uuid.New(), Actor: domain.Actor{ID: uuid.New()}}
	offer := domain.Offer{Amount: domain.Currency{Code: houseCurrency, Digits: 2}.Money(cents).Decimal(), Currency: houseCurrency}
	return uow.Command{
		Run: func(ctx context.Context) error {
			l, err := f.Listings.Get(ctx, listing)
			if err != nil {
				return err
			}
			_, err = l.PlaceBid(by, offer, nil, f.Clock.Now())
			return err
		},
		Hints: []uow.Hint{f.Listings.Loads(listing), uow.CommandID(by.ID)},
	}
}
