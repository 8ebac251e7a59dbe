package uow

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// session is one repository's part of one unit: the identity map and the tracker of changes.
//
// It holds two layers. known is the unit's state: what was loaded, and what the commands that returned nil made of it.
// copies are what the running command got: they become the unit's state when it returns nil and are dropped otherwise,
// so that a command that fails leaves no trace among its neighbours. peeked is what was only looked at; it is never locked,
// and so nothing to change.
type session[A Aggregate[A, E], E any] struct {
	repository *Repository[A, E]
	unit       *unit
	wanted     []uuid.UUID
	known      map[uuid.UUID]*entry[A, E]
	copies     map[uuid.UUID]*workingCopy[A]
	touched    []uuid.UUID // the keys of copies, in the order of first use
	peeked     map[uuid.UUID]*entry[A, E]
	supposed   map[uuid.UUID]int64 // the versions with which the last attempt worked without locks
}

// entry is the unit's state of one aggregate.
type entry[A, E any] struct {
	absent  bool // the store was asked and has none
	stored  bool // the store has it: before is set
	present bool // it exists now: state is set
	changed bool
	loose   bool // remembered, or loaded without a lock where that must be made good: before is verified at the end
	read    bool // a command has seen it
	before  A
	state   A
	events  []E
}

// workingCopy is the running command's copy of one aggregate.
type workingCopy[A any] struct {
	aggregate A
	added     bool
	removed   bool
}

func newSession[A Aggregate[A, E], E any](r *Repository[A, E], u *unit) *session[A, E] {
	return &session[A, E]{
		repository: r,
		unit:       u,
		known:      map[uuid.UUID]*entry[A, E]{},
		copies:     map[uuid.UUID]*workingCopy[A]{},
		peeked:     map[uuid.UUID]*entry[A, E]{},
	}
}

func (s *session[A, E]) name() string { return s.repository.name }

func (s *session[A, E]) want(ids []uuid.UUID) { s.wanted = append(s.wanted, ids...) }

// preload loads, locked, what the hints named and the unit does not know yet.
func (s *session[A, E]) preload(ctx context.Context) error {
	ids := slices.DeleteFunc(s.wanted, func(id uuid.UUID) bool { return s.known[id] != nil || s.copies[id] != nil })
	s.wanted = nil
	if len(ids) == 0 {
		return nil
	}
	return s.load(ctx, sortedUnique(ids), true)
}

// load makes the unit know the aggregates. In a unit that trusts, a repository that remembers takes no locks, and asks for
// what it does not remember only; unless its memories have been wrong of late.
func (s *session[A, E]) load(ctx context.Context, ids []uuid.UUID, lock bool) error {
	memory := s.repository.memory
	if memory == nil || !s.unit.trusting {
		return s.loadInto(ctx, s.known, ids, lock)
	}
	if !memory.trusted() {
		return s.loadInto(ctx, s.known, ids, true)
	}
	rest := slices.DeleteFunc(s.foresee(ids), s.recall)
	if len(rest) == 0 {
		return nil
	}
	if err := s.loadInto(ctx, s.known, rest, false); err != nil {
		return err
	}
	for _, id := range rest {
		s.known[id].loose = true
	}
	return nil
}

// foresee makes the unit know what others that are being flushed are about to leave, and returns the other ids.
func (s *session[A, E]) foresee(ids []uuid.UUID) (others []uuid.UUID) {
	for _, t := range s.unit.foreseen() {
		left, ok := t.computed.sessions[s.repository].(*session[A, E])
		if !ok {
			continue
		}
		ids = slices.DeleteFunc(ids, func(id uuid.UUID) bool {
			e := left.known[id]
			if e == nil || !e.changed || !e.present {
				return false
			}
			s.unit.buildOn(t)
			s.suppose(id, e.state)
			return true
		})
	}
	return ids
}

// recall makes the unit know an aggregate that is remembered.
func (s *session[A, E]) recall(id uuid.UUID) bool {
	a, ok := s.repository.memory.recall(id)
	if ok {
		s.suppose(id, a)
	}
	return ok
}

