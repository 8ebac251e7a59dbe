package listingstest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
)

// Trader puts load on a program: listings, and members who bid on them without a pause, each bid under a key of its own.
// Get it from the graph: fx.Populate(&trader).
//
// What it does follows from the seed: which lots there are, and, for each worker, who bids on which of them and by how
// much he raises. With one worker that is every bid; the amounts of several depend on who of them comes first.
type Trader struct {
	fx.In

	Market Market
	// Clock is that of the program; workers pause on it.
	Clock clock.Clock
}

// Lots are listings to be put on the market at once.
type Lots struct {
	// Seed makes their ids; the same lots cannot be published twice.
	Seed uint64
	// Count is how many there are.
	Count int
	// Duration is from now to their end.
	Duration time.Duration
}

// Publish puts the lots on the market and returns their ids. Errors: those of the use cases.
func (t Trader) Publish(ctx context.Context, lots Lots) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, lots.Count)
	for i := range ids {
		name := fmt.Sprintf("lot %d of %d, for %s", i, lots.Seed, lots.Duration)
		ids[i] = named(name)
		_, err := t.Market.CreateDraft.Do(ctx, app.CreateDraftCommand{
			ID:       ids[i],
			Seller:   named("seller"),
			Currency: houseCurrency,
			Content:  domain.Content{Title: name, StartPrice: amount("1"), Duration: lots.Duration},
		})
		if err != nil {
			return nil, err
		}
		err = t.Market.PublishListing.Do(ctx, app.PublishListingCommand{Listing: ids[i], By: domain.Actor{ID: named("seller")}})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// Order is a bid that a member wants to place. To place the same order again is to repeat the same command.
type Order struct {
	// Listing is bid on by Bidder.
	Listing uuid.UUID `json:"listing"`
	Bidder  uuid.UUID `json:"bidder"`
	// Cents is the most that he would pay, in cents.
	Cents int64 `json:"cents"`
	// Key is the idempotency key.
	Key string `json:"key"`
}

// Outcome is what became of one attempt to place an order.
type Outcome struct {
	Order
	// Seq is where the bid stands in the log, once it is acknowledged; else 0.
	Seq int64 `json:"seq"`
	// Refused is the code of the rule that the bid breaks.
	Refused string `json:"refused,omitempty"`
	// Failed is the code of an error that says nothing about the bid: it may have been accepted or not.
	Failed string `json:"failed,omitempty"`

	next int64 // the next minimum that the answer told, in cents
}

// Place places the order once.
func (t Trader) Place(ctx context.Context, o Order) Outcome {
	answer, err := t.Market.PlaceBid.Do(ctx, app.PlaceBidCommand{
		Listing: o.Listing, Bidder: o.Bidder, Maximum: amount(dollars(o.Cents)), Key: app.Key(o.Key),
	})
	outcome := Outcome{Order: o, Seq: answer.Seq, next: answer.NextMinimum.Minor}
	switch fault.KindOf(err) {
	case "":
	case fault.Unavailable, fault.Internal:
		outcome.Failed = failure(err)
	default:
		outcome.Refused, outcome.next = fault.CodeOf(err), nextMinimum(err)
	}
	return outcome
}

// Load is how much is bid on what.
type Load struct {
	// Seed decides who bids what. The keys hold it, too: a seed is used once per store.
	Seed uint64
	// Workers bid at the same time; Bidders is how many members they bid for.
	Workers, Bidders int
	// Listings are bid on.
	Listings []uuid.UUID
}

// retryPause is how long a worker waits before it repeats a bid of which it does not know what became.
const retryPause = 10 * time.Millisecond

// Trade bids until ctx ends, and returns when every worker has stopped. A bid whose attempt failed is repeated with the
// same key until it is accepted or refused. report is called by the workers, several at a time, with what became of
// each attempt, after the use case has returned.
func (t Trader) Trade(ctx context.Context, load Load, report func(Outcome)) {
	var workers sync.WaitGroup
	for n := range load.Workers {
		workers.Go(func() {
			for w := newWorker(load, n); ctx.Err() == nil; {
				w.learn(t.settle(ctx, w.next(), report))
			}
		})
	}
	workers.Wait()
}

// settle places an order until it is known what became of it.
func (t Trader) settle(ctx context.Context, o Order, report func(Outcome)) Outcome {
	for {
		outcome := t.Place(ctx, o)
		if ctx.Err() != nil && outcome.Failed != "" {
			return outcome // the end of the load is no failure
		}
		report(outcome)
		if outcome.Failed == "" {
			return outcome
		}
		if !t.pause(ctx) {
			return outcome
		}
	}
}

// pause waits before a repetition, and reports whether it is still wanted then.
func (t Trader) pause(ctx context.Context) bool {
	timer := t.Clock.NewTimer(retryPause)
	defer timer.Stop()
	select {
	case <-timer.C():
		return true
	case <-ctx.Done():
		return false
	}
}
