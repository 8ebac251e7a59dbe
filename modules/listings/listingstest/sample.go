package listingstest

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Bids counts the bids of a log.
type Bids struct {
	// Accepted are all that the log has.
	Accepted int64
	// Leading are those after which another member led than before.
	Leading int64
}

// VerifySome is Verify for some of the listings. It also counts their bids. Errors: as Verify.
func (a Auditor) VerifySome(ctx context.Context, listings []uuid.UUID) (Verified, Bids, error) {
	sample := &sampled{Ledger: a.Ledger, listings: listings, leaders: map[uuid.UUID]uuid.UUID{}}
	found, err := app.NewVerifyLogs(sample).Do(ctx, app.VerifyLogsQuery{})
	for _, flaw := range found.Flaws {
		err = errors.Join(err, flaw)
	}
	if err == nil && found.Listings != int64(len(listings)) {
		err = fmt.Errorf("%d of %d logs were verified", found.Listings, len(listings))
	}
	return Verified{Listings: found.Listings, Events: found.Events}, sample.bids, err
}

// sampled is a ledger that has published only some listings, and counts the bids of which it is asked, in their order.
type sampled struct {
	app.Ledger
	listings []uuid.UUID
	bids     Bids
	leaders  map[uuid.UUID]uuid.UUID
}

// Published yields the sample. Errors: none.
func (s *sampled) Published(context.Context) iter.Seq2[uuid.UUID, error] {
	return func(yield func(uuid.UUID, error) bool) {
		for _, id := range s.listings {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// Events returns events of a log and counts the bids among them. Errors: as app.Ledger.
func (s *sampled) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	events, err := s.Ledger.Events(ctx, id, wanted)
	for _, e := range events {
		if e.Kind != domain.KindBidPlaced {
			continue
		}
		s.bids.Accepted++
		if e.Leading && e.Sealed.Bidder != s.leaders[id] {
			s.bids.Leading++
			s.leaders[id] = e.Sealed.Bidder
		}
	}
	return events, err
}
