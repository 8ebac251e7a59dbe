package app

import (
	"context"

	"github.com/google/uuid"
)

// Reassign gives an issue that somebody works on to somebody else.
type Reassign struct{ desk *Desk }

// NewReassign returns the use case.
func NewReassign(desk *Desk) *Reassign { return &Reassign{desk: desk} }

// ReassignCommand asks to do so.
type ReassignCommand struct {
	ActCommand
	// Assignee will work on it.
	Assignee uuid.UUID
}

// Do reassigns. Errors: domain.ErrInvalidAssignee for who does not work at the help desk; those of domain.Issue.Reassign;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Reassign) Do(ctx context.Context, cmd ReassignCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "reassign an issue",
		body:      cmd.Assignee,
		run: func(ctx context.Context, p parties) error {
			if err := p.issue.Reassign(p.by, cmd.Assignee, p.now); err != nil {
				return err
			}
			return u.desk.worksHere(ctx, p.by, cmd.Assignee) // last, so that strangers learn nothing of it
		},
	})
}