func (s *session[A, E]) suppose(id uuid.UUID, a A) {
	s.known[id] = &entry[A, E]{stored: true, present: true, loose: true, before: a, state: a}
}

func (s *session[A, E]) loadInto(ctx context.Context, known map[uuid.UUID]*entry[A, E], ids []uuid.UUID, lock bool) error {
	found, err := s.repository.store.Load(ctx, ids, lock)
	if err != nil {
		return fmt.Errorf("load %s: %w", s.repository.name, err)
	}
	for _, id := range ids {
		known[id] = &entry[A, E]{absent: true}
	}
	for _, a := range found {
		known[a.ID()] = &entry[A, E]{stored: true, present: true, before: a, state: a}
	}
	if lock && s.repository.memory != nil {
		s.repository.memory.compare(found, s.supposed)
	}
	return nil
}

// peek returns a copy that nobody keeps, of what the unit has, or of what is stored.
func (s *session[A, E]) peek(ctx context.Context, id uuid.UUID) (A, error) {
	var none A
	if c, ok := s.copies[id]; ok {
		if c.removed {
			return none, s.repository.missing
		}
		return c.aggregate.Snapshot(), nil
	}
	e := s.known[id]
	if e == nil && s.peeked[id] == nil {
		if err := s.loadInto(ctx, s.peeked, []uuid.UUID{id}, false); err != nil {
			return none, err
		}
	}
	if e == nil {
		e = s.peeked[id]
	}
	e.read = true
	if !e.present {
		return none, s.repository.missing
	}
	return e.state.Snapshot(), nil
}

func (s *session[A, E]) get(ctx context.Context, id uuid.UUID) (A, error) {
	var none A
	if c, ok := s.copies[id]; ok {
		if c.removed {
			return none, s.repository.missing
		}
		return c.aggregate, nil
	}
	if s.known[id] == nil {
		if err := s.load(ctx, []uuid.UUID{id}, s.unit.locking); err != nil {
			return none, err
		}
	}
	e := s.known[id]
	e.read = true
	if !e.present {
		return none, s.repository.missing
	}
	c := e.state.Snapshot()
	s.checkOut(id, &workingCopy[A]{aggregate: c})
	return c, nil
}

func (s *session[A, E]) add(a A) error {
	id := a.ID()
	if a.Version() != 0 {
		return fmt.Errorf("add %s %s: %w", s.repository.name, id, ErrNotNew)
	}
	e := s.known[id]
	if s.copies[id] != nil || e != nil && (e.stored || e.present) {
		return fmt.Errorf("add %s %s: %w", s.repository.name, id, ErrAlreadyAdded)
	}
	s.checkOut(id, &workingCopy[A]{aggregate: a, added: true})
	return nil
}

func (s *session[A, E]) remove(id uuid.UUID) { s.copies[id].removed = true }

func (s *session[A, E]) checkOut(id uuid.UUID, c *workingCopy[A]) {
	s.copies[id] = c
	s.touched = append(s.touched, id)
}

// keep makes the running command's copies the unit's state and reports whether it changed anything, whether it recorded
// events about that, and whether it read something that it did not change and that is not locked.
func (s *session[A, E]) keep() (changed, recorded, leans bool) {
	for _, id := range s.touched {
		c, r := s.keepOne(id, s.copies[id])
		changed, recorded, leans = changed || c, recorded || r, leans || !c && s.known[id].loose
	}
	s.drop()
	return changed, recorded, leans
}

func (s *session[A, E]) keepOne(id uuid.UUID, c *workingCopy[A]) (changed, recorded bool) {
	events, changed := c.aggregate.Settle()
	if !changed && !c.added && !c.removed {
		return false, false
	}
	e := s.known[id]
	if e == nil {
		e = &entry[A, E]{}
		s.known[id] = e
	}
	e.changed = true
	e.present = !c.removed
	e.state = c.aggregate
	e.events = append(e.events, events...)
	for _, event := range events {
		if m, published := s.repository.message(c.aggregate, event); published {
			s.unit.messages = append(s.unit.messages, m)
		}
	}
	return true, len(events) > 0
}

