package clock

import (
	"container/heap"
	"context"
	"fmt"
	"sync"
	"time"
)

// Virtual is a clock that moves only when it is told to. Replays and tests run days in milliseconds with it.
//
// Moving it fires the timers on the way in the order of their instants, and at equal instants in the order in which
// they were made. A timer is fired while the clock stands at the timer's own instant, and that instant is what its
// channel delivers. A receiver in another goroutine runs concurrently with whoever moves the clock; a driver that must
// not run ahead of its receivers moves with StepTo and waits after each step:
//
//	for clock.StepTo(noon) {
//		if err := clock.AwaitScheduled(ctx, 1); err != nil { // the worker did its work and waits again
//			return err
//		}
//	}
//
// It runs no goroutines and is safe for concurrent use.
type Virtual struct {
	mu      sync.Mutex
	now     time.Time
	made    uint64 // how many timers were made, which orders those due at one instant
	pending timerHeap
	changed chan struct{} // closed and replaced when a timer is scheduled
}

// NewVirtual returns a clock that stands at start, in UTC and cut to the microsecond.
func NewVirtual(start time.Time) *Virtual {
	return &Virtual{now: Micros(start), changed: make(chan struct{})}
}

// Now returns the instant at which the clock stands.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

// Advance moves the clock on by d and fires the timers on the way. It panics when d is negative.
func (v *Virtual) Advance(d time.Duration) { v.Set(v.Now().Add(d)) }

// Set moves the clock to t and fires the timers on the way, among them those that are scheduled meanwhile and fall due
// by t. It panics when t is before Now, because a clock never goes backwards.
func (v *Virtual) Set(t time.Time) {
	for v.StepTo(t) {
		continue
	}
}

// StepTo moves the clock to the earliest instant not after t at which a timer is due, fires the timers of that instant
// and reports true. When there is none it moves the clock to t and reports false. It panics when t is before Now.
func (v *Virtual) StepTo(t time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	t = Micros(t)
	if t.Before(v.now) {
		panic(fmt.Sprintf("clock: virtual clock at %s cannot go back to %s", v.now.Format(time.RFC3339Nano), t.Format(time.RFC3339Nano)))
	}
	if len(v.pending) == 0 || v.pending[0].due.After(t) {
		v.now = t
		return false
	}
	v.now = v.pending[0].due
	for len(v.pending) > 0 && !v.pending[0].due.After(v.now) {
		v.pending.popFirst().c <- v.now
	}
	return true
}

// AwaitScheduled waits until at least n timers are pending: made, and neither fired nor stopped.
// Errors: the context's, when it ends first.
func (v *Virtual) AwaitScheduled(ctx context.Context, n int) error {
	for {
		scheduled, changed := v.scheduled()
		if scheduled >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("await %d timers, %d scheduled: %w", n, scheduled, context.Cause(ctx))
		}
	}
}

// scheduled returns how many timers are pending and a channel that is closed when there is another.
func (v *Virtual) scheduled() (int, <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.pending), v.changed
}

// NewTimer returns a timer that fires once the clock has been moved on by d, rounded up to the microsecond; at once when d
// is not positive.
func (v *Virtual) NewTimer(d time.Duration) Timer {
	v.mu.Lock()
	defer v.mu.Unlock()
	t := &virtualTimer{clock: v, c: make(chan time.Time, 1), due: v.dueIn(d), order: v.made, index: fired}
	v.made++
	if d <= 0 {
		t.c <- v.now
		return t
	}
	heap.Push(&v.pending, t)
	close(v.changed)
	v.changed = make(chan struct{})
	return t
}

// dueIn returns the first instant in whole microseconds that is not before d from now; v.mu is held.
func (v *Virtual) dueIn(d time.Duration) time.Time {
	due := Micros(v.now.Add(d))
	if due.Before(v.now.Add(d)) {
		due = due.Add(time.Microsecond)
	}
	return due
}

// fired is the index of a timer that is not in the heap.
const fired = -1

// virtualTimer is a timer of a Virtual clock. Its fields are guarded by the clock's mutex.
type virtualTimer struct {
	clock *Virtual
	c     chan time.Time
	due   time.Time
	order uint64
	index int // in the clock's heap, or fired
}

func (t *virtualTimer) C() <-chan time.Time { return t.c }

func (t *virtualTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	if t.index == fired {
		return false
	}
	heap.Remove(&t.clock.pending, t.index)
	return true
}

// timerHeap orders timers by instant, then by age.
type timerHeap []*virtualTimer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	if h[i].due.Equal(h[j].due) {
		return h[i].order < h[j].order
	}
	return h[i].due.Before(h[j].due)
}

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is for container/heap.
func (h *timerHeap) Push(x any) {
	t := x.(*virtualTimer)
	t.index = len(*h)
	*h = append(*h, t)
}

// Pop is for container/heap.
func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = fired
	return t
}

// popFirst takes the earliest timer out of the heap.
func (h *timerHeap) popFirst() *virtualTimer { return heap.Pop(h).(*virtualTimer) }
