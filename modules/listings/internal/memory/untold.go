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

// Untold is the app.Untold.
type Untold struct{ store *Store }

var _ app.Untold = (*Untold)(nil)

// NewUntold returns what is untold in store.
func NewUntold(store *Store) *Untold { return &Untold{store} }

// EndingSoon returns the watches of which nothing was announced and whose listing ends until then. Errors: none.
func (u *Untold) EndingSoon(_ context.Context, now, until time.Time, limit int) ([]uuid.UUID, error) {
	var tasks []task
	for _, w := range u.store.allWatches(func(w domain.WatchState) bool { return w.Announced.IsZero() }) {
		l, err := u.store.state(w.Listing)
		if err != nil || l.Frozen || l.Phase().At(now) != domain.StatusOpen || l.EndsAt.After(until) {
			continue
		}
		tasks = append(tasks, task{at: l.EndsAt, listing: w.ID})
	}
	slices.SortFunc(tasks, func(a, b task) int { return cmp.Or(a.at.Compare(b.at), compareIDs(a.listing, b.listing)) })
	ids := make([]uuid.UUID, min(limit, len(tasks)))
	for i := range ids {
		ids[i] = tasks[i].listing
	}
	return ids, nil
}

// Tellings returns the listings whose bidders are still being told. Errors: none.
func (u *Untold) Tellings(_ context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	u.store.db.Read(func() {
		for id := range u.store.tellings.All() {
			if compareIDs(id, after) > 0 {
				ids = append(ids, id)
			}
		}
	})
	slices.SortFunc(ids, compareIDs)
	return ids[:min(limit, len(ids))], nil
}

// Telling returns how far the telling of a listing's end has got. Errors: domain.ErrRecordNotFound.
func (u *Untold) Telling(_ context.Context, listing uuid.UUID) (state domain.TellingState, err error) {
	err = domain.ErrRecordNotFound
	u.store.db.Read(func() {
		for id, telling := range u.store.tellings.All() {
			if id == listing {
				state, err = telling.State(), nil
			}
		}
	})
	return state, err
}

// Bidders is Roll.Bidders outside units of work. Errors: none.
func (u *Untold) Bidders(
	_ context.Context, listing, after uuid.UUID, limit int,
) (live []uuid.UUID, last uuid.UUID, err error) {
	live, last = bidders(u.store.log(listing), after, limit)
	return live, last, nil
}
