package sqlstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/uow"
)

// listingStore is the listings' uow.Store.
type listingStore struct {
	pool   *db.Pool
	tables *tables
	sql    listingSQL
	search searchIndex
}

var _ uow.Store[*domain.Listing, domain.Event] = (*listingStore)(nil)

func newListingStore(pool *db.Pool) *listingStore {
	return &listingStore{
		pool: pool, tables: newTables(), sql: newListingSQL(pool.Dialect()), search: newSearchIndex(pool.Dialect()),
	}
}

// errTextsMoved makes the unit run again.
var errTextsMoved = fmt.Errorf("%w: its texts were rewritten while it was being loaded", uow.ErrConflict)

// Load returns those of the listings that exist, with their texts. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict,
// db.ErrUnavailable.
func (s *listingStore) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]*domain.Listing, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	load, query := tx.Look, s.sql.load
	if lock {
		load, query = tx.Select, s.sql.loadLocked
	}
	var rows []listingRow
	if err := load(ctx, &rows, query, tx.Dialect().IDs(ids)); err != nil {
		return nil, err
	}
	listings := make([]*domain.Listing, len(rows))
	for i, row := range rows {
		if row.TextsFound != row.TextsVersion {
			return nil, fmt.Errorf("listing %s: %w", row.ID, errTextsMoved)
		}
		state, err := row.state(s.tables)
		if err != nil {
			return nil, err
		}
		listings[i] = domain.RestoreListing(state)
	}
	return listings, nil
}

// Save writes the changes, with one statement for all that need the same, most of it at the end of the transaction. Errors,
// here or there: uow.ErrConflict when a version differs from the one that was loaded, or a command id is recorded already;
// app.ErrListingExists; db.ErrUnavailable.
func (s *listingStore) Save(ctx context.Context, changes []uow.Change[*domain.Listing, domain.Event]) error {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return err
	}
	w, err := writesFor(tx.Dialect(), changes)
	if err != nil {
		return err
	}
	return s.write(ctx, tx, w)
}

// Committed returns those of the command ids that are in a log. Errors: uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (s *listingStore) Committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return nil, err
	}
	var found []uuid.UUID
	if err := tx.Select(ctx, &found, s.sql.committed, tx.Dialect().IDs(commands)); err != nil {
		return nil, fmt.Errorf("look up %d commands: %w", len(commands), err)
	}
	return found, nil
}
