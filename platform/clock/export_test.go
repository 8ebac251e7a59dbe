package clock

import "time"

// NewRealOn returns a Real clock that reads the given wall clock, so that tests can set that back.
func NewRealOn(wall func() time.Time) *Real { return newReal(wall) }
