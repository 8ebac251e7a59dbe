package memory

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// reader shows what is stored: the store as it is now, or a moment of it.
type reader interface {
	// state returns the listing. Errors: domain.ErrListingNotFound.
	state(id uuid.UUID) (domain.State, error)
	// log returns the listing's log, which is not to be modified.
	log(id uuid.UUID) []domain.Event
	// published returns the ids of the listings that have a log, sorted.
	published() []uuid.UUID
}

// moment is what a store held at one instant. It costs a copy of the maps but not of what is in them: listings are
// replaced and logs appended to, never modified.
type moment struct {
	listings map[uuid.UUID]*domain.Listing
	logs     map[uuid.UUID][]domain.Event
}

func (m moment) state(id uuid.UUID) (domain.State, error) {
	listing, ok := m.listings[id]
	if !ok {
		return domain.State{}, domain.ErrListingNotFound
	}
	return listing.State(), nil
}

func (m moment) log(id uuid.UUID) []domain.Event { return m.logs[id] }

func (m moment) published() []uuid.UUID { return slices.SortedFunc(maps.Keys(m.logs), compareIDs) }

func (s *Store) moment() (m moment) {
	s.db.Read(func() { m = moment{listings: maps.Collect(s.listings.All()), logs: maps.Clone(s.logs)} })
	return m
}

func (s *Store) state(id uuid.UUID) (state domain.State, err error) {
	s.db.Read(func() {
		listing, ok := s.listings.Find(id)
		if !ok {
			err = domain.ErrListingNotFound
			return
		}
		state = listing.State()
	})
	return state, err
}

func (s *Store) log(id uuid.UUID) (log []domain.Event) {
	s.db.Read(func() { log = s.logs[id] })
	return log
}

func (s *Store) published() (ids []uuid.UUID) {
	s.db.Read(func() { ids = slices.SortedFunc(maps.Keys(s.logs), compareIDs) })
	return ids
}
