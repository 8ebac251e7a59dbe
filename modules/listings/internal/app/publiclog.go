package app

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// portion is how many events a query reads at once: enough that the reading costs little, few enough to be kept in
// memory for every reader.
const portion = 500

// PublicLog answers what anybody may see of a listing's log, from which everybody can check it.
type PublicLog struct{ ledger Ledger }

// NewPublicLog returns the query.
func NewPublicLog(ledger Ledger) *PublicLog { return &PublicLog{ledger: ledger} }

// PublishedLog is a listing's public log.
type PublishedLog struct {
	// Listing is whose log it is.
	Listing uuid.UUID
	// Currency is that of all amounts in it.
	Currency domain.Currency
	// Head is where it ends.
	Head domain.Head
	// Events yields the events up to the head, reading them in portions, with the context that Of was given. Errors: what
	// the store reports, once, as the last element.
	Events iter.Seq2[domain.PublicEvent, error]
}

// Of returns the public log of the listing as it is stored now. What it discloses depends on what the log itself says,
// not on the time: losing amounts open with the entry that ends the listing, since until then a bid that was in time may
// still move the end.
//
// It holds no lock and no snapshot while somebody reads slowly: up to its head a log does not change.
//
// Errors: domain.ErrListingNotFound, also for drafts, which have no log; what the store reports.
func (q *PublicLog) Of(ctx context.Context, id uuid.UUID) (PublishedLog, error) {
	state, err := q.ledger.State(ctx, id)
	if err != nil {
		return PublishedLog{}, err
	}
	if state.Head.Seq == 0 {
		return PublishedLog{}, domain.ErrListingNotFound
	}
	withdrawals, err := withdrawalsFrom(ctx, q.ledger, state)
	if err != nil {
		return PublishedLog{}, err
	}
	return PublishedLog{
		Listing:  state.ID,
		Currency: state.Currency,
		Head:     state.Head,
		Events:   q.events(ctx, state, withdrawals),
	}, nil
}

func (q *PublicLog) events(
	ctx context.Context, state domain.State, withdrawals map[int64]domain.Event,
) iter.Seq2[domain.PublicEvent, error] {
	disclosure := domain.NewDisclosure(state)
	return func(yield func(domain.PublicEvent, error) bool) {
		wanted := EventRange{Before: state.Head.Seq + 1, Limit: portion}
		for wanted.After < state.Head.Seq {
			events, err := q.ledger.Events(ctx, state.ID, wanted)
			if err != nil {
				yield(domain.PublicEvent{}, err)
				return
			}
			if len(events) == 0 {
				return // a log with a hole at its end; whoever checks it against the head finds out
			}
			for _, e := range events {
				_, withdrawn := withdrawals[e.Seq]
				if !yield(disclosure.Publish(e, withdrawn), nil) {
					return
				}
			}
			wanted.After = events[len(events)-1].Seq
		}
	}
}

// withdrawalsFrom returns, by the seq of the bid, the events that retract or cancel bids on a listing in that state.
// Errors: what the store reports.
func withdrawalsFrom(ctx context.Context, ledger Ledger, state domain.State) (map[int64]domain.Event, error) {
	events, err := ledger.Events(ctx, state.ID, EventRange{
		Before: state.Head.Seq + 1,
		Kinds:  []domain.EventKind{domain.KindBidsRetracted, domain.KindBidsCancelled},
	})
	if err != nil {
		return nil, err
	}
	withdrawals := map[int64]domain.Event{}
	for _, e := range events {
		for _, seq := range e.Withdrawn {
			withdrawals[seq] = e
		}
	}
	return withdrawals, nil
}
