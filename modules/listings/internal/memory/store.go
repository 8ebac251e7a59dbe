// Package memory keeps listings in memory, for tests, replays and trying things out. It makes the same promises as a
// database, but for one: nothing outlives the process.
package memory

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// Store holds the data of the module. The repositories, the views, the ledger and the schedule of this package all work
// on one Store. It is safe for concurrent use.
type Store struct {
	db       *memory.Database
	listings *memory.Collection[*domain.Listing, domain.Event]
	sales    *memory.Collection[*domain.Sale, domain.SaleEvent]

	watches    *memory.Collection[*domain.Watch, domain.Event]
	watchLists *memory.Collection[*domain.WatchList, domain.Event]
	tellings   *memory.Collection[*domain.Telling, domain.Event]

	logs     map[uuid.UUID][]domain.Event // by listing; only ever appended to
	commands map[uuid.UUID]position       // by command id
	words    map[uuid.UUID][]string       // by listing: app.ListingWords
}

// position is where an event stands.
type position struct {
	listing uuid.UUID
	index   int
}

// NewStore returns an empty store whose units commit with everything else in db.
func NewStore(db *memory.Database) *Store {
	return &Store{
		db:         db,
		listings:   memory.NewCollection[*domain.Listing, domain.Event](db, app.ErrListingExists),
		sales:      memory.NewCollection[*domain.Sale, domain.SaleEvent](db, errSaleExists),
		watches:    newSmall[*domain.Watch](db),
		watchLists: newSmall[*domain.WatchList](db),
		tellings:   newSmall[*domain.Telling](db),
		logs:       map[uuid.UUID][]domain.Event{},
		commands:   map[uuid.UUID]position{},
		words:      map[uuid.UUID][]string{},
	}
}

// write stages a change of a listing's log and index, to happen with the one of the listing itself.
func (s *Store) write(tx *memory.Transaction, change uow.Change[*domain.Listing, domain.Event]) {
	if change.Kind == uow.Removed {
		id := change.Before.ID()
		tx.Write(func() { s.forget(id) })
		return
	}
	id, words := change.After.ID(), app.ListingWords(change.After.State())
	events := slices.Clone(change.Events)
	tx.Check(func() error { return s.checkCommands(events) })
	tx.Write(func() {
		s.words[id] = words
		s.appendLog(id, events)
	})
}

func (s *Store) appendLog(id uuid.UUID, events []domain.Event) {
	for _, e := range events {
		if e.Sealed.Command != uuid.Nil {
			s.commands[e.Sealed.Command] = position{listing: id, index: len(s.logs[id])}
		}
		s.logs[id] = append(s.logs[id], e)
	}
}

// forget drops what belongs to a listing that was removed, which never had a log.
func (s *Store) forget(id uuid.UUID) {
	delete(s.words, id)
	delete(s.logs, id)
}

// checkCommands refuses a command id that is recorded already: the same command was accepted meanwhile, and will be
// found when the unit runs again.
func (s *Store) checkCommands(events []domain.Event) error {
	for _, e := range events {
		if _, recorded := s.commands[e.Sealed.Command]; recorded {
			return fmt.Errorf("%w: command %s is recorded already", uow.ErrConflict, e.Sealed.Command)
		}
	}
	return nil
}

// table is the listings' uow.Store: the collection, and the log beside it.
type table struct {
	*memory.Collection[*domain.Listing, domain.Event]
	store *Store
}

// Save stages the changes with their events. Errors: as memory.Collection.Save; at the commit also uow.ErrConflict for
// a command id that is recorded already.
func (t table) Save(ctx context.Context, changes []uow.Change[*domain.Listing, domain.Event]) error {
	if err := t.Collection.Save(ctx, changes); err != nil {
		return err
	}
	tx, err := t.store.db.Join(ctx)
	if err != nil {
		return err
	}
	for _, change := range changes {
		t.store.write(tx, change)
	}
	return nil
}

// compareIDs orders ids as every store does.
func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
