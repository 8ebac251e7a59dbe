package domain

import (
	"time"

	"github.com/google/uuid"
)

// Pick takes the issue from the queue, by the member of staff who will work on it. Errors, the first that applies:
// ErrIssueNotFound, ErrNotStaff, ErrTransition.
func (i *Issue) Pick(by Actor, now time.Time) error {
	t, err := i.begin(by, CommandPick, now)
	if err != nil {
		return err
	}
	t.hand(by.ID)
	t.tell(Picked{Assignee: by.ID})
	t.done()
	return nil
}

// Assign gives an issue in the queue to somebody, by a lead; to oneself anybody of staff may. That the assignee works at the
// help desk is the use case's to see. Errors, the first that applies: ErrIssueNotFound, ErrNotStaff, ErrTransition,
// ErrNotLead, ErrInvalidAssignee, ErrAssigneeConcerned.
func (i *Issue) Assign(by Actor, assignee uuid.UUID, now time.Time) error {
	t, err := i.begin(by, CommandAssign, now)
	if err != nil {
		return err
	}
	if assignee != by.ID && !by.Lead {
		return ErrNotLead
	}
	if err := t.canWork(assignee); err != nil {
		return err
	}
	t.hand(assignee)
	t.tell(Assigned{Assignee: assignee})
	t.done()
	return nil
}

// Reassign gives the issue to somebody else, by a lead. What waits goes on waiting. Errors: as Assign;
// ErrAlreadyAssigned.
func (i *Issue) Reassign(by Actor, assignee uuid.UUID, now time.Time) error {
	t, err := i.begin(by, CommandReassign, now)
	if err != nil {
		return err
	}
	if !by.Lead {
		return ErrNotLead
	}
	if err := t.canWork(assignee); err != nil {
		return err
	}
	former := t.state.Assignee
	if former == assignee {
		return ErrAlreadyAssigned
	}
	t.state.Assignee = assignee
	t.tell(Reassigned{Former: former, Assignee: assignee})
	t.done()
	return nil
}

// ReturnToQueue takes the issue from a member who can no longer work on it, because he was suspended or has left: it goes
// back into the queue, and its clocks run again if it waited. What is resolved stays so, and goes into the queue if it is
// reopened. Errors: ErrTransition, ErrNotAssignee when it is not his.
func (i *Issue) ReturnToQueue(member uuid.UUID, now time.Time) error {
	t, err := i.proceed(CommandReturn, now)
	if err != nil {
		return err
	}
	if member == uuid.Nil || t.state.Assignee != member {
		return ErrNotAssignee
	}
	t.state.Assignee, t.state.Awaited = uuid.Nil, ""
	if t.state.State != StateResolved {
		t.enter(StateTriaged, t.at)
	}
	t.tell(Returned{Former: member})
	t.done()
	return nil
}

// hand gives the issue to its first assignee.
func (t *turn) hand(assignee uuid.UUID) {
	t.state.Assignee = assignee
	t.enter(StateAssigned, t.at)
}

// canWork refuses an assignee. Whoever reported the issue may work on it, even if it is about himself. Errors:
// ErrInvalidAssignee, ErrAssigneeConcerned.
func (t *turn) canWork(assignee uuid.UUID) error {
	switch {
	case assignee == uuid.Nil:
		return ErrInvalidAssignee
	case t.state.MustNotKnow() == assignee:
		return ErrAssigneeConcerned
	default:
		return nil
	}
}

// Assignment is one stretch of an issue's life in which somebody worked on it.
type Assignment struct {
	// Assignee is who, By who gave it to him; the same if he picked it.
	Assignee, By uuid.UUID
	// From and Until are when; Until is zero while it lasts.
	From, Until time.Time
}

// Assignments returns the history of assignments, oldest first, out of the whole timeline or its part of kinds picked,
// assigned, reassigned, returned, rejected, merged and closed.
func Assignments(timeline []Event) []Assignment {
	var all []Assignment
	end := func(at time.Time) {
		if n := len(all); n > 0 && all[n-1].Until.IsZero() {
			all[n-1].Until = at
		}
	}
	begin := func(e Event, assignee uuid.UUID) {
		end(e.At)
		all = append(all, Assignment{Assignee: assignee, By: e.Actor, From: e.At})
	}
	for _, e := range timeline {
		switch p := e.Payload.(type) {
		case Picked:
			begin(e, p.Assignee)
		case Assigned:
			begin(e, p.Assignee)
		case Reassigned:
			begin(e, p.Assignee)
		case Returned, Rejected, Merged, Closed:
			end(e.At)
		}
	}
	return all
}
