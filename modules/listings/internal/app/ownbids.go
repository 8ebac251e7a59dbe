package app

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
)

// OwnBids answers where a member's own bids on a listing stand, to himself.
type OwnBids struct {
	ledger   Ledger
	dealings Dealings
	clock    clock.Clock
}

// NewOwnBids returns the query.
func NewOwnBids(ledger Ledger, dealings Dealings, c clock.Clock) *OwnBids {
	return &OwnBids{ledger: ledger, dealings: dealings, clock: c}
}

// OwnResult says where a member stands.
type OwnResult string

// The results.
const (
	OwnNone    OwnResult = "none" // no live bid
	OwnLeading OwnResult = "leading"
	OwnOutbid  OwnResult = "outbid"
	OwnWon     OwnResult = "won"
	OwnLost    OwnResult = "lost" // the listing is over
)

// OwnStanding is where a member's bids on a listing stand.
type OwnStanding struct {
	// Summary is the listing.
	Summary ListingSummary
	// Bidder is the alias that the member has, or would have, on this listing.
	Bidder domain.Alias
	// Result says how he stands.
	Result OwnResult
	// Maximum is his largest live maximum; zero without a live bid.
	Maximum domain.Money
	// LiveBids is how many of his bids count.
	LiveBids int
	// Excluded says that his bids were cancelled, so that he may not bid on this listing again.
	Excluded bool
}

// Of returns where the member stands on the listing. Errors: domain.ErrListingNotFound, also for another member's draft;
// what the store reports.
func (q *OwnBids) Of(ctx context.Context, id, member uuid.UUID) (OwnStanding, error) {
	state, err := q.ledger.State(ctx, id)
	if err != nil {
		return OwnStanding{}, err
	}
	if err := domain.RestoreListing(state).VisibleTo(member); err != nil {
		return OwnStanding{}, err
	}
	var events []domain.Event
	for e, err := range bidsOf(ctx, q.dealings, member, id) {
		if err != nil {
			return OwnStanding{}, err
		}
		events = append(events, e)
	}
	live, now := domain.LiveBids(events), q.clock.Now()
	own := OwnStanding{
		Summary:  SummaryOf(state, now),
		Bidder:   state.Secret.AliasOf(member),
		LiveBids: len(live),
		Maximum:  state.Currency.Money(0),
		Excluded: state.Excludes(member),
	}
	for _, b := range live {
		own.Maximum.Minor = max(own.Maximum.Minor, b.Max)
	}
	winner, _ := outcomeAt(state, now)
	own.Result = resultOf(own, winner == member, state.Standing.Leader.Bidder == member)
	return own, nil
}

func resultOf(own OwnStanding, won, leads bool) OwnResult {
	switch over := own.Summary.Status.Final(); {
	case won:
		return OwnWon
	case own.LiveBids == 0:
		return OwnNone
	case over:
		return OwnLost
	case leads:
		return OwnLeading
	default:
		return OwnOutbid
	}
}

// bidsOf yields what the logs say about a member's bids on a listing, or on all if it is zero, reading it in portions.
// Errors: what the store reports, once, as the last element.
func bidsOf(ctx context.Context, dealings Dealings, member, listing uuid.UUID) iter.Seq2[domain.Event, error] {
	return func(yield func(domain.Event, error) bool) {
		wanted := BidsRange{Listing: listing, Limit: portion}
		for {
			events, err := dealings.Bids(ctx, member, wanted)
			if err != nil {
				yield(domain.Event{}, err)
				return
			}
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
				wanted.AfterListing, wanted.AfterSeq = e.Listing, e.Seq
			}
			if len(events) < wanted.Limit {
				return
			}
		}
	}
}
