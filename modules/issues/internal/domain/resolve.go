package domain

import (
	"slices"
	"time"
)

// CloseAfter is how long after its resolution an issue can be reopened. Then it closes, but not before the instant of its
// report, which may lie ahead for one that was imported.
const CloseAfter = 7 * 24 * time.Hour

// Resolve says how the issue ended, in public words, by the assignee or a lead. What is resolved is not resolved again,
// unless it was reopened. Errors, the first that applies: ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrNotAssignee,
// ErrInvalidResolution and ErrInvalidText.
func (i *Issue) Resolve(by Actor, resolution Resolution, text string, now time.Time) error {
	t, err := i.begin(by, CommandResolve, now)
	if err != nil {
		return err
	}
	var refused fieldErrors
	refused.check(slices.Contains(Resolutions, resolution), ErrInvalidResolution)
	refused.check(said(text), ErrInvalidText)
	if err := refused.err(); err != nil {
		return err
	}
	t.answer()
	s := &t.state
	s.Awaited = ""
	s.Resolution, s.ResolvedAt, s.ClosesAt = resolution, t.at, later(t.at.Add(CloseAfter), s.ReportedAt)
	t.enter(StateResolved, t.at)
	t.tell(Resolved{Resolution: resolution, Text: text, ClosesAt: s.ClosesAt})
	t.done()
	return nil
}

// Reopen takes a resolution back until the issue closes, by the reporter or staff. It goes back to its assignee, or into the
// queue; the clock of the resolution runs on with what was left. The text, which may be empty, says why. Errors, the first
// that applies: ErrIssueNotFound, ErrNotReporter, ErrTransition, ErrInvalidText.
func (i *Issue) Reopen(by Actor, text string, now time.Time) error {
	t, err := i.begin(by, CommandReopen, now)
	if err != nil {
		return err
	}
	return t.reopen(text)
}

// Recall is Reopen in the name of the house, because of what has happened elsewhere. Errors, the first that applies:
// ErrTransition, ErrInvalidText.
func (i *Issue) Recall(text string, now time.Time) error {
	t, err := i.proceed(CommandReopen, now)
	if err != nil {
		return err
	}
	return t.reopen(text)
}

// reopen takes the resolution back. Errors: ErrInvalidText.
func (t *turn) reopen(text string) error {
	if !validText(text) {
		return ErrInvalidText
	}
	s := &t.state
	s.Resolution, s.ResolvedAt, s.ClosesAt = "", time.Time{}, time.Time{}
	t.enter(s.working(), t.at)
	t.tell(Reopened{Text: text})
	t.done()
	return nil
}

// working is the state of an issue that is worked on, or will be.
func (s IssueState) working() State {
	if s.Assignee == (IssueState{}).Assignee {
		return StateTriaged
	}
	return StateAssigned
}

// Close closes what was resolved CloseAfter before, by the clock, stamped with the instant at which it was due, however late
// it is called. Errors: ErrTransition, also when it is too early.
func (i *Issue) Close(now time.Time) error {
	next := i.Snapshot()
	next.pass(next.stamp(now))
	if i.state.State != StateResolved || next.state.State != StateClosed {
		return notAllowed(i.state.State, CommandClose)
	}
	*i = *next
	return nil
}

// close closes what was resolved.
func (i *Issue) close() {
	at := i.state.ClosesAt
	i.state.ClosesAt, i.state.EndedAt = time.Time{}, at
	i.enter(StateClosed, at)
	i.record(byHouse, at, Closed{})
}
