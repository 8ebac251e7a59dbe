package memory

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// aggregate is what a table can keep.
type aggregate[A any] interface{ uow.Aggregate[A, domain.Event] }

// change is what a unit did to one of them.
type change[A any] = uow.Change[A, domain.Event]

// table is the uow.Store of one kind of aggregate: a collection, of whose members some have a key that is unique beside
// the id.
type table[A aggregate[A]] struct {
	*memory.Collection[A, domain.Event]
	db     *memory.Database
	unique *uniqueKey[A] // nil for none
}

// newTable returns an empty table of db. Adding an id that exists fails with duplicate.
func newTable[A aggregate[A]](db *memory.Database, duplicate error, unique *uniqueKey[A]) *table[A] {
	if unique != nil {
		unique.holders = map[string]uuid.UUID{}
	}
	return &table[A]{Collection: memory.NewCollection[A, domain.Event](db, duplicate), db: db, unique: unique}
}

// Save stages the changes. Errors: as memory.Collection.Save; at the commit also what the unique key says of one that
// is taken.
func (t *table[A]) Save(ctx context.Context, changes []change[A]) error {
	if err := t.Collection.Save(ctx, changes); err != nil || t.unique == nil {
		return err
	}
	tx, err := t.db.Join(ctx)
	if err != nil {
		return err
	}
	moves := make([]move, len(changes))
	for i, c := range changes {
		moves[i] = t.unique.move(c)
	}
	tx.Check(func() error { return t.unique.check(moves) })
	tx.Write(func() { t.unique.apply(moves) })
	return nil
}

// byKey returns the stored aggregate with that unique key. Call it inside Database.Read, and change nothing.
func (t *table[A]) byKey(key string) (A, bool) {
	id, ok := t.unique.holders[key]
	if !ok {
		var none A
		return none, false
	}
	return t.Find(id)
}

// states returns what is stored and fulfils the condition, as plain data, in no order.
func states[A aggregate[A], S any](t *table[A], state func(A) S, holds func(S) bool) []S {
	var found []S
	t.db.Read(func() {
		for _, a := range t.All() {
			if s := state(a); holds(s) {
				found = append(found, s)
			}
		}
	})
	return found
}

// uniqueKey is a key that no two aggregates of a table have.
type uniqueKey[A aggregate[A]] struct {
	// of returns the key; empty for one without.
	of func(A) string
	// taken is the error of a key that another one has.
	taken error

	holders map[string]uuid.UUID // by key
}

// move is a change of one aggregate's key.
type move struct {
	id       uuid.UUID
	from, to string // empty for none
}

func (u *uniqueKey[A]) move(c change[A]) move {
	switch c.Kind {
	case uow.Added:
		return move{id: c.After.ID(), to: u.of(c.After)}
	case uow.Removed:
		return move{id: c.Before.ID(), from: u.of(c.Before)}
	default:
		return move{id: c.After.ID(), from: u.of(c.Before), to: u.of(c.After)}
	}
}

// check refuses a key that another one has when it is its turn, as a database does that writes row by row.
func (u *uniqueKey[A]) check(moves []move) error {
	moved := map[string]uuid.UUID{}
	for _, m := range moves {
		if m.from != "" {
			moved[m.from] = uuid.Nil
		}
		if m.to == "" {
			continue
		}
		holder, known := moved[m.to]
		if !known {
			holder = u.holders[m.to]
		}
		if holder != uuid.Nil && holder != m.id {
			return u.taken
		}
		moved[m.to] = m.id
	}
	return nil
}

func (u *uniqueKey[A]) apply(moves []move) {
	for _, m := range moves {
		if m.from != "" {
			delete(u.holders, m.from)
		}
		if m.to != "" {
			u.holders[m.to] = m.id
		}
	}
}
