package readcache

import "github.com/gavelhq/gavel/modules/listings/internal/domain"

// NewBounded returns a cache that keeps at most so many listings and pages, and so much of each.
func NewBounded(p Parts, listings, listingsWeight, pages, pagesWeight int) *Cache {
	return newCache(p, limits{listings: listings, listingsWeight: listingsWeight, pages: pages, pagesWeight: pagesWeight})
}

// Kept is how much a Cache keeps.
type Kept struct {
	Listings, ListingsWeight, Pages, PagesWeight, Asking, Shown int
}

// Kept returns how much the cache keeps.
func (c *Cache) Kept() (k Kept) {
	var listings, pages int
	k.Listings, k.ListingsWeight, listings = c.listings.size()
	k.Pages, k.PagesWeight, pages = c.pages.size()
	k.Asking = listings + pages
	c.pages.mu.Lock()
	defer c.pages.mu.Unlock()
	k.Shown = len(c.pages.on) + len(c.pages.late)
	return k
}

// KeptStates returns everything that the cache keeps.
func (c *Cache) KeptStates() (all []domain.State) {
	c.listings.mu.Lock()
	for _, a := range c.listings.kept.Values() {
		all = append(all, a.value)
	}
	c.listings.mu.Unlock()
	c.pages.mu.Lock()
	defer c.pages.mu.Unlock()
	for _, a := range c.pages.kept.Values() {
		all = append(all, a.value.states.Items...)
	}
	return all
}
