package app

import (
	"context"
)

// Reopen takes a resolution back until the issue closes.
type Reopen struct{ desk *Desk }

// NewReopen returns the use case.
func NewReopen(desk *Desk) *Reopen { return &Reopen{desk: desk} }

// ReopenCommand asks to do so.
type ReopenCommand struct {
	ActCommand
	// Text is public and may be empty.
	Text string
}

// Do reopens, and tells a visitor who reported the issue, unless it was him. Errors: those of domain.Issue.Reopen;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Reopen) Do(ctx context.Context, cmd ReopenCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "reopen an issue",
		body:      cmd.Text,
		news:      true,
		run: func(_ context.Context, p parties) error {
			return p.issue.Reopen(p.by, cmd.Text, p.now)
		},
	})
}
