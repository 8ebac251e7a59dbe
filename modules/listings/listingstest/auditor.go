package listingstest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Auditor looks behind the scenes, where no view leads: into the logs with their secrets. Get it from the graph:
// fx.Populate(&auditor).
type Auditor struct {
	fx.In

	Ledger app.Ledger
}

// Verified is how much an Auditor has verified.
type Verified struct{ Listings, Events int64 }

// Verify checks every chain, and that the rules make of each log the listing that is stored. Errors: each flaw, or what
// the store reports.
func (a Auditor) Verify(ctx context.Context) (Verified, error) {
	found, err := app.NewVerifyLogs(a.Ledger).Do(ctx, app.VerifyLogsQuery{})
	for _, flaw := range found.Flaws {
		err = errors.Join(err, flaw)
	}
	return Verified{Listings: found.Listings, Events: found.Events}, err
}

// Logged checks that acknowledged bids are in the logs, each at the seq that was told. Errors: one for each that is not,
// or what the store reports.
func (a Auditor) Logged(ctx context.Context, bids []Outcome) error {
	logs := map[uuid.UUID][]domain.Event{}
	var missing error
	for _, bid := range bids {
		log, read := logs[bid.Listing]
		if !read {
			var err error
			if log, err = a.Ledger.Events(ctx, bid.Listing, app.EventRange{}); err != nil {
				return err
			}
			logs[bid.Listing] = log
		}
		if !holds(log, bid) {
			missing = errors.Join(missing, fmt.Errorf("bid %s was acknowledged as event %d of %s, which it is not", bid.Key, bid.Seq, bid.Listing))
		}
	}
	return missing
}

// holds reports whether a whole log has the bid where it should be.
func holds(log []domain.Event, bid Outcome) bool {
	if bid.Seq < 1 || bid.Seq > int64(len(log)) {
		return false
	}
	e := log[bid.Seq-1]
	return e.Seq == bid.Seq && e.Kind == domain.KindBidPlaced && e.Sealed.Bidder == bid.Bidder && e.Sealed.Maximum == bid.Cents
}

// Closed returns the listings that have closed. It checks that each did so once, at its end, and that nothing happened
// to it afterwards. Errors: one for each of which that is not true, or what the store reports.
func (a Auditor) Closed(ctx context.Context) ([]uuid.UUID, error) {
	var closed []uuid.UUID
	var wrong error
	for id, err := range a.Ledger.Published(ctx) {
		if err != nil {
			return nil, err
		}
		log, err := a.Ledger.Events(ctx, id, app.EventRange{})
		if err != nil {
			return nil, err
		}
		for i, e := range log {
			if e.Kind != domain.KindClosed {
				continue
			}
			closed = append(closed, id)
			if i != len(log)-1 || !e.At.Equal(e.After.EndsAt) {
				wrong = errors.Join(wrong, fmt.Errorf("listing %s closed with event %d of %d, at %s instead of %s", id, e.Seq, len(log), e.At, e.After.EndsAt))
			}
		}
	}
	return closed, wrong
}

// Overdue returns the listings that are not closed although their end has come by the instant now. Errors: what the
// store reports.
func (a Auditor) Overdue(ctx context.Context, now time.Time) ([]uuid.UUID, error) {
	var overdue []uuid.UUID
	for id, err := range a.Ledger.Published(ctx) {
		if err != nil {
			return nil, err
		}
		state, err := a.Ledger.State(ctx, id)
		if err != nil {
			return nil, err
		}
		if !state.Status.Ended() && !state.EndsAt.After(now) {
			overdue = append(overdue, id)
		}
	}
	return overdue, nil
}
