package listingstest

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/uow"
)

// Filler gives a listing a long history, for measurements. Get it from the graph: fx.Populate(&filler).
type Filler struct {
	fx.In

	Market Market
	Work   *uow.Work
}

// fillAtOnce is how many bids share a commit.
const fillAtOnce = 500

// Fill places bids of these maxima in cents, each of a member of its own, through the use case, but many in one unit of
// work. Errors: those of app.PlaceBid and of the unit.
func (f Filler) Fill(ctx context.Context, listing uuid.UUID, maxima []int64) error {
	for some := range slices.Chunk(maxima, fillAtOnce) {
		err := f.Work.Do(ctx, func(ctx context.Context) error {
			for _, cents := range some {
				if _, err := f.Market.Bid(ctx, listing, uuid.New(), dollars(cents)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("fill %s: %w", listing, err)
		}
	}
	return nil
}
