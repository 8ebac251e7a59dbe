package clock

import (
	"sync"
	"time"
)

// Real is the machine's clock plus an offset, for example the measured distance to the database's clock.
//
// It never goes backwards: when the machine's clock is set back or the offset is lowered, Now stands still until the
// time it told last has been reached again. It is safe for concurrent use.
type Real struct {
	wall func() time.Time

	mu     sync.Mutex
	offset time.Duration
	last   time.Time
	timers map[*realTimer]struct{} // those not yet fired or stopped
}

// NewReal returns the machine's clock with no offset.
func NewReal() *Real { return newReal(time.Now) }

func newReal(wall func() time.Time) *Real {
	return &Real{wall: wall, timers: map[*realTimer]struct{}{}}
}

// Now returns the present instant, UTC, in whole microseconds; never one before an instant that it has returned.
func (r *Real) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now()
}

// now reads the clock; r.mu is held.
func (r *Real) now() time.Time {
	if t := r.unheld(); t.After(r.last) {
		r.last = t
	}
	return r.last
}

// unheld is the time that the clock would tell if it could go backwards; r.mu is held.
func (r *Real) unheld() time.Time { return Micros(r.wall().Add(r.offset)) }

// Offset returns what is added to the machine's clock.
func (r *Real) Offset() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.offset
}

// SetOffset changes what is added to the machine's clock. Running timers follow: one whose instant has now passed fires
// at once.
func (r *Real) SetOffset(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.offset = d
	for t := range r.timers {
		t.arm()
	}
}

// NewTimer returns a timer that fires once Now has moved on by d. A timer that is neither stopped nor fired is kept
// until its time comes.
func (r *Real) NewTimer(d time.Duration) Timer {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := &realTimer{clock: r, c: make(chan time.Time, 1), due: r.now().Add(max(d, 0))}
	if d <= 0 {
		t.c <- t.due
		return t
	}
	r.timers[t] = struct{}{}
	t.arm()
	return t
}

// realTimer is a timer of a Real clock. Its fields are guarded by the clock's mutex.
type realTimer struct {
	clock   *Real
	c       chan time.Time
	due     time.Time
	runtime *time.Timer
}

// arm lets the runtime wake the timer when the clock should have reached its instant; the clock's mutex is held.
func (t *realTimer) arm() {
	wait := t.due.Sub(t.clock.unheld())
	if t.runtime == nil {
		t.runtime = time.AfterFunc(wait, t.wake)
		return
	}
	t.runtime.Reset(wait)
}

// wake fires the timer, or arms it again when the clock has been set back since.
func (t *realTimer) wake() {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	if _, running := t.clock.timers[t]; !running {
		return
	}
	now := t.clock.now()
	if now.Before(t.due) {
		t.arm()
		return
	}
	delete(t.clock.timers, t)
	t.c <- now
}

func (t *realTimer) C() <-chan time.Time { return t.c }

func (t *realTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	_, running := t.clock.timers[t]
	if running {
		delete(t.clock.timers, t)
		t.runtime.Stop()
	}
	return running
}
