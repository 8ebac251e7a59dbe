package uow

import (
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// remembered are aggregates as the last unit that had them left them, so that the next one need not ask the store. Nothing
// rests on their being right: the store writes only while it holds the version that the unit began with, and what the unit
// only looked at is compared in the same way. Where others change the same aggregates memories are mostly wrong, and asking
// first is cheaper than being refused: once one was wrong units ask, until as many as wary says would have been right.
//
// It is safe for concurrent use.
type remembered[A Aggregate[A, E], E any] struct {
	weigh func(A) int
	most  int

	mu     sync.Mutex
	kept   *simplelru.LRU[uuid.UUID, memory[A]]
	weight int
	asking int // units that will ask the store whatever is remembered
}

// memory is one of them.
type memory[A any] struct {
	aggregate A
	weight    int
}

// wary is how many units in a row have to see that what was remembered was right, before memories are trusted again.
const wary = 32

// fewest is what an aggregate weighs at least, in bytes: about what the maps and lists around it take.
const fewest = 512

func newRemembered[A Aggregate[A, E], E any](most int, weigh func(A) int) *remembered[A, E] {
	r := &remembered[A, E]{weigh: weigh, most: most}
	kept, err := simplelru.NewLRU(max(1, most/fewest), func(_ uuid.UUID, m memory[A]) { r.weight -= m.weight })
	if err != nil {
		panic(fmt.Sprintf("uow: a list of at least one is no error: %v", err))
	}
	r.kept = kept
	return r
}

// trusted reports whether a unit may work with what is remembered.
func (r *remembered[A, E]) trusted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asking == 0
}

// recall returns the aggregate, if it is remembered.
func (r *remembered[A, E]) recall(id uuid.UUID) (a A, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, found := r.kept.Get(id)
	return m.aggregate, found
}

// compare learns from what a store has loaded: whether what is remembered would have been right, and whether what an attempt
// before supposed was.
func (r *remembered[A, E]) compare(loaded []A, supposed map[uuid.UUID]int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range loaded {
		m, remembers := r.kept.Peek(a.ID())
		version, supposes := supposed[a.ID()]
		if remembers && m.aggregate.Version() != a.Version() || supposes && version != a.Version() {
			r.asking = wary
			return
		}
	}
	r.asking = max(0, r.asking-1)
}

// keep remembers an aggregate that is stored, unless a later version is remembered.
func (r *remembered[A, E]) keep(a A) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m, ok := r.kept.Peek(a.ID()); ok {
		if m.aggregate.Version() > a.Version() {
			return
		}
		r.kept.Remove(a.ID())
	}
	m := memory[A]{aggregate: a, weight: fewest + r.weigh(a)}
	if m.weight > r.most {
		return
	}
	r.weight += m.weight
	r.kept.Add(a.ID(), m)
	for r.weight > r.most {
		r.kept.RemoveOldest()
	}
}

// forget drops what a unit had that did not commit, or removed.
func (r *remembered[A, E]) forget(ids []uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		r.kept.Remove(id)
	}
}
