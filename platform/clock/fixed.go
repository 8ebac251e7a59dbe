package clock

import "time"

// Fixed is a clock that stands still, for tests in which time plays no part.
type Fixed struct {
	at time.Time
}

// NewFixed returns a clock that always says at, in UTC and cut to the microsecond.
func NewFixed(at time.Time) Fixed { return Fixed{at: Micros(at)} }

// Now returns the instant at which the clock stands.
func (f Fixed) Now() time.Time { return f.at }

// NewTimer returns a timer that fires at once when d is not positive, and otherwise never: this clock
// does not move on.
func (f Fixed) NewTimer(d time.Duration) Timer {
	t := &fixedTimer{c: make(chan time.Time, 1), pending: d > 0}
	if !t.pending {
		t.c <- f.at
	}
	return t
}

// fixedTimer is a timer of a Fixed clock. Only its owner stops it, as with time.Timer, so it needs no lock.
type fixedTimer struct {
	c       chan time.Time
	pending bool
}

func (t *fixedTimer) C() <-chan time.Time { return t.c }

func (t *fixedTimer) Stop() bool {
	was := t.pending
	t.pending = false
	return was
}
