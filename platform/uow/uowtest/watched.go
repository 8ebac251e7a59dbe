package uowtest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/uow"
)

// watched is a store that counts what is asked of the adapter behind it, checks how it is asked, and fails on demand.
type watched[A uow.Aggregate[A, Event]] struct {
	inner uow.Store[A, Event]

	mu     sync.Mutex
	loads  []load
	saves  [][]uow.ChangeKind
	onSave func(ctx context.Context) error // called before each Save
}

// load is one query.
type load struct {
	ids  []uuid.UUID
	lock bool
}

func (w *watched[A]) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]A, error) {
	if err := ascending(ids); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.loads = append(w.loads, load{ids: slices.Clone(ids), lock: lock})
	w.mu.Unlock()
	return w.inner.Load(ctx, ids, lock)
}

func (w *watched[A]) Save(ctx context.Context, changes []uow.Change[A, Event]) error {
	ids := make([]uuid.UUID, len(changes))
	kinds := make([]uow.ChangeKind, len(changes))
	for i, c := range changes {
		ids[i], kinds[i] = changedID(c), c.Kind
	}
	if err := ascending(ids); err != nil {
		return err
	}
	w.mu.Lock()
	w.saves = append(w.saves, kinds)
	hook := w.onSave
	w.mu.Unlock()
	if hook != nil {
		if err := hook(ctx); err != nil {
			return err
		}
	}
	return w.inner.Save(ctx, changes)
}

func (w *watched[A]) Committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	return w.inner.Committed(ctx, commands)
}

// locked returns the ids of the queries that locked, in their order.
func (w *watched[A]) locked() (all [][]uuid.UUID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.loads {
		if l.lock {
			all = append(all, l.ids)
		}
	}
	return all
}

// before lets hook decide about every Save from now on.
func (w *watched[A]) before(hook func(ctx context.Context) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onSave = hook
}

// forget starts the counts anew.
func (w *watched[A]) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loads, w.saves = nil, nil
}

// queries returns the Loads since forget.
func (w *watched[A]) queries() []load {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.loads)
}

// writes returns the kinds of the changes of each Save since forget.
func (w *watched[A]) writes() [][]uow.ChangeKind {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.saves)
}

func changedID[A uow.Aggregate[A, Event]](c uow.Change[A, Event]) uuid.UUID {
	if c.Kind == uow.Removed || c.Kind == uow.Checked {
		return c.Before.ID()
	}
	return c.After.ID()
}

// ascending reports an error unless each id is greater than the one before: the order in which all units take locks.
func ascending(ids []uuid.UUID) error {
	for i := 1; i < len(ids); i++ {
		if bytes.Compare(ids[i-1][:], ids[i][:]) >= 0 {
			return fmt.Errorf("uowtest: the ids are not in ascending order: %s", ids)
		}
	}
	return nil
}
