package memory

import (
	"context"
	"iter"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Ledger is the app.Ledger.
type Ledger struct{ store *Store }

var _ app.Ledger = (*Ledger)(nil)

// NewLedger returns the ledger of store.
func NewLedger(store *Store) *Ledger { return &Ledger{store} }

// State returns the listing as stored. Errors: domain.ErrListingNotFound.
func (l *Ledger) State(ctx context.Context, id uuid.UUID) (domain.State, error) {
	return l.seenBy(ctx).state(id)
}

// Events returns the events of the listing's log that the range asks for. Errors: none.
func (l *Ledger) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	log := l.seenBy(ctx).log(id)
	var found []domain.Event
	for i := range log {
		e := log[i]
		if wanted.Descending {
			e = log[len(log)-1-i]
		}
		if wanted.Limit > 0 && len(found) == wanted.Limit {
			break
		}
		if within(e, wanted) {
			found = append(found, copied(e))
		}
	}
	return found, nil
}

// Published yields the ids of all listings that have a log, as they are when it begins. Errors: none.
func (l *Ledger) Published(ctx context.Context) iter.Seq2[uuid.UUID, error] {
	return func(yield func(uuid.UUID, error) bool) {
		for _, id := range l.seenBy(ctx).published() {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// Consistent calls read with a context in which this ledger shows what was stored when Consistent was called; commits go
// on meanwhile. Errors: what read returns.
func (l *Ledger) Consistent(ctx context.Context, read func(ctx context.Context) error) error {
	return read(context.WithValue(ctx, momentKey{l.store}, l.store.moment()))
}

// momentKey is the key of a context's moment of a store.
type momentKey struct{ store *Store }

// seenBy returns the store, or what it was when the Consistent around ctx began.
func (l *Ledger) seenBy(ctx context.Context) reader {
	if m, ok := ctx.Value(momentKey{l.store}).(moment); ok {
		return m
	}
	return l.store
}

func within(e domain.Event, wanted app.EventRange) bool {
	return e.Seq > wanted.After && (wanted.Before == 0 || e.Seq < wanted.Before) &&
		(len(wanted.Kinds) == 0 || slices.Contains(wanted.Kinds, e.Kind))
}
