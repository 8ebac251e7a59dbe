package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Winners are the app.Winners. They look at every listing, which is good enough for what fits into memory.
type Winners struct{ store *Store }

var _ app.Winners = (*Winners)(nil)

// NewWinners returns the winners of store.
func NewWinners(store *Store) *Winners { return &Winners{store} }

// Won returns what is sold, by end and id. Errors: none.
func (w *Winners) Won(_ context.Context, wanted app.WonRange, now time.Time) ([]app.Win, error) {
	var found []app.Win
	w.store.db.Read(func() {
		for _, listing := range w.store.listings.All() {
			state := listing.State()
			if state.Phase().At(now) != domain.StatusSold || !state.EndsAt.Before(wanted.Before) {
				continue
			}
			if win := w.store.win(state); compareWon(win.Key(), wanted.After) > 0 {
				found = append(found, win)
			}
		}
	})
	slices.SortFunc(found, func(a, b app.Win) int { return compareWon(a.Key(), b.Key()) })
	return found[:min(wanted.Limit, len(found))], nil
}

// win returns what is known of a listing that is sold. Call it inside Database.Read.
func (s *Store) win(state domain.State) app.Win {
	win := app.Win{
		Listing: state.ID, Title: state.Title, EndedAt: state.EndsAt, Seller: state.Seller, Winner: state.Winner,
		Price: state.Currency.Money(state.FinalPrice),
	}
	if win.Winner == uuid.Nil { // the close is not stored
		win.Winner, win.Price = state.Standing.Leader.Bidder, state.Currency.Money(state.Standing.Price)
	}
	if sale, opened := s.sales.Find(state.ID); opened {
		marks := sale.State()
		win.PaidAt, win.HandedOverAt, win.ReceivedAt = marks.PaidAt, marks.HandedOverAt, marks.ReceivedAt
	}
	return win
}

// compareWon says which of two keys comes first.
func compareWon(a, b app.WonKey) int {
	if order := a.At.Compare(b.At); order != 0 {
		return order
	}
	return compareIDs(a.ID, b.ID)
}
