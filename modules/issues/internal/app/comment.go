package app

import (
	"context"
)

// Comment says something to all who may read an issue.
type Comment struct{ desk *Desk }

// NewComment returns the use case.
func NewComment(desk *Desk) *Comment { return &Comment{desk: desk} }

// CommentCommand asks to do so.
type CommentCommand struct {
	ActCommand
	Text string
}

// Do comments, and tells a visitor who reported the issue, unless it was him. Errors: those of domain.Issue.Comment;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Comment) Do(ctx context.Context, cmd CommentCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "comment on an issue",
		body:      cmd.Text,
		news:      true,
		run: func(_ context.Context, p parties) error {
			return p.issue.Comment(p.by, cmd.Text, p.now)
		},
	})
}
