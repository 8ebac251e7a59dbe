package readcache

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// Watch returns the repository with the cache told, when a unit of work has committed and before its callers are, of each
// listing that was changed through it.
func (c *Cache) Watch(listings domain.Repository) domain.Repository {
	if c.AtMost <= 0 {
		return listings
	}
	return &watched{Repository: listings, cache: c}
}

type watched struct {
	domain.Repository
	cache *Cache
}

// Get returns the listing. Errors: as domain.Repository.
func (w *watched) Get(ctx context.Context, id uuid.UUID) (*domain.Listing, error) {
	listing, err := w.Repository.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return listing, w.note(ctx, listing)
}

// Add makes a new listing part of the unit. Errors: as domain.Repository.
func (w *watched) Add(ctx context.Context, listing *domain.Listing) error {
	if err := w.Repository.Add(ctx, listing); err != nil {
		return err
	}
	return w.note(ctx, listing)
}

// note remembers what the listing is before the command.
func (w *watched) note(ctx context.Context, listing *domain.Listing) error {
	t, err := uow.Join(ctx, w.cache, func(context.Context, bool) (*touches, error) { return &touches{cache: w.cache}, nil })
	if err != nil {
		return err
	}
	t.all = append(t.all, touch{listing: listing, before: stampOf(listing)})
	return nil
}

// touch is a copy of a listing that a command was given, and what it was then. When the command is over the copy is what it
// has made of it, with another version if that is what the unit stores.
type touch struct {
	listing *domain.Listing
	before  stamp
}

// touches are those of one unit of work. They are a resource of the unit only to hear how it ends.
type touches struct {
	cache *Cache
	all   []touch
}

var _ uow.Resource = (*touches)(nil)

// Prepare has nothing to refuse.
func (t *touches) Prepare(context.Context) error { return nil }

// Commit drops what is out of date now. What this server hears of it later is no news. Errors: none.
func (t *touches) Commit(context.Context) error {
	changes := t.changes()
	for _, touch := range t.all {
		if _, changed := changes[touch.listing.ID()]; changed {
			t.cache.echoes.expect(touch.listing)
		}
	}
	t.cache.changed(changes)
	return nil
}

// Rollback drops the same: perhaps nobody knows what became of the unit.
func (t *touches) Rollback() { t.cache.changed(t.changes()) }

// Durable reports false.
func (t *touches) Durable() bool { return false }

// Err reports that nothing broke.
func (t *touches) Err() error { return nil }

// changes returns what the unit's commands have made of the listings.
func (t *touches) changes() map[uuid.UUID]extent {
	changes := map[uuid.UUID]extent{}
	for _, touch := range t.all {
		if reach := touch.before.reach(stampOf(touch.listing)); reach != 0 {
			id := touch.listing.ID()
			changes[id] = max(changes[id], reach)
		}
	}
	return changes
}
