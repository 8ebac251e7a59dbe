package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Involve lets a member take part in an issue.
type Involve struct{ desk *Desk }

// NewInvolve returns the use case.
func NewInvolve(desk *Desk) *Involve { return &Involve{desk: desk} }

// InvolveCommand asks to do so.
type InvolveCommand struct {
	ActCommand
	// Member will take part.
	Member uuid.UUID
}

// Do involves. Errors: domain.ErrInvalidMember for nobody; those of domain.Issue.Involve; what the directory of members
// reports; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Involve) Do(ctx context.Context, cmd InvolveCommand) error {
	if err := u.desk.mustExist(ctx, cmd.Member, domain.ErrInvalidMember); err != nil {
		return err
	}
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "involve a member in an issue",
		body:      cmd.Member,
		run: func(_ context.Context, p parties) error {
			return p.issue.Involve(p.by, cmd.Member, p.now)
		},
	})
}
