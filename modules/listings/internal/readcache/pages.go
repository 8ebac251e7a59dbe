package readcache

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// sheet is the first page of a list.
type sheet struct {
	states page.Of[domain.State]
	// at is the instant for which it was read.
	at time.Time
	// timed says that the clock decides what is on it; then it holds until the next instant, if there is one, at which the
	// clock changes the status of any listing.
	timed bool
	until time.Time
}

// holdsAt reports whether the list has the same listings at the instant, which is not before that of the reading.
func (s sheet) holdsAt(now time.Time) bool {
	return !s.timed || s.until.IsZero() || now.Before(s.until)
}

// keepsPage reports whether the list is the same for everybody who asks for it, and one that many ask for. Who names an instant
// names another one each time.
func keepsPage(f app.Filter, viewer domain.Actor, request page.Request) bool {
	own := viewer.ID != uuid.Nil && f.Seller == viewer.ID
	return request.Cursor == "" && !own && f.EndsAfter.IsZero() && f.EndsBefore.IsZero()
}

// question names the first page of a list: two with the same name have the same listings.
type question struct {
	seller                    uuid.UUID
	statuses, words, currency string
	buyNow                    bool
	sort                      app.Sort
	size                      int
}

func questionOf(f app.Filter, request page.Request) question {
	statuses := slices.Compact(slices.Sorted(slices.Values(f.Statuses)))
	q := question{seller: f.Seller, words: f.Words, currency: f.Currency, buyNow: f.BuyNow, sort: f.Sort, size: request.Size()}
	if q.sort == "" {
		q.sort = app.SortEndingSoon
	}
	if len(statuses) > 0 {
		q.statuses = fmt.Sprint(statuses)
	}
	return q
}

// pages keeps sheets, and knows which listings are on them.
type pages struct {
	*desk[question, sheet]
	on   map[uuid.UUID]map[question]struct{} // where a listing is shown
	late map[question]struct{}               // those ordered by the latest end
}

func newPages(most limits, atMost time.Duration, elapsed func() time.Duration) *pages {
	p := &pages{on: map[uuid.UUID]map[question]struct{}{}, late: map[question]struct{}{}}
	p.desk = newDesk[question](most.pages, most.pagesWeight, atMost, elapsed, func(s sheet) int {
		weight := stateWeight
		for _, state := range s.states.Items {
			weight += weightOf(state)
		}
		return weight
	})
	p.added, p.gone = p.hang, p.takeDown
	return p
}

func (p *pages) hang(q question, s sheet) {
	for _, state := range s.states.Items {
		at := p.on[state.ID]
		if at == nil {
			at = map[question]struct{}{}
			p.on[state.ID] = at
		}
		at[q] = struct{}{}
	}
	if q.sort == app.SortEndedLast {
		p.late[q] = struct{}{}
	}
}

func (p *pages) takeDown(q question, s sheet) {
	for _, state := range s.states.Items {
		if at := p.on[state.ID]; at != nil {
			delete(at, q)
			if len(at) == 0 {
				delete(p.on, state.ID)
			}
		}
	}
	delete(p.late, q)
}

// sheet returns the first page of a list, and false where the clock has moved past what it was read for.
func (c *Cache) sheet(
	ctx context.Context, filter app.Filter, request page.Request, exact bool, now time.Time,
) (sheet, bool, error) {
	q := questionOf(filter, request)
	if !exact {
		if s, ok := c.pages.found(q); ok && !now.Before(s.at) && s.holdsAt(now) {
			return s, true, nil
		}
	}
	ours := false // was it read for us?
	read := func(ctx context.Context) (sheet, error) {
		ours = true
		return c.readSheet(ctx, filter, request, now)
	}
	fits := func(s sheet, touched []uuid.UUID) bool {
		return s.holdsAt(s.at) && !slices.ContainsFunc(s.states.Items, func(state domain.State) bool {
			return slices.Contains(touched, state.ID)
		})
	}
	s, err := c.pages.ask(ctx, q, exact, read, fits)
	return s, err == nil && (ours || s.holdsAt(now)), err
}

// readSheet reads the first page of a list as everybody sees it. When the clock will change a status is asked before: what is
// published in between is known here as a change, and elsewhere in time.
func (c *Cache) readSheet(ctx context.Context, filter app.Filter, request page.Request, now time.Time) (sheet, error) {
	s := sheet{at: now, timed: len(filter.Statuses) > 0 || filter.BuyNow}
	if s.timed {
		next, ok, err := c.Schedule.Next(ctx)
		if err != nil {
			return sheet{}, err
		}
		if ok {
			s.until = next
		}
	}
	var err error
	if s.states, err = c.Showcase.States(ctx, filter, domain.Actor{}, request, now); err != nil {
		return sheet{}, err
	}
	for i, state := range s.states.Items {
		s.states.Items[i] = app.Shown(state)
	}
	return s, nil
}
