package app

import (
	"context"
	"fmt"

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

// Do involves. Who is asked for is looked up in the unit of work, so that nobody takes part who was deleted or suspended
// before. Errors: domain.ErrInvalidMember for nobody, and for whoever has no active account; those of domain.Issue.Involve;
// what the store of members reports; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Involve) Do(ctx context.Context, cmd InvolveCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "involve a member in an issue",
		body:      cmd.Member,
		run: func(ctx context.Context, p parties) error {
			if err := p.issue.Involve(p.by, cmd.Member, p.now); err != nil {
				return err
			}
			standing, err := u.desk.standings.Standing(ctx, cmd.Member, uuid.Nil)
			switch {
			case err != nil:
				return fmt.Errorf("look up member %s: %w", cmd.Member, err)
			case !standing.Active:
				return domain.ErrInvalidMember
			default:
				return nil
			}
		},
	})
}
