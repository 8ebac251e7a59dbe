package listingstest

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/uow"
)

// publishAtOnce is how many listings share a unit.
const publishAtOnce = 250

// PublishMany puts n listings of the same offer on the market, many in one unit of work, and returns their ids. Their
// sellers are those named, in turn. Errors: those of the use cases and of the unit of work.
func (m Market) PublishMany(ctx context.Context, work *uow.Work, n int, offer Offer, sellers []uuid.UUID) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, n)
	for begun := 0; begun < n; begun += publishAtOnce {
		commands := make([]uow.Command, min(n-begun, publishAtOnce))
		for i := range commands {
			offer := offer
			offer.Seller = sellers[(begun+i)%len(sellers)]
			commands[i].Run = func(ctx context.Context) (err error) {
				ids[begun+i], err = m.Publish(ctx, offer)
				return err
			}
		}
		if err := errors.Join(work.DoAll(ctx, commands)...); err != nil {
			return nil, fmt.Errorf("publish %d listings: %w", n, err)
		}
	}
	return ids, nil
}
