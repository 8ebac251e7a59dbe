package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Wait lets an issue wait for somebody; its clocks stand still.
type Wait struct{ desk *Desk }

// NewWait returns the use case.
func NewWait(desk *Desk) *Wait { return &Wait{desk: desk} }

// WaitCommand asks to do so.
type WaitCommand struct {
	ActCommand
	Awaited domain.AwaitedParty
	// Text is public and may be empty.
	Text string
}

// Do lets it wait, and tells a visitor who reported it. Errors: those of domain.Issue.Wait; idempotency.ErrInvalidKey,
// idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Wait) Do(ctx context.Context, cmd WaitCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "let an issue wait",
		body:      []string{string(cmd.Awaited), cmd.Text},
		news:      true,
		run: func(_ context.Context, p parties) error {
			return p.issue.Wait(p.by, cmd.Awaited, cmd.Text, p.now)
		},
	})
}
