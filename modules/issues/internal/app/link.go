package app

import (
	"context"

	"github.com/google/uuid"
)

// Link notes on two issues that they belong together.
type Link struct{ desk *Desk }

// NewLink returns the use case.
func NewLink(desk *Desk) *Link { return &Link{desk: desk} }

// LinkCommand asks to do so.
type LinkCommand struct {
	ActCommand
	// Other is the other one.
	Other uuid.UUID
}

// Do links. Errors: those of domain.Issue.Link; domain.ErrAccusedWouldLearn; idempotency.ErrInvalidKey,
// idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Link) Do(ctx context.Context, cmd LinkCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "link issues",
		other:     &cmd.Other,
		run: func(_ context.Context, p parties) error {
			return p.issue.Link(p.by, p.other, p.now)
		},
	})
}
