package domain

import (
	"maps"
	"slices"
	"time"
)

// State is where an issue is in its life.
type State string

// The states. The last three are final.
const (
	StateUnconfirmed State = "unconfirmed" // a visitor has yet to confirm his address; nobody sees it
	StateReported    State = "reported"
	StateTriaged     State = "triaged"  // in the queue, or back in it
	StateAssigned    State = "assigned" // somebody works on it
	StateWaiting     State = "waiting"  // for the reporter or a third party; the clocks stand still
	StateResolved    State = "resolved"
	StateClosed      State = "closed"
	StateRejected    State = "rejected"
	StateMerged      State = "merged" // another issue goes on in its place
)

// Command names what can be done to an issue.
type Command string

// The commands beside reporting and importing, which make an issue.
const (
	CommandConfirm  Command = "confirm" // the visitor's address
	CommandTriage   Command = "triage"
	CommandPick     Command = "pick"
	CommandAssign   Command = "assign"
	CommandReassign Command = "reassign"
	CommandReturn   Command = "return" // to the queue, when the assignee can no longer work
	CommandWait     Command = "wait"
	CommandResume   Command = "resume" // what waited
	CommandComment  Command = "comment"
	CommandNote     Command = "note" // internal
	CommandInvolve  Command = "involve"
	CommandLink     Command = "link"
	CommandResolve  Command = "resolve"
	CommandReopen   Command = "reopen"
	CommandReject   Command = "reject"
	CommandMerge    Command = "merge"
	CommandFreeze   Command = "freeze" // the listing that it is about
	CommandCancel   Command = "cancel" // likewise
	CommandClose    Command = "close"  // by the clock
)

// machine is the whole state machine: what may be done in each state. Where a command leads to is its method's to say.
var machine = map[State][]Command{
	StateUnconfirmed: {CommandConfirm},
	StateReported: {
		CommandCancel, CommandComment, CommandFreeze, CommandInvolve, CommandLink, CommandMerge, CommandNote, CommandReject,
		CommandTriage,
	},
	StateTriaged: {
		CommandAssign, CommandCancel, CommandComment, CommandFreeze, CommandInvolve, CommandLink, CommandMerge, CommandNote, CommandPick, CommandReject,
		CommandTriage,
	},
	StateAssigned: {
		CommandCancel, CommandComment, CommandFreeze, CommandInvolve, CommandLink, CommandMerge, CommandNote, CommandReassign, CommandReject, CommandResolve,
		CommandReturn, CommandTriage, CommandWait,
	},
	StateWaiting: {
		CommandCancel, CommandComment, CommandFreeze, CommandInvolve, CommandLink, CommandMerge, CommandNote, CommandReassign, CommandReject, CommandResolve,
		CommandResume, CommandReturn, CommandTriage,
	},
	StateResolved: {CommandClose, CommandComment, CommandLink, CommandNote, CommandReopen, CommandReturn},
	StateClosed:   {CommandLink, CommandNote},
	StateRejected: {CommandLink, CommandNote},
	StateMerged:   {CommandLink, CommandNote},
}

// byItself are the commands that nobody gives: no refusal offers them.
var byItself = []Command{CommandClose, CommandReturn}

// States returns all states, sorted.
func States() []State { return slices.Sorted(maps.Keys(machine)) }

// Commands returns all commands, sorted.
func Commands() []Command {
	var all []Command
	for _, allowed := range machine {
		all = append(all, allowed...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Allows returns the commands that people may give in the state, sorted.
func (s State) Allows() []Command {
	allowed := slices.DeleteFunc(slices.Clone(machine[s]), func(c Command) bool { return slices.Contains(byItself, c) })
	slices.Sort(allowed)
	return allowed
}

// Open reports whether there is still something to do for staff.
func (s State) Open() bool {
	return s == StateReported || s == StateTriaged || s == StateAssigned || s == StateWaiting
}

// Final reports whether the issue is over for good.
func (s State) Final() bool { return s == StateClosed || s == StateRejected || s == StateMerged }

// ticks reports whether the clocks run in the state.
func (s State) ticks() bool { return s.Open() && s != StateWaiting }

// allow refuses what the state does not allow. Errors: ErrTransition, with the fields state and allowed.
func (s State) allow(c Command) error {
	if slices.Contains(machine[s], c) {
		return nil
	}
	return notAllowed(s, c)
}

// Phase is what the state depends on at any instant. The job stores the closing some time after it happened; Phase gives
// the same answer before and after.
type Phase struct {
	// Stored is the state as last stored.
	Stored State
	// ClosesAt is when what was resolved closes; zero unless resolved.
	ClosesAt time.Time
}

// At returns the state at the instant now, whether or not the job has run: closed means ClosesAt ≤ now.
func (p Phase) At(now time.Time) State {
	if p.Stored == StateResolved && !now.Before(p.ClosesAt) {
		return StateClosed
	}
	return p.Stored
}

// EndAt returns when the issue was over, given what is stored, whether or not the job has run; zero if it is not at the
// instant now.
func (p Phase) EndAt(stored, now time.Time) time.Time {
	if stored.IsZero() && p.At(now) == StateClosed {
		return p.ClosesAt
	}
	return stored
}
