package memory

import (
	"context"
	"fmt"
	"iter"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/uow"
)

// Collection keeps the aggregates of one kind. It is a uow.Store: it hands out snapshots, takes snapshots in, and checks
// versions when the unit commits.
type Collection[A uow.Aggregate[A, E], E any] struct {
	db        *Database
	duplicate error
	rows      map[uuid.UUID]A
}

// NewCollection returns an empty collection of db. Adding an id that exists fails with duplicate.
func NewCollection[A uow.Aggregate[A, E], E any](db *Database, duplicate error) *Collection[A, E] {
	return &Collection[A, E]{db: db, duplicate: duplicate, rows: map[uuid.UUID]A{}}
}

// Load returns snapshots of those of the aggregates that exist. What a SQL store would lock is checked instead, like what
// is changed, when the unit commits: it must be at the version that was loaded. Errors: as Database.Join; at the commit
// uow.ErrConflict.
func (c *Collection[A, E]) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]A, error) {
	tx, err := c.db.Join(ctx)
	if err != nil {
		return nil, err
	}
	found := c.snapshots(ids)
	if lock {
		for _, a := range found {
			id, version := a.ID(), a.Version()
			tx.Check(func() error { return c.checkVersion(id, version) })
		}
	}
	return found, nil
}

func (c *Collection[A, E]) snapshots(ids []uuid.UUID) []A {
	var found []A
	c.db.Read(func() {
		for _, id := range ids {
			if a, ok := c.rows[id]; ok {
				found = append(found, a.Snapshot())
			}
		}
	})
	return found
}

// Save stages the changes. Their versions are checked when the unit commits. Errors: as Database.Join; at the commit
// uow.ErrConflict and the collection's duplicate error.
func (c *Collection[A, E]) Save(ctx context.Context, changes []uow.Change[A, E]) error {
	tx, err := c.db.Join(ctx)
	if err != nil {
		return err
	}
	for _, change := range changes {
		c.stage(tx, change)
	}
	return nil
}

func (c *Collection[A, E]) stage(tx *Transaction, change uow.Change[A, E]) {
	switch change.Kind {
	case uow.Added:
		id, row := change.After.ID(), change.After.Snapshot()
		tx.Check(func() error { return c.checkAbsent(id) })
		tx.Write(func() { c.rows[id] = row })
	case uow.Changed:
		id, row := change.After.ID(), change.After.Snapshot()
		tx.Check(func() error { return c.checkVersion(id, change.Before.Version()) })
		tx.Write(func() { c.rows[id] = row })
	case uow.Checked:
		id := change.Before.ID()
		tx.Check(func() error { return c.checkVersion(id, change.Before.Version()) })
	case uow.Removed:
		id := change.Before.ID()
		tx.Check(func() error { return c.checkVersion(id, change.Before.Version()) })
		tx.Write(func() { delete(c.rows, id) })
	}
}

func (c *Collection[A, E]) checkAbsent(id uuid.UUID) error {
	if _, ok := c.rows[id]; ok {
		return c.duplicate
	}
	return nil
}

func (c *Collection[A, E]) checkVersion(id uuid.UUID, loaded int64) error {
	a, ok := c.rows[id]
	if !ok || a.Version() != loaded {
		return fmt.Errorf("%w: %s is not at version %d any more", uow.ErrConflict, id, loaded)
	}
	return nil
}

// Committed returns uow.ErrNotRecorded: in memory no answer to a commit is ever lost.
func (c *Collection[A, E]) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) {
	return nil, uow.ErrNotRecorded
}

// All yields the stored aggregates in no order, for views. Call it inside Database.Read, and change nothing.
func (c *Collection[A, E]) All() iter.Seq2[uuid.UUID, A] {
	return func(yield func(uuid.UUID, A) bool) {
		for id, a := range c.rows {
			if !yield(id, a) {
				return
			}
		}
	}
}

// Find returns the stored aggregate, for views. Call it inside Database.Read, and change nothing.
func (c *Collection[A, E]) Find(id uuid.UUID) (A, bool) {
	a, ok := c.rows[id]
	return a, ok
}
