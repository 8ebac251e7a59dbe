package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Issue is the aggregate: one thing that somebody wants the help desk to look at. Its methods are the commands; each checks
// everything first, so that a refusal has changed nothing. It is not safe for concurrent use: the unit of work gives every
// command a copy of its own.
type Issue struct {
	state    IssueState
	recorded []Event // since Settle
	changed  bool    // since Settle
}

// RestoreIssue returns the issue as it was stored, unchecked.
func RestoreIssue(s IssueState) *Issue { return &Issue{state: s} }

// State returns the issue as plain data. What it refers to is shared and must not be modified.
func (i *Issue) State() IssueState { return i.state }

// ID returns the issue's identity.
func (i *Issue) ID() uuid.UUID { return i.state.ID }

// Version returns the number of commands that changed the issue; 0 before it was first stored.
func (i *Issue) Version() int64 { return i.state.Version }

// Snapshot returns an independent copy. It costs the same however long the issue's history is: whatever the state refers to
// is replaced when it changes, never modified.
func (i *Issue) Snapshot() *Issue {
	c := *i
	c.recorded = slices.Clone(i.recorded)
	return &c
}

// Settle ends a command: if it changed the issue the version moves by one. It hands over, and forgets, the events recorded
// since the last call.
func (i *Issue) Settle() (recorded []Event, changed bool) {
	recorded, changed = i.recorded, i.changed
	if changed {
		i.state.Version++
	}
	i.recorded, i.changed = nil, false
	return recorded, changed
}

// stamp is the instant of a command: now, or the last event's if the clock went back.
func (i *Issue) stamp(now time.Time) time.Time { return later(micros(now), i.state.LastAt) }

// author is who an event is ascribed to.
type author struct {
	role   Role
	member uuid.UUID
}

var byHouse = author{role: RoleHouse}

// record appends an event to the timeline. Change the state first: the event tells how it is afterwards.
func (i *Issue) record(by author, at time.Time, p Payload) {
	i.state.Seq++
	i.state.LastAt = at
	i.recorded = append(i.recorded, Event{
		Issue: i.state.ID, Seq: i.state.Seq, At: at, Role: by.role, Actor: by.member, State: i.state.State, Payload: p,
	})
	i.changed = true
}

// enter moves the issue into the state, and the clocks with it.
func (i *Issue) enter(s State, at time.Time) {
	i.state.State = s
	if s.ticks() {
		i.state.Clocks = i.state.Clocks.running(at)
	} else {
		i.state.Clocks = i.state.Clocks.standing(at)
	}
}

// turn is a command under way, on a copy of the issue on which the time until the command has passed.
type turn struct {
	*Issue
	original *Issue
	by       author
	actor    Actor
	at       time.Time
}

// begin starts a command that somebody gives. Errors, the first that applies: ErrIssueNotFound when he may not read the
// issue, ErrNotStaff and ErrNotReporter, ErrTransition, ErrNotAssignee.
func (i *Issue) begin(by Actor, c Command, now time.Time) (*turn, error) {
	t, err := i.approach(by, c, now)
	if err != nil {
		return nil, err
	}
	r := rights[c]
	switch {
	case r.staff && !t.mayWork():
		return nil, ErrNotStaff
	case r.reporter && t.by.role != RoleReporter && !t.mayWork():
		return nil, ErrNotReporter
	}
	if err := t.state.State.allow(c); err != nil {
		return nil, err
	}
	if r.assignee && by.ID != t.state.Assignee && !by.Lead {
		return nil, ErrNotAssignee
	}
	return t, nil
}

// approach makes a turn for whoever may read the issue. What the help desk alone may do, staff do as staff, also when they
// have reported the issue: else everybody would see that its reporter works there. Errors: ErrIssueNotFound.
func (i *Issue) approach(by Actor, c Command, now time.Time) (*turn, error) {
	role, err := i.state.Readers().role(by)
	if err != nil {
		return nil, err
	}
	if role == RoleReporter && by.Staff && rights[c].staff {
		role = RoleStaff
	}
	return i.turn(by, role, now), nil
}

// proceed starts a command that the house gives itself. Errors: ErrTransition.
func (i *Issue) proceed(c Command, now time.Time) (*turn, error) {
	t := i.turn(Actor{}, RoleHouse, now)
	return t, t.state.State.allow(c)
}

func (i *Issue) turn(by Actor, role Role, now time.Time) *turn {
	t := &turn{Issue: i.Snapshot(), original: i, by: author{role, by.ID}, actor: by, at: i.stamp(now)}
	t.pass(t.at)
	return t
}

// mayWork reports whether the actor works at the help desk; that he may read the issue was seen before.
func (t *turn) mayWork() bool { return t.actor.Staff && t.actor.ID != uuid.Nil }

// tell records the event of the command.
func (t *turn) tell(p Payload) { t.record(t.by, t.at, p) }

// answer notes that the reporter hears from staff. Whoever works on what he has reported himself waits for nobody's answer.
func (t *turn) answer() {
	if t.by.role == RoleStaff || t.actor.Staff && t.actor.ID == t.state.Assignee {
		t.state.Clocks = t.state.Clocks.responded(t.at)
	}
}

// endsAt is when an issue ends that the command ends: not before it was reported elsewhere, by a clock that is ahead of ours.
func (t *turn) endsAt() time.Time { return later(t.at, t.state.ReportedAt) }

// done makes what the command did the issue's.
func (t *turn) done() { *t.original = *t.Issue }

// right says who may give a command, beyond those who may read the issue.
type right struct {
	staff    bool // the help desk alone
	reporter bool // the reporter or the help desk
	assignee bool // the assignee or a lead
}

// rights of the commands that people give.
var rights = map[Command]right{
	CommandTriage:   {staff: true},
	CommandPick:     {staff: true},
	CommandAssign:   {staff: true},
	CommandReassign: {staff: true},
	CommandWait:     {staff: true, assignee: true},
	CommandResume:   {staff: true, assignee: true},
	CommandNote:     {staff: true},
	CommandInvolve:  {staff: true},
	CommandLink:     {staff: true},
	CommandResolve:  {staff: true, assignee: true},
	CommandReject:   {staff: true},
	CommandMerge:    {staff: true},
	CommandFreeze:   {staff: true},
	CommandCancel:   {staff: true},
	CommandReopen:   {reporter: true},
	CommandComment:  {}, // whoever may read the issue
}
