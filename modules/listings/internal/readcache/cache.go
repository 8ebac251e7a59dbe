// Package readcache answers reads of hot listings and first pages without a query each. It stands before the app.Views of any
// store, as another app.Views.
//
// It keeps states, not answers: what depends on the instant or on who asks is made of them at each read. A state is kept for
// Parts.AtMost at most, and dropped when this server commits something about the listing, before whoever did so is answered
// (see Watch), or hears that another one has (see Heard). docs/adr/0037 says what that promises to whom.
package readcache

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// limits are how much is kept: how many answers, and what they weigh. A state weighs what its texts take, and about 1 KiB.
type limits struct {
	listings, listingsWeight int
	pages, pagesWeight       int
}

var usual = limits{listings: 10_000, listingsWeight: 32 << 20, pages: 256, pagesWeight: 16 << 20}

const stateWeight = 1 << 10

// Parts are what a Cache works with.
type Parts struct {
	// Views answers what is not kept, Showcase what is. They have the same store behind them.
	Views    app.Views
	Showcase app.Showcase
	// Schedule tells when the clock changes the next status.
	Schedule app.Schedule
	// AtMost is how old what a read is answered with can be at most, when another server has changed it; 0 turns the cache off.
	AtMost time.Duration
	// Elapsed is the time since some instant, which nobody sets back. By itself the process's own.
	Elapsed func() time.Duration
}

// Cache is an app.Views. It is safe for concurrent use and has nothing to stop.
type Cache struct {
	Parts
	shared   bool
	listings *desk[uuid.UUID, domain.State]
	pages    *pages
	echoes   *echoes
}

var _ app.Views = (*Cache)(nil)

// New returns a cache that keeps nothing yet.
func New(p Parts) *Cache { return newCache(p, usual) }

func newCache(p Parts, most limits) *Cache {
	if p.Elapsed == nil {
		begun := time.Now()                                           //nolint:forbidigo // what is measured is age, which no clock that is set back may stretch
		p.Elapsed = func() time.Duration { return time.Since(begun) } //nolint:forbidigo // the same
	}
	return &Cache{
		Parts:    p,
		shared:   p.Showcase.Shared(),
		listings: newDesk[uuid.UUID](most.listings, most.listingsWeight, p.AtMost, p.Elapsed, weightOf),
		pages:    newPages(most, p.AtMost, p.Elapsed),
		echoes:   newEchoes(),
	}
}

// weightOf is about how many bytes a state takes.
func weightOf(s domain.State) int {
	weight := stateWeight + len(s.Title) + len(s.Description)
	for _, a := range s.Additions {
		weight += len(a.Text)
	}
	return weight
}

// exact reports whether the viewer must be told nothing that was read before he asked: he may have done something on another
// server just now. Where there is none, what is kept is as good, for then all that he did was heard of here.
func (c *Cache) exact(viewer domain.Actor) bool { return c.shared && viewer.ID != uuid.Nil }

// Listing returns one listing as viewer may see it at the instant now. Errors: as app.Views; the context's while it waits for
// a query of somebody else's.
func (c *Cache) Listing(ctx context.Context, id uuid.UUID, viewer domain.Actor, now time.Time) (app.ListingRecord, error) {
	if c.AtMost <= 0 {
		return c.Views.Listing(ctx, id, viewer, now)
	}
	state, err := c.state(ctx, id, c.exact(viewer))
	switch {
	case err != nil:
		return app.ListingRecord{}, err
	case state.Status == domain.StatusDraft && state.Seller == viewer.ID:
		return c.Views.Listing(ctx, id, viewer, now) // with its reserve, which is never kept
	}
	return app.RecordOf(state, viewer, now)
}

func (c *Cache) state(ctx context.Context, id uuid.UUID, exact bool) (domain.State, error) {
	if !exact {
		if state, ok := c.listings.found(id); ok {
			return state, nil
		}
	}
	read := func(ctx context.Context) (domain.State, error) {
		state, err := c.Showcase.State(ctx, id)
		return app.Shown(state), err
	}
	return c.listings.ask(ctx, id, exact, read, keepsState)
}

// keepsState reports whether a state may be kept. A draft may not: it is its seller's, who reads it once.
func keepsState(s domain.State, touched []uuid.UUID) bool {
	return s.Status != domain.StatusDraft && len(touched) == 0
}

// Listings returns one page of the listings that match the filter. What is kept is the first page of a list that is the same
// for everybody. Errors: as Listing.
func (c *Cache) Listings(
	ctx context.Context, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (page.Of[app.ListingSummary], error) {
	if c.AtMost <= 0 || !keepsPage(filter, viewer, request) {
		return c.Views.Listings(ctx, filter, viewer, request, now)
	}
	sheet, ok, err := c.sheet(ctx, filter, request, c.exact(viewer), now)
	switch {
	case err != nil:
		return page.Of[app.ListingSummary]{}, err
	case !ok:
		return c.Views.Listings(ctx, filter, viewer, request, now)
	}
	at := now
	if at.Before(sheet.at) {
		at = sheet.at // it was read for somebody who asked after us and before we are answered
	}
	return page.Map(sheet.states, func(s domain.State) app.ListingSummary { return app.SummaryOf(s, at) }), nil
}
