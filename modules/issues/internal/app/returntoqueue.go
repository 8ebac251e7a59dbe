package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// returnedAtOnce is how many issues are looked up in one go.
const returnedAtOnce = 100

// ReturnToQueue takes the issues from a member who can no longer work on them, because he was suspended or has left.
type ReturnToQueue struct {
	desk        *Desk
	assignments Assignments
}

// NewReturnToQueue returns the use case.
func NewReturnToQueue(desk *Desk, assignments Assignments) *ReturnToQueue {
	return &ReturnToQueue{desk: desk, assignments: assignments}
}

// Do returns all of them, each in a unit of its own, and says how many. Doing so again changes nothing. Errors: what the
// store reports; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ReturnToQueue) Do(ctx context.Context, member uuid.UUID) (int, error) {
	returned, after := 0, uuid.Nil
	for {
		ids, err := u.assignments.AssignedTo(ctx, member, after, returnedAtOnce)
		if err != nil {
			return returned, fmt.Errorf("look up the issues of %s: %w", member, err)
		}
		for _, id := range ids {
			done, err := u.one(ctx, id, member)
			if err != nil {
				return returned, fmt.Errorf("return issue %s to the queue: %w", id, err)
			}
			if done {
				returned++
			}
		}
		if len(ids) < returnedAtOnce {
			return returned, nil
		}
		after = ids[len(ids)-1]
	}
}

// one returns one issue, and reports whether there was anything to do: it may have been over, or somebody else's, by then.
func (u *ReturnToQueue) one(ctx context.Context, id, member uuid.UUID) (done bool, err error) {
	err = u.desk.work.Do(ctx, func(ctx context.Context) error {
		issue, err := u.desk.issues.Get(ctx, id)
		if err != nil {
			return err
		}
		return issue.ReturnToQueue(member, u.desk.clock.Now())
	}, u.desk.issues.Loads(id))
	if errors.Is(err, domain.ErrTransition) || errors.Is(err, domain.ErrNotAssignee) || errors.Is(err, domain.ErrIssueNotFound) {
		return false, nil
	}
	return err == nil, err
}
