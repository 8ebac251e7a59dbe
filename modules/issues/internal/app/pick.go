package app

import (
	"context"
)

// Pick takes an issue from the queue, for whoever will work on it.
type Pick struct{ desk *Desk }

// NewPick returns the use case.
func NewPick(desk *Desk) *Pick { return &Pick{desk: desk} }

// Do picks. Errors: those of domain.Issue.Pick; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *Pick) Do(ctx context.Context, cmd ActCommand) error {
	return u.desk.perform(ctx, cmd, act{
		operation: "pick an issue",
		run: func(_ context.Context, p parties) error {
			return p.issue.Pick(p.by, p.now)
		},
	})
}
