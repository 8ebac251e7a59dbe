package memory

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// errAddedMeanwhile makes the unit run again: it will find what was added meanwhile.
var errAddedMeanwhile = fmt.Errorf("%w: it is there already", uow.ErrConflict)

// Watches is the domain.Watches.
type Watches struct {
	*uow.Repository[*domain.Watch, domain.Event]
	store *Store
}

var _ domain.Watches = (*Watches)(nil)

// NewWatches returns the repository over store.
func NewWatches(store *Store) *Watches {
	return &Watches{uow.NewRepository("watches", store.watches, domain.ErrNotWatched, silent[*domain.Watch]), store}
}

// Forget deletes all watches of the member when the unit commits. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (w *Watches) Forget(ctx context.Context, member uuid.UUID) error {
	if _, err := w.store.db.Join(ctx); err != nil {
		return err
	}
	for _, s := range w.store.watchesOf(member) {
		if err := w.Remove(ctx, s.ID); err != nil && !errors.Is(err, domain.ErrNotWatched) {
			return err
		}
	}
	return nil
}

// NewWatchLists returns the repository over store.
func NewWatchLists(store *Store) domain.WatchLists {
	return uow.NewRepository("watch lists", store.watchLists, domain.ErrRecordNotFound, silent[*domain.WatchList])
}

// NewTellings returns the repository over store.
func NewTellings(store *Store) domain.Tellings {
	return uow.NewRepository("tellings", store.tellings, domain.ErrRecordNotFound, silent[*domain.Telling])
}

// silent publishes nothing.
func silent[A any](A, domain.Event) (events.Message, bool) { return events.Message{}, false }

// newSmall returns an empty collection of db.
func newSmall[A uow.Aggregate[A, domain.Event]](db *memory.Database) *memory.Collection[A, domain.Event] {
	return memory.NewCollection[A, domain.Event](db, errAddedMeanwhile)
}
