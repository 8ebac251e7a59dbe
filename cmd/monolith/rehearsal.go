package main

import (
	"fmt"
	"io"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
)

// newClock returns the program's clock, which in a rehearsal is ahead of the machine's.
func newClock(rehearsal config.Rehearsal) *clock.Real {
	c := clock.NewReal()
	c.SetOffset(rehearsal.ClockAhead)
	return c
}

// checkRehearsal is a rule about keys: only the embedded database leaves the clock to the program.
func checkRehearsal(cfg config.Config) []config.Problem {
	if _, embedded := cfg.Database.URL.SQLite(); embedded || cfg.Rehearsal.ClockAhead == 0 {
		return nil
	}
	return []config.Problem{{
		Key:    "rehearsal.clock_ahead",
		Value:  cfg.Rehearsal.ClockAhead.String(),
		Detail: "must be 0s with PostgreSQL, whose clock all servers follow",
	}}
}

// warnOfRehearsal tells people that what they see is not today.
func warnOfRehearsal(stderr io.Writer, rehearsal config.Rehearsal) {
	if rehearsal.ClockAhead > 0 {
		fmt.Fprintf(stderr, "monolith: warning: this is a rehearsal: the clock is %s ahead (rehearsal.clock_ahead)\n", rehearsal.ClockAhead)
	}
}
