// Package clock tells the time so that tests and replays can decide what time it is.
//
// Every instant that leaves this package is UTC and cut to the microsecond, which is what the databases keep.
package clock

import "time"

// Clock tells the time and waits for it.
type Clock interface {
	// Now returns the present instant, UTC, in whole microseconds.
	Now() time.Time
	// NewTimer returns a timer that fires once when the clock has moved on by d; at once when d is not positive.
	NewTimer(d time.Duration) Timer
}

// Timer fires once.
type Timer interface {
	// C receives the instant at which the timer fired.
	C() <-chan time.Time
	// Stop keeps the timer from firing and reports whether it was in time.
	Stop() bool
}

// Micros cuts t to whole microseconds and moves it to UTC.
func Micros(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
