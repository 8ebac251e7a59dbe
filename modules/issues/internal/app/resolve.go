package app

import (
	"context"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Resolve says how an issue ended.
type Resolve struct{ desk *Desk }

// NewResolve returns the use case.
func NewResolve(desk *Desk) *Resolve { return &Resolve{desk: desk} }

// ResolveCommand asks to do so.
type ResolveCommand struct {
	ActCommand
	Resolution domain.Resolution
	// Text is public.
	Text string
}

// Do resolves, and tells a visitor who reported the issue. Errors: those of domain.Issue.Resolve;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Resolve) Do(ctx context.Context, cmd ResolveCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "resolve an issue",
		body:      []string{string(cmd.Resolution), cmd.Text},
		news:      true,
		run: func(_ context.Context, p parties) error {
			return p.issue.Resolve(p.by, cmd.Resolution, cmd.Text, p.now)
		},
	})
}
