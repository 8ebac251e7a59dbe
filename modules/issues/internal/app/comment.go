package app

import (
	"context"

	"github.com/google/uuid"
)

// freeComments is how many comments in a row cost whoever is not of staff no delay: each of them tells others something.
const freeComments = 20

// Comment says something to all who may read an issue.
type Comment struct{ desk *Desk }

// NewComment returns the use case.
func NewComment(desk *Desk) *Comment { return &Comment{desk: desk} }

// CommentCommand asks to do so.
type CommentCommand struct {
	ActCommand
	Text string
}

// Do comments, and tells a visitor who reported the issue, unless it was him. Comments are counted for each member, and for
// the visitor of an issue whichever of his links he shows; those of staff are not. Errors: those of domain.Issue.Comment; a
// fault of kind limited for too many in a row; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *Comment) Do(ctx context.Context, cmd CommentCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "comment on an issue",
		body:      cmd.Text,
		news:      true,
		run: func(ctx context.Context, p parties) error {
			if err := p.issue.Comment(p.by, cmd.Text, p.now); err != nil || p.by.Staff {
				return err
			}
			return u.desk.throttles.Attempt(ctx, "comment on an issue", commentator(p), freeComments)
		},
	})
}

// commentator names whose comments are counted together.
func commentator(p parties) string {
	if p.by.ID == uuid.Nil {
		return "the visitor of " + p.issue.ID().String()
	}
	return p.by.ID.String()
}
