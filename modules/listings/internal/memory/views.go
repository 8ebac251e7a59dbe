package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/words"
)

// Views is the app.Views. It looks at every listing for every list, which is good enough for what fits into memory.
type Views struct{ store *Store }

var (
	_ app.Views    = (*Views)(nil)
	_ app.Showcase = (*Views)(nil)
)

// NewViews returns the views of store.
func NewViews(store *Store) *Views { return &Views{store} }

// Listing returns one listing as viewer may see it. Errors: domain.ErrListingNotFound.
func (v *Views) Listing(_ context.Context, id uuid.UUID, viewer domain.Actor, now time.Time) (app.ListingRecord, error) {
	state, err := v.store.state(id)
	if err != nil {
		return app.ListingRecord{}, err
	}
	return app.RecordOf(state, viewer, now)
}

// State returns the listing as it is stored. Errors: domain.ErrListingNotFound.
func (v *Views) State(_ context.Context, id uuid.UUID) (domain.State, error) {
	state, err := v.store.state(id)
	return app.Shown(state), err
}

// Shared reports that nobody else has this memory.
func (v *Views) Shared() bool { return false }

// Listings returns one page of the listings that match the filter. Errors: page.ErrInvalidCursor.
func (v *Views) Listings(
	ctx context.Context, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (page.Of[app.ListingSummary], error) {
	states, err := v.States(ctx, filter, viewer, request, now)
	return page.Map(states, func(s domain.State) app.ListingSummary { return app.SummaryOf(s, now) }), err
}

// States returns the listings of the page. Errors: page.ErrInvalidCursor.
func (v *Views) States(
	_ context.Context, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (page.Of[domain.State], error) {
	order := cmp.Or(filter.Sort, app.SortEndingSoon)
	list := "listings/" + string(order)
	after, resumed, err := page.Decode[app.ListingKey](list, request.Cursor)
	if err != nil {
		return page.Of[domain.State]{}, err
	}
	matches := v.matches(newCondition(filter, viewer, now))
	if resumed {
		matches = slices.DeleteFunc(matches, func(m match) bool { return compareKeys(order, m.summary.Key(order), after) <= 0 })
	}
	slices.SortFunc(matches, func(a, b match) int { return compareKeys(order, a.summary.Key(order), b.summary.Key(order)) })
	found := page.Cut(request, matches, func(m match) page.Cursor { return page.Encode(list, m.summary.Key(order)) })
	return page.Map(found, func(m match) domain.State { return app.Shown(m.state) }), nil
}

// match is a listing that belongs to a list.
type match struct {
	state   domain.State
	summary app.ListingSummary
}

func (v *Views) matches(c condition) []match {
	var matches []match
	v.store.db.Read(func() {
		for id, listing := range v.store.listings.All() {
			state := listing.State()
			if summary := app.SummaryOf(state, c.now); c.holds(state, summary, v.store.words[id]) {
				matches = append(matches, match{state: state, summary: summary})
			}
		}
	})
	return matches
}

// condition is a filter with all that it depends on.
type condition struct {
	app.Filter
	viewer domain.Actor
	now    time.Time
	words  []string
}

func newCondition(filter app.Filter, viewer domain.Actor, now time.Time) condition {
	return condition{Filter: filter, viewer: viewer, now: now, words: words.OfQuery(filter.Words)}
}

// holds tells whether the listing belongs to the list. The words are the listing's.
func (c condition) holds(state domain.State, s app.ListingSummary, words []string) bool {
	switch {
	case s.Status == domain.StatusDraft && !c.ownDrafts():
	case c.Seller != uuid.Nil && s.Seller != c.Seller:
	case len(c.Statuses) > 0 && !slices.Contains(c.Statuses, s.Status):
	case c.Currency != "" && state.Currency.Code != c.Currency:
	case !c.EndsAfter.IsZero() && !s.EndsAt.After(c.EndsAfter): // a draft's end is before every instant
	case !c.EndsBefore.IsZero() && (s.EndsAt.IsZero() || !s.EndsAt.Before(c.EndsBefore)):
	case c.BuyNow && s.BuyNow.Minor == 0:
	default:
		return containsAll(words, c.words)
	}
	return false
}

// ownDrafts tells whether the filter asks for the viewer's own listings.
func (c condition) ownDrafts() bool { return c.viewer.ID != uuid.Nil && c.Seller == c.viewer.ID }

// containsAll tells whether each of the wanted words begins one of the words, which are sorted.
func containsAll(words, wanted []string) bool {
	for _, w := range wanted {
		i, _ := slices.BinarySearch(words, w)
		if i == len(words) || !strings.HasPrefix(words[i], w) {
			return false
		}
	}
	return true
}

// compareKeys says which of two keys comes first in a list with that order.
func compareKeys(order app.Sort, a, b app.ListingKey) int {
	rising := cmp.Or(cmp.Compare(a.At, b.At), compareIDs(a.ID, b.ID))
	if order == app.SortEndingSoon {
		return rising
	}
	return -rising
}
