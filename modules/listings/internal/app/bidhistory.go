package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// BidHistory answers which bids were placed on a listing, as far as the viewer may know.
type BidHistory struct{ ledger Ledger }

// NewBidHistory returns the query.
func NewBidHistory(ledger Ledger) *BidHistory { return &BidHistory{ledger: ledger} }

// BidStanding says whether a bid counts.
type BidStanding string

// The standings of bids.
const (
	BidLive      BidStanding = "live"
	BidRetracted BidStanding = "retracted" // by the bidder
	BidCancelled BidStanding = "cancelled" // by the seller or a moderator
)

// BidRecord is one bid.
type BidRecord struct {
	// Seq is its position in the log, At when it was placed.
	Seq int64
	At  time.Time
	// Bidder is who bid, under the alias that he has on this listing.
	Bidder domain.Alias
	// BidderID is the member, for the seller, moderators and himself; zero for everybody else.
	BidderID uuid.UUID
	// Maximum is what he bid, where that is public or the viewer's own; zero otherwise.
	Maximum domain.Money
	// Price is the price after the bid.
	Price domain.Money
	// Standing says whether the bid counts.
	Standing BidStanding
	// RetractReason says why it was retracted.
	RetractReason domain.RetractReason
	// CancelReason says why it was cancelled, to the bidder, the seller and moderators, and to everybody once the listing
	// is over; empty otherwise.
	CancelReason string
}

// bidsList names the list in its cursors, which hold the seq of the last bid before the page and its listing.
const bidsList = "bids"

// bidKey is what a cursor holds: a cursor of one listing's bids must not continue another's.
type bidKey struct {
	Listing uuid.UUID `json:"listing"`
	Seq     int64     `json:"seq"`
}

// Page returns one page of the bids on a listing, the newest first.
//
// Errors: domain.ErrListingNotFound, also for another member's draft; page.ErrInvalidCursor; what the store reports.
func (q *BidHistory) Page(ctx context.Context, id uuid.UUID, viewer domain.Actor, request page.Request) (page.Of[BidRecord], error) {
	var none page.Of[BidRecord]
	last, resumed, err := page.Decode[bidKey](bidsList, request.Cursor)
	if err != nil {
		return none, err
	}
	if resumed && (last.Listing != id || last.Seq < 1) {
		return none, page.ErrInvalidCursor
	}
	state, err := q.ledger.State(ctx, id)
	if err != nil {
		return none, err
	}
	if err := domain.RestoreListing(state).VisibleTo(viewer.ID); err != nil {
		return none, err
	}
	bids, err := q.bids(ctx, state, last.Seq, request.Size()+1)
	if err != nil {
		return none, err
	}
	withdrawals, err := withdrawalsFrom(ctx, q.ledger, state)
	if err != nil {
		return none, err
	}
	shown := page.Cut(request, bids, func(e domain.Event) page.Cursor {
		return page.Encode(bidsList, bidKey{Listing: id, Seq: e.Seq})
	})
	view := bidView{state: state, disclosure: domain.NewDisclosure(state), viewer: viewer, withdrawals: withdrawals}
	return page.Map(shown, view.record), nil
}

// bids returns the newest bids before a seq; 0 is the end of the log as the state has it.
func (q *BidHistory) bids(ctx context.Context, state domain.State, before int64, limit int) ([]domain.Event, error) {
	if end := state.Head.Seq + 1; before == 0 || before > end {
		before = end
	}
	return q.ledger.Events(ctx, state.ID, EventRange{
		Before:     before,
		Kinds:      []domain.EventKind{domain.KindBidPlaced},
		Descending: true,
		Limit:      limit,
	})
}

// bidView is what a viewer may know of the bids on a listing.
type bidView struct {
	state       domain.State
	disclosure  domain.Disclosure
	viewer      domain.Actor
	withdrawals map[int64]domain.Event
}

func (v bidView) record(e domain.Event) BidRecord {
	withdrawal, withdrawn := v.withdrawals[e.Seq]
	record := BidRecord{
		Seq:      e.Seq,
		At:       e.At,
		Bidder:   e.Bidder,
		BidderID: shownTo(v.viewer, v.state.Seller, e.Sealed.Bidder),
		Maximum:  v.maximum(e, withdrawn),
		Price:    e.Currency.Money(e.After.Price),
		Standing: BidLive,
	}
	switch {
	case withdrawn && withdrawal.Kind == domain.KindBidsRetracted:
		record.Standing, record.RetractReason = BidRetracted, withdrawal.RetractReason
	case withdrawn:
		record.Standing, record.CancelReason = BidCancelled, v.reason(withdrawal)
	}
	return record
}

// maximum returns what was bid: to the bidder his own, to others what the public log opens.
func (v bidView) maximum(e domain.Event, withdrawn bool) domain.Money {
	public := v.disclosure.Publish(e, withdrawn).Opened.Maximum
	if public == nil && (v.viewer.ID == uuid.Nil || v.viewer.ID != e.Sealed.Bidder) {
		return e.Currency.Money(0)
	}
	return e.Currency.Money(e.Sealed.Maximum)
}

// reason returns why bids were cancelled, to those whom it concerns or once it is public.
func (v bidView) reason(cancellation domain.Event) string {
	public := v.disclosure.Publish(cancellation, false).Opened.Text
	if public == nil && shownTo(v.viewer, v.state.Seller, cancellation.Sealed.Bidder) == uuid.Nil {
		return ""
	}
	return cancellation.Sealed.Text
}
