// Package gather lets callers who ask for single rows at the same time share queries. Where many do, one query for thirty rows
// costs little more than one for one. Nobody waits for company: who asks while few queries are under way asks at once; those
// who come meanwhile are asked for together when one of them ends. Nobody is told what was read before he asked.
package gather

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// most is how many keys one query has at most.
	most = 256
	// patience is the longest that a query for several callers takes, whatever becomes of them.
	patience = 10 * time.Second
)

// errAbandoned is what those get for whom somebody else asked who has panicked.
var errAbandoned = errors.New("gather: the query that was shared has panicked")

// Rows are found by their keys. It is safe for concurrent use and has no goroutine: the first of those who wait asks for all.
type Rows[K comparable, V any] struct {
	find   func(ctx context.Context, keys []K) (map[K]V, error)
	atOnce int

	mu      sync.Mutex
	asking  int // queries under way
	waiting []*caller[K, V]
}

// caller waits for one row.
type caller[K comparable, V any] struct {
	ctx   context.Context
	key   K
	value V
	found bool
	err   error
	ask   chan []*caller[K, V] // those to ask for, itself first; closed when its answer is there
}

// New returns rows that find finds, given different keys, one at least, with at most atOnce queries at a time. What find does
// not return does not exist.
func New[K comparable, V any](atOnce int, find func(ctx context.Context, keys []K) (map[K]V, error)) *Rows[K, V] {
	return &Rows[K, V]{find: find, atOnce: atOnce}
}

// Get returns the row with the key, and whether there is one, as it was after the call. Errors: those of find, also for
// others' keys; the context's while somebody else asks.
func (r *Rows[K, V]) Get(ctx context.Context, key K) (value V, found bool, err error) {
	c := &caller[K, V]{ctx: ctx, key: key}
	if r.begins(c) {
		r.run([]*caller[K, V]{c})
		return c.value, c.found, c.err
	}
	select {
	case callers := <-c.ask:
		r.serve(callers)
	case <-ctx.Done():
		if r.leaves(c) {
			return value, false, context.Cause(ctx)
		}
		r.serve(<-c.ask)
	}
	return c.value, c.found, c.err
}

// serve asks for the callers, if there are any: else the answer is there.
func (r *Rows[K, V]) serve(callers []*caller[K, V]) {
	if len(callers) > 0 {
		r.run(callers)
	}
}

// begins reports whether c may ask at once; else it waits.
func (r *Rows[K, V]) begins(c *caller[K, V]) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asking < r.atOnce {
		r.asking++
		return true
	}
	c.ask = make(chan []*caller[K, V], 1)
	r.waiting = append(r.waiting, c)
	return false
}

// leaves reports whether c was still waiting, and no longer is.
func (r *Rows[K, V]) leaves(c *caller[K, V]) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, other := range r.waiting {
		if other == c {
			r.waiting = append(r.waiting[:i], r.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// run asks for the callers, and lets them go.
func (r *Rows[K, V]) run(callers []*caller[K, V]) {
	for _, c := range callers {
		c.err = errAbandoned
	}
	defer func() {
		r.next()
		for _, c := range callers[1:] {
			close(c.ask)
		}
	}()
	ctx := callers[0].ctx
	if len(callers) > 1 { // that the first of them leaves ends it for nobody
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
	}
	found, err := r.find(ctx, keysOf(callers))
	for _, c := range callers {
		c.value, c.found = found[c.key]
		c.err = err
	}
}

// next lets the first of those who wait ask for all of them.
func (r *Rows[K, V]) next() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		r.asking--
		return
	}
	n := min(len(r.waiting), most)
	callers := r.waiting[:n:n]
	if r.waiting = r.waiting[n:]; len(r.waiting) == 0 {
		r.waiting = nil
	}
	callers[0].ask <- callers
}

func keysOf[K comparable, V any](callers []*caller[K, V]) []K {
	keys := make([]K, 0, len(callers))
	if len(callers) == 1 {
		return append(keys, callers[0].key)
	}
	seen := make(map[K]struct{}, len(callers))
	for _, c := range callers {
		if _, twice := seen[c.key]; !twice {
			seen[c.key] = struct{}{}
			keys = append(keys, c.key)
		}
	}
	return keys
}
