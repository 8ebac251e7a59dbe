package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Dealings are the app.Dealings. They look at every listing, which is good enough for what fits into memory.
type Dealings struct{ store *Store }

var _ app.Dealings = (*Dealings)(nil)

// NewDealings returns the dealings of store.
func NewDealings(store *Store) *Dealings { return &Dealings{store} }

// Running returns the listings that are not over and that the member sells or has a live bid on. Errors: none.
func (d *Dealings) Running(_ context.Context, member uuid.UUID, now time.Time, limit int) ([]app.Dealing, error) {
	var sells, bids []app.Dealing
	m := d.store.moment()
	for id, listing := range m.listings {
		state := listing.State()
		dealing := app.Dealing{Listing: id, Title: state.Title}
		switch status := state.Phase().At(now); {
		case status != domain.StatusScheduled && status != domain.StatusOpen:
		case state.Seller == member:
			dealing.Part = app.PartSeller
			sells = append(sells, dealing)
		case state.Standing.Leader.Bidder == member:
			dealing.Part = app.PartLeader
			bids = append(bids, dealing)
		case hasLiveBid(m.logs[id], member):
			dealing.Part = app.PartBidder
			bids = append(bids, dealing)
		}
	}
	byID := func(a, b app.Dealing) int { return compareIDs(a.Listing, b.Listing) }
	slices.SortFunc(sells, byID)
	slices.SortFunc(bids, byID)
	all := slices.Concat(sells, bids)
	return all[:min(limit, len(all))], nil
}

// Owing returns the listings that are sold and not marked paid for good, and that the member has bought or sold. Errors: none.
func (d *Dealings) Owing(_ context.Context, member uuid.UUID, now time.Time, limit int) ([]app.Dealing, error) {
	var bought, sold []app.Dealing
	d.store.db.Read(func() {
		for id, listing := range d.store.listings.All() {
			state := listing.State()
			paid, over := d.store.paid(id, now)
			if state.Phase().At(now) != domain.StatusSold || paid && !over {
				continue
			}
			winner := state.Winner
			if winner == uuid.Nil { // the close is not stored
				winner = state.Standing.Leader.Bidder
			}
			switch member {
			case winner:
				bought = append(bought, app.Dealing{Listing: id, Title: state.Title, Part: app.PartOwes, Over: over})
			case state.Seller:
				sold = append(sold, app.Dealing{Listing: id, Title: state.Title, Part: app.PartOwed, Over: over})
			}
		}
	})
	byID := func(a, b app.Dealing) int { return compareIDs(a.Listing, b.Listing) }
	slices.SortFunc(bought, byID)
	slices.SortFunc(sold, byID)
	all := slices.Concat(bought, sold)
	slices.SortStableFunc(all, func(a, b app.Dealing) int {
		switch {
		case a.Over == b.Over:
			return 0
		case b.Over:
			return -1
		default:
			return 1
		}
	})
	return all[:min(limit, len(all))], nil
}

// paid tells whether the sale of the listing is marked paid, and whether that can be taken back at the instant now. Call it
// inside Database.Read.
func (s *Store) paid(listing uuid.UUID, now time.Time) (paid, unmarkable bool) {
	sale, opened := s.sales.Find(listing)
	if !opened {
		return false, false
	}
	return !sale.State().PaidAt.IsZero(), sale.State().Unmarkable(now)
}

func hasLiveBid(log []domain.Event, member uuid.UUID) bool {
	return slices.ContainsFunc(domain.LiveBids(log), func(b domain.LiveBid) bool { return b.Bidder == member })
}

// Sold returns the listings of a seller as stored. Errors: none.
func (d *Dealings) Sold(_ context.Context, seller, after uuid.UUID, limit int) ([]domain.State, error) {
	var found []domain.State
	for id, listing := range d.store.moment().listings {
		if state := listing.State(); state.Seller == seller && compareIDs(id, after) > 0 {
			found = append(found, state)
		}
	}
	slices.SortFunc(found, func(a, b domain.State) int { return compareIDs(a.ID, b.ID) })
	return found[:min(limit, len(found))], nil
}

// Bids returns what the logs say about the bids of a member. Errors: none.
func (d *Dealings) Bids(_ context.Context, bidder uuid.UUID, wanted app.BidsRange) ([]domain.Event, error) {
	var found []domain.Event
	for id, log := range d.store.moment().logs {
		if wanted.Listing != uuid.Nil && id != wanted.Listing {
			continue
		}
		for _, e := range log {
			if e.Sealed.Bidder == bidder && comparePositions(e, wanted) > 0 {
				found = append(found, e)
			}
		}
	}
	slices.SortFunc(found, func(a, b domain.Event) int {
		return cmp.Or(compareIDs(a.Listing, b.Listing), cmp.Compare(a.Seq, b.Seq))
	})
	found = found[:min(wanted.Limit, len(found))]
	for i, e := range found {
		found[i] = copied(e)
	}
	return found, nil
}

// comparePositions says whether an event stands before or behind the position after which events are wanted.
func comparePositions(e domain.Event, wanted app.BidsRange) int {
	return cmp.Or(compareIDs(e.Listing, wanted.AfterListing), cmp.Compare(e.Seq, wanted.AfterSeq))
}