// drop forgets the running command's copies.
func (s *session[A, E]) drop() {
	clear(s.copies)
	s.touched = s.touched[:0]
}

// flush hands what changed to the store.
func (s *session[A, E]) flush(ctx context.Context) error {
	var changes []Change[A, E]
	for _, id := range s.knownIDs() {
		if c, ok := s.known[id].change(); ok {
			changes = append(changes, c)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	if err := s.repository.store.Save(ctx, changes); err != nil {
		return fmt.Errorf("save %s: %w", s.repository.name, err)
	}
	return nil
}

// change says what the store has to write for e; false if nothing.
func (e *entry[A, E]) change() (Change[A, E], bool) {
	switch {
	case !e.changed && e.verified():
		return Change[A, E]{Kind: Checked, Before: e.before}, true
	case !e.changed:
	case e.stored && e.present:
		return Change[A, E]{Kind: Changed, Before: e.before, After: e.state, Events: e.events}, true
	case e.stored:
		return Change[A, E]{Kind: Removed, Before: e.before, Events: e.events}, true
	case e.present:
		return Change[A, E]{Kind: Added, After: e.state, Events: e.events}, true
	}
	return Change[A, E]{}, false
}

// verified reports whether the store has to compare what the unit has not changed.
func (e *entry[A, E]) verified() bool { return e.loose && e.read && e.stored }

// supposes reports whether there is anything that the store has to compare.
func (s *session[A, E]) supposes() bool {
	for _, e := range s.known {
		if !e.changed && e.verified() {
			return true
		}
	}
	return false
}

// remember keeps what the unit, which has committed, leaves.
func (s *session[A, E]) remember() {
	memory := s.repository.memory
	if memory == nil {
		return
	}
	for id, e := range s.known {
		switch {
		case e.present:
			memory.keep(e.state)
		case e.changed:
			memory.forget([]uuid.UUID{id})
		}
	}
}

// forget drops what the unit, which has not committed, had in its hands.
func (s *session[A, E]) forget() {
	if s.repository.memory != nil && len(s.known) > 0 {
		s.repository.memory.forget(slices.Collect(maps.Keys(s.known)))
	}
}

// again makes the same repository's session in the next attempt u want what this one used, and see whether it was right.
func (s *session[A, E]) again(u *unit) {
	next := s.repository.in(u)
	next.want(s.knownIDs())
	next.supposed = map[uuid.UUID]int64{}
	for id, e := range s.known {
		if e.loose && e.stored {
			next.supposed[id] = e.before.Version()
		}
	}
}

// changed reports whether there is anything to write here.
func (s *session[A, E]) changed() bool {
	for _, e := range s.known {
		if e.changed {
			return true
		}
	}
	return false
}

// guesses reports whether the unit adds something here because it was not there when the unit looked.
func (s *session[A, E]) guesses() bool {
	for _, e := range s.known {
		if e.absent && e.present {
			return true
		}
	}
	return false
}

// unmoved reports whether anything that this session changed is, as u has loaded it, still what it was before.
func (s *session[A, E]) unmoved(u *unit) bool {
	now := s.repository.in(u).known
	for id, e := range s.known {
		if !e.changed {
			continue
		}
		n := now[id]
		if n.stored == e.stored && (!e.stored || n.before.Version() == e.before.Version()) {
			return true
		}
	}
	return false
}

func (s *session[A, E]) committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	return s.repository.store.Committed(ctx, commands)
}

func (s *session[A, E]) pending(id uuid.UUID) []E {
	if e := s.known[id]; e != nil {
		return slices.Clip(e.events)
	}
	return nil
}

func (s *session[A, E]) allPending() map[uuid.UUID][]E {
	all := map[uuid.UUID][]E{}
	for id, e := range s.known {
		if len(e.events) > 0 {
			all[id] = slices.Clip(e.events)
		}
	}
	return all
}

func (s *session[A, E]) knownIDs() []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(s.known))
	for id := range s.known {
		ids = append(ids, id)
	}
	return sortedUnique(ids)
}

// sortedUnique sorts ids in place, in the order in which all units take their locks.
func sortedUnique(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}
