package app

import (
	"context"
)

// Resume ends the waiting of an issue.
type Resume struct{ desk *Desk }

// NewResume returns the use case.
func NewResume(desk *Desk) *Resume { return &Resume{desk: desk} }

// Do resumes. Errors: those of domain.Issue.Resume; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *Resume) Do(ctx context.Context, cmd ActCommand) error {
	return u.desk.perform(ctx, cmd, act{
		operation: "resume an issue",
		run: func(_ context.Context, p parties) error {
			return p.issue.Resume(p.by, p.now)
		},
	})
}
