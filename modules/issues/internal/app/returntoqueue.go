package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/events"
)

// returnedAtOnce is how many issues one unit of work returns: enough for what people have in hand, few enough that nobody
// waits long for the issues that it locks.
const returnedAtOnce = 100

// ReturnToQueue takes the issues from members who can no longer work on them, because they were suspended, have left, or
// have another part in the house now.
type ReturnToQueue struct {
	desk        *Desk
	assignments Assignments
}

// NewReturnToQueue returns the use case.
func NewReturnToQueue(desk *Desk, assignments Assignments) *ReturnToQueue {
	return &ReturnToQueue{desk: desk, assignments: assignments}
}

// Heard does Of for the member of a profilesapi.Event. Errors: a payload that is none; as Of.
func (u *ReturnToQueue) Heard(ctx context.Context, m events.Message) error {
	var e profilesapi.Event
	if err := json.Unmarshal(m.Payload, &e); err != nil {
		return fmt.Errorf("read %s: %w", m.Kind, err)
	}
	if e.MemberID == uuid.Nil {
		return fmt.Errorf("read %s: it names no member", m.Kind)
	}
	return u.Of(ctx, e.MemberID)
}

// Of returns the first hundred issues of the member, if he does not work here any more, in the unit of work in ctx. It is
// what an event brings; Do comes for the rest. Errors: what the stores report.
func (u *ReturnToQueue) Of(ctx context.Context, member uuid.UUID) error {
	_, _, err := u.portion(ctx, member, uuid.Nil)
	return err
}

// Do returns all issues of all who do not work here any more, a hundred in a unit of its own, and says how many. That finds
// also what somebody was given at the moment in which he was suspended. What cannot be returned of one does not hold up the
// others. Errors: what the stores report, joined; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ReturnToQueue) Do(ctx context.Context) (int, error) {
	members, err := u.assignments.Assignees(ctx)
	if err != nil {
		return 0, fmt.Errorf("look up who works on issues: %w", err)
	}
	returned, failed := 0, error(nil)
	for _, member := range members {
		n, err := u.all(ctx, member)
		returned += n
		failed = errors.Join(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return returned, failed
}

// all returns the issues of one member.
func (u *ReturnToQueue) all(ctx context.Context, member uuid.UUID) (int, error) {
	returned, after, more := 0, uuid.Nil, true
	for more {
		var n int
		var last uuid.UUID
		err := u.desk.work.Do(ctx, func(ctx context.Context) (err error) {
			n, last, err = u.portion(ctx, member, after)
			return err
		})
		if err != nil {
			return returned, err
		}
		returned += n
		after, more = last, last != uuid.Nil
	}
	return returned, nil
}

// portion returns the next issues of the member in the unit of work in ctx, and says how many. last is the one after which
// to go on; zero when there are no more.
func (u *ReturnToQueue) portion(ctx context.Context, member, after uuid.UUID) (returned int, last uuid.UUID, err error) {
	works, err := u.desk.staff.WorksHere(ctx, member)
	if err != nil {
		return 0, uuid.Nil, fmt.Errorf("look up whether %s works at the help desk: %w", member, err)
	}
	if works {
		return 0, uuid.Nil, nil
	}
	ids, err := u.assignments.AssignedTo(ctx, member, after, returnedAtOnce)
	if err != nil {
		return 0, uuid.Nil, fmt.Errorf("look up the issues of %s: %w", member, err)
	}
	returned, err = u.these(ctx, ids, member)
	if err != nil {
		return 0, uuid.Nil, err
	}
	if len(ids) == returnedAtOnce {
		last = ids[len(ids)-1]
	}
	return returned, last, nil
}

// these returns issues that are loaded together, and says how many.
func (u *ReturnToQueue) these(ctx context.Context, ids []uuid.UUID, member uuid.UUID) (returned int, err error) {
	err = u.desk.work.Do(ctx, func(ctx context.Context) error {
		returned = 0
		for _, id := range ids {
			done, err := u.one(ctx, id, member)
			if err != nil {
				return fmt.Errorf("return issue %s to the queue: %w", id, err)
			}
			if done {
				returned++
			}
		}
		return nil
	}, u.desk.issues.Loads(ids...))
	return returned, err
}

// one returns one issue, and reports whether there was anything to do: it may have been over, or somebody else's, by then.
func (u *ReturnToQueue) one(ctx context.Context, id, member uuid.UUID) (done bool, err error) {
	issue, err := u.desk.issues.Get(ctx, id)
	if err == nil {
		err = issue.ReturnToQueue(member, u.desk.clock.Now())
	}
	if errors.Is(err, domain.ErrTransition) || errors.Is(err, domain.ErrNotAssignee) || errors.Is(err, domain.ErrIssueNotFound) {
		return false, nil
	}
	return err == nil, err
}
