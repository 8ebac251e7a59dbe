package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Triage says what an issue is about and how much it presses.
type Triage struct{ desk *Desk }

// NewTriage returns the use case.
func NewTriage(desk *Desk) *Triage { return &Triage{desk: desk} }

// TriageCommand asks to do so.
type TriageCommand struct {
	ActCommand
	Category domain.Category
	Priority domain.Priority
}

// Do triages. Errors: those of domain.Issue.Triage; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *Triage) Do(ctx context.Context, cmd TriageCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "triage an issue",
		body:      []string{string(cmd.Category), string(cmd.Priority)},
		run: func(_ context.Context, p parties) error {
			return p.issue.Triage(p.by, cmd.Category, cmd.Priority, u.desk.targets, p.now)
		},
	})
}
