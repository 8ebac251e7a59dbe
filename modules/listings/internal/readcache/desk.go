package readcache

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// patience is how long a query that several wait for may take, whatever becomes of who asked first.
const patience = 10 * time.Second

// errPanicked is what those get who waited for a query of somebody else's that has panicked.
var errPanicked = errors.New("the query that was waited for has panicked")

// desk keeps answers by their questions, the ones asked for last, and lets those who ask the same at the same time share one
// query. It has no goroutine: who finds nobody asking asks, and the others wait for him.
type desk[K comparable, V any] struct {
	mu       sync.Mutex
	atMost   time.Duration        // no kept answer is older
	elapsed  func() time.Duration // since some instant; never set back
	kept     *simplelru.LRU[K, answer[V]]
	weight   int
	heaviest int
	weigh    func(V) int
	// added and gone are called, with the lock held, for what is kept and for what is no longer. They may be nil.
	added, gone func(K, V)
	asking      map[K]*turns[V]
}

// answer is what a query has answered.
type answer[V any] struct {
	value  V
	weight int
	asked  time.Duration // when the query began
}

// turns are the queries for one question: one under way and one, at most, that begins when that ends.
type turns[V any] struct{ running, next *query[V] }

// query is one query, which its asker runs. What is below done may be read when that is closed.
type query[V any] struct {
	// These need the lock.
	asked   time.Duration
	stale   bool        // something has changed since it began: who asks now must not be told what it reads
	touched []uuid.UUID // the listings that have changed; all of them if anything has
	all     bool

	done  chan struct{}
	value V
	err   error
}

// newDesk returns a desk that keeps at most most answers, of the weight at most.
func newDesk[K comparable, V any](
	most, heaviest int, atMost time.Duration, elapsed func() time.Duration, weigh func(V) int,
) *desk[K, V] {
	d := &desk[K, V]{atMost: atMost, elapsed: elapsed, heaviest: heaviest, weigh: weigh, asking: map[K]*turns[V]{}}
	kept, err := simplelru.NewLRU(most, d.dropped)
	if err != nil {
		panic(err) // most is a constant above 0
	}
	d.kept = kept
	return d
}

// dropped is told by the LRU what it no longer has.
func (d *desk[K, V]) dropped(k K, a answer[V]) {
	d.weight -= a.weight
	if d.gone != nil {
		d.gone(k, a.value)
	}
}

// found returns the answer that is kept, if it is not too old.
func (d *desk[K, V]) found(k K) (v V, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.kept.Get(k)
	if !ok || d.elapsed()-a.asked >= d.atMost {
		return v, false
	}
	return a.value, true
}

// ask returns what read reads, or what it has read for somebody else who asked the same: never what a query reads that began
// when something was about to change that has changed by now and, if exact, never what one reads that began before this call.
// fits says whether an answer may be kept for which these listings, or anything, have changed while it was read.
//
// Errors: those of read, also when it was called for somebody else; the context's while others ask.
func (d *desk[K, V]) ask(
	ctx context.Context, k K, exact bool, read func(context.Context) (V, error), fits func(v V, touched []uuid.UUID) bool,
) (V, error) {
	d.mu.Lock()
	t := d.asking[k]
	switch {
	case t == nil:
		q := d.begin()
		d.asking[k] = &turns[V]{running: q}
		d.mu.Unlock()
		return d.run(ctx, k, q, read, fits)
	case !exact && !t.running.stale && d.elapsed()-t.running.asked < d.atMost:
		q := t.running
		d.mu.Unlock()
		return q.wait(ctx)
	case t.next != nil:
		q := t.next
		d.mu.Unlock()
		return q.wait(ctx)
	}
	q := &query[V]{done: make(chan struct{})}
	t.next = q
	before := t.running
	d.mu.Unlock()
	<-before.done // by its patience
	d.mu.Lock()
	q.asked = d.elapsed()
	t.running, t.next = q, nil
	d.mu.Unlock()
	return d.run(ctx, k, q, read, fits)
}

func (d *desk[K, V]) begin() *query[V] {
	return &query[V]{asked: d.elapsed(), done: make(chan struct{})}
}

// wait returns the answer of a query that another asks. Errors: the query's, the context's.
func (q *query[V]) wait(ctx context.Context) (v V, err error) {
	select {
	case <-q.done:
		return q.value, q.err
	case <-ctx.Done():
		return v, context.Cause(ctx)
	}
}

// run asks for all who wait: that the first of them leaves ends it for nobody.
func (d *desk[K, V]) run(
	ctx context.Context, k K, q *query[V], read func(context.Context) (V, error), fits func(V, []uuid.UUID) bool,
) (V, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	q.err = errPanicked
	defer d.end(k, q, fits)
	q.value, q.err = read(ctx)
	return q.value, q.err
}

// end keeps the answer, unless it may be out of date already, and lets go those who wait.
func (d *desk[K, V]) end(k K, q *query[V], fits func(V, []uuid.UUID) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if q.err == nil && !q.all && fits(q.value, q.touched) {
		d.keep(k, q)
	}
	if t := d.asking[k]; t.next == nil {
		delete(d.asking, k)
	}
	close(q.done)
}

// keep keeps an answer in the place of an older one, and drops what was not asked for longest until there is room.
func (d *desk[K, V]) keep(k K, q *query[V]) {
	d.kept.Remove(k)
	a := answer[V]{value: q.value, weight: d.weigh(q.value), asked: q.asked}
	if a.weight > d.heaviest/8 {
		return
	}
	for d.weight+a.weight > d.heaviest {
		d.kept.RemoveOldest()
	}
	d.weight += a.weight
	d.kept.Add(k, a)
	if d.added != nil {
		d.added(k, q.value)
	}
}

// size returns how many answers are kept, what they weigh, and how many questions are being asked.
func (d *desk[K, V]) size() (answers, weight, asking int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept.Len(), d.weight, len(d.asking)
}
