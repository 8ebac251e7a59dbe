package app

import (
	"context"

	"github.com/google/uuid"
)

// Assign gives an issue in the queue to somebody.
type Assign struct{ desk *Desk }

// NewAssign returns the use case.
func NewAssign(desk *Desk) *Assign { return &Assign{desk: desk} }

// AssignCommand asks to do so.
type AssignCommand struct {
	ActCommand
	// Assignee will work on it.
	Assignee uuid.UUID
}

// Do assigns. Errors: domain.ErrInvalidAssignee for who does not work at the help desk; those of domain.Issue.Assign;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Assign) Do(ctx context.Context, cmd AssignCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "assign an issue",
		body:      cmd.Assignee,
		run: func(ctx context.Context, p parties) error {
			if err := p.issue.Assign(p.by, cmd.Assignee, p.now); err != nil {
				return err
			}
			return u.desk.worksHere(ctx, p.by, cmd.Assignee) // last, so that strangers learn nothing of it
		},
	})
}
