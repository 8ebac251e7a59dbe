package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// WatchViews are the app.WatchViews. They look at every watch, which is good enough for what fits into memory.
type WatchViews struct{ store *Store }

var _ app.WatchViews = (*WatchViews)(nil)

// NewWatchViews returns the views of store.
func NewWatchViews(store *Store) *WatchViews { return &WatchViews{store} }

// Watched returns one page of the listings that the member watches. Errors: page.ErrInvalidCursor.
func (v *WatchViews) Watched(
	_ context.Context, member uuid.UUID, filter app.WatchFilter, request page.Request, now time.Time,
) (page.Of[app.WatchedListing], error) {
	order := filter.Order()
	after, resumed, err := page.Decode[app.ListingKey](filter.List(), request.Cursor)
	if err != nil {
		return page.Of[app.WatchedListing]{}, err
	}
	matches := slices.DeleteFunc(v.watched(member, now), func(w app.WatchedListing) bool {
		return !filter.Keeps(w.Status) || resumed && compareKeys(order, w.Key(order), after) <= 0
	})
	slices.SortFunc(matches, func(a, b app.WatchedListing) int { return compareKeys(order, a.Key(order), b.Key(order)) })
	next := func(w app.WatchedListing) page.Cursor { return page.Encode(filter.List(), w.Key(order)) }
	return page.Cut(request, matches, next), nil
}

func (v *WatchViews) watched(member uuid.UUID, now time.Time) []app.WatchedListing {
	var all []app.WatchedListing
	for _, w := range v.store.watchesOf(member) {
		if state, err := v.store.state(w.Listing); err == nil {
			all = append(all, app.WatchedListing{ListingSummary: app.SummaryOf(state, now), Since: w.Since})
		}
	}
	return all
}

// Since returns since when the member watches the listing. Errors: domain.ErrNotWatched.
func (v *WatchViews) Since(_ context.Context, member, listing uuid.UUID) (time.Time, error) {
	for _, w := range v.store.watchesOf(member) {
		if w.Listing == listing {
			return w.Since, nil
		}
	}
	return time.Time{}, domain.ErrNotWatched
}

// Watches returns the member's watches by listing. Errors: none.
func (v *WatchViews) Watches(_ context.Context, member, after uuid.UUID, limit int) ([]domain.WatchState, error) {
	found := slices.DeleteFunc(v.store.watchesOf(member), func(w domain.WatchState) bool {
		return compareIDs(w.Listing, after) <= 0
	})
	return found[:min(limit, len(found))], nil
}

// watchesOf returns all watches of the member by listing.
func (s *Store) watchesOf(member uuid.UUID) []domain.WatchState {
	found := s.allWatches(func(w domain.WatchState) bool { return w.Member == member })
	slices.SortFunc(found, func(a, b domain.WatchState) int { return compareIDs(a.Listing, b.Listing) })
	return found
}

// allWatches returns the watches for which the condition holds, in no order.
func (s *Store) allWatches(holds func(domain.WatchState) bool) []domain.WatchState {
	var found []domain.WatchState
	s.db.Read(func() {
		for _, watch := range s.watches.All() {
			if state := watch.State(); holds(state) {
				found = append(found, state)
			}
		}
	})
	return found
}
