package memory

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// Listings is the domain.Repository. Get, Peek, Add, Remove and Loads are the unit of work's.
type Listings struct {
	*uow.Repository[*domain.Listing, domain.Event]
	store *Store
}

var _ domain.Repository = (*Listings)(nil)

// NewListings returns the repository over store; message gives events their published form.
func NewListings(store *Store, message func(*domain.Listing, domain.Event) (events.Message, bool)) *Listings {
	return &Listings{
		Repository: uow.NewRepository("listings", table{store.listings, store}, domain.ErrListingNotFound, message),
		store:      store,
	}
}

// LiveBids returns the live bids of the listing as this unit has it: what was appended to the log since the listing was
// loaded is left out, and will be the conflict on which the unit runs again. Errors: as Get.
func (r *Listings) LiveBids(ctx context.Context, id uuid.UUID) ([]domain.LiveBid, error) {
	listing, err := r.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	pending, err := r.Pending(ctx, id)
	if err != nil {
		return nil, err
	}
	stored := listing.State().Head.Seq
	if len(pending) > 0 {
		stored = pending[0].Seq - 1
	}
	log := r.store.log(id)
	return domain.LiveBids(slices.Concat(log[:min(stored, int64(len(log)))], pending)), nil
}

// Accepted returns the event of the command, which this unit has appended or an earlier one. Errors: uow.ErrNoUnit,
// uow.ErrEnded.
func (r *Listings) Accepted(ctx context.Context, command uuid.UUID) (domain.Event, bool, error) {
	pending, err := r.AllPending(ctx)
	if err != nil || command == uuid.Nil {
		return domain.Event{}, false, err
	}
	for _, recorded := range pending {
		for _, e := range recorded {
			if e.Sealed.Command == command {
				return copied(e), true, nil
			}
		}
	}
	e, found := r.store.event(command)
	return e, found, nil
}

// event returns the stored event of a command.
func (s *Store) event(command uuid.UUID) (e domain.Event, found bool) {
	s.db.Read(func() {
		var p position
		if p, found = s.commands[command]; found {
			e = copied(s.logs[p.listing][p.index])
		}
	})
	return e, found
}

// copied returns an event that shares nothing with e, so that nobody outside can change what is stored.
func copied(e domain.Event) domain.Event {
	e.Withdrawn = slices.Clone(e.Withdrawn)
	if e.Terms != nil {
		terms := *e.Terms
		e.Terms = &terms
	}
	return e
}
