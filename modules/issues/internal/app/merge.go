package app

import (
	"context"

	"github.com/google/uuid"
)

// Merge ends an issue in favour of another one.
type Merge struct{ desk *Desk }

// NewMerge returns the use case.
func NewMerge(desk *Desk) *Merge { return &Merge{desk: desk} }

// MergeCommand asks to do so.
type MergeCommand struct {
	ActCommand
	// Into goes on in its place.
	Into uuid.UUID
	// Text is public and may be empty.
	Text string
}

// Do merges, and tells a visitor who reported the issue that ends. Errors: those of domain.Issue.Merge;
// domain.ErrAccusedWouldLearn; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Merge) Do(ctx context.Context, cmd MergeCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "merge an issue",
		body:      cmd.Text,
		other:     &cmd.Into,
		news:      true,
		run: func(_ context.Context, p parties) error {
			return p.issue.Merge(p.by, p.other, cmd.Text, p.now)
		},
	})
}
