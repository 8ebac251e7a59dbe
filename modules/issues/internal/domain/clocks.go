package domain

import "time"

// Clock names one of the two clocks of an issue.
type Clock string

// The clocks.
const (
	ClockFirstResponse Clock = "first_response"
	ClockResolution    Clock = "resolution"
)

// Clocks measure working time since the report: not while the issue waits, and not while it is resolved. Both clocks run
// and stop together, so that they share one measure. It is plain data; nothing in it depends on when somebody looks.
type Clocks struct {
	// Target is that of the present priority.
	Target Target
	// Used is the working time until RunningSince, or in all while the clocks stand still.
	Used time.Duration
	// RunningSince is when the clocks last began to run; zero while they stand still.
	RunningSince time.Time
	// RespondedAt is when staff first said something to the reporter; zero before.
	RespondedAt time.Time
	// FirstResponseDue and ResolutionDue are the instants at which the targets will be missed; zero while the clocks stand
	// still, and for good once the target was missed or, of the first response, met.
	FirstResponseDue, ResolutionDue time.Time
	// FirstResponseMissed and ResolutionMissed are the instants at which the targets were missed; zero if they were not.
	FirstResponseMissed, ResolutionMissed time.Time
}

// UsedAt returns the working time until the instant now.
func (c Clocks) UsedAt(now time.Time) time.Duration {
	if c.RunningSince.IsZero() {
		return c.Used
	}
	return c.Used + max(0, micros(now).Sub(c.RunningSince))
}

// running returns the clocks running from at; nothing changes for those that run already.
func (c Clocks) running(at time.Time) Clocks {
	if c.RunningSince.IsZero() {
		c.RunningSince = at
	}
	return c.planned(at)
}

// standing returns the clocks standing still from at.
func (c Clocks) standing(at time.Time) Clocks {
	c.Used, c.RunningSince = c.UsedAt(at), time.Time{}
	return c.planned(at)
}

// under returns the clocks under another target, over the time already used.
func (c Clocks) under(target Target, at time.Time) Clocks {
	c.Target = target
	return c.planned(at)
}

// responded returns the clocks after staff said something to the reporter.
func (c Clocks) responded(at time.Time) Clocks {
	if c.RespondedAt.IsZero() {
		c.RespondedAt = at
	}
	return c.planned(at)
}

// missed returns the clocks after one target was missed.
func (c Clocks) missed(clock Clock, at time.Time) Clocks {
	if clock == ClockFirstResponse {
		c.FirstResponseMissed = at
	} else {
		c.ResolutionMissed = at
	}
	return c.planned(at)
}

// planned returns the clocks with the instants at which the targets will be missed.
func (c Clocks) planned(at time.Time) Clocks {
	c.FirstResponseDue, c.ResolutionDue = time.Time{}, time.Time{}
	if c.RunningSince.IsZero() || c.Target == (Target{}) {
		return c
	}
	if c.RespondedAt.IsZero() && c.FirstResponseMissed.IsZero() {
		c.FirstResponseDue = c.dueAfter(c.Target.FirstResponse, at)
	}
	if c.ResolutionMissed.IsZero() {
		c.ResolutionDue = c.dueAfter(c.Target.Resolution, at)
	}
	return c
}

// dueAfter returns when the working time reaches the target. When a higher priority has brought a target that is over
// already, that is now: nobody had promised it before.
func (c Clocks) dueAfter(target time.Duration, at time.Time) time.Time {
	return later(c.RunningSince.Add(target-c.Used), at)
}

// Breaches records each target that was missed until the instant now, once for each clock in the life of an issue and
// stamped with the instant that was missed, however late it is called; every other command does it by itself. It reports
// whether it recorded any.
func (i *Issue) Breaches(now time.Time) bool {
	next := i.Snapshot()
	next.passBreaches(next.stamp(now))
	if len(next.recorded) == len(i.recorded) {
		return false
	}
	*i = *next
	return true
}

// pass records what the time until at has brought: targets that were missed, and the closing.
func (i *Issue) pass(at time.Time) {
	i.passBreaches(at)
	if i.state.State == StateResolved && !at.Before(i.state.ClosesAt) {
		i.close()
	}
}

func (i *Issue) passBreaches(at time.Time) {
	for range 2 { // clocks
		c := i.state.Clocks
		due := earliest(c.FirstResponseDue, c.ResolutionDue)
		if due.IsZero() || at.Before(due) {
			return
		}
		clock, target := ClockResolution, c.Target.Resolution
		if due.Equal(c.FirstResponseDue) {
			clock, target = ClockFirstResponse, c.Target.FirstResponse
		}
		i.state.Clocks = c.missed(clock, due)
		i.record(byHouse, due, Breached{Clock: clock, Target: target})
	}
}
