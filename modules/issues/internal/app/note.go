package app

import (
	"context"
)

// Note says something that staff alone may read.
type Note struct{ desk *Desk }

// NewNote returns the use case.
func NewNote(desk *Desk) *Note { return &Note{desk: desk} }

// NoteCommand asks to do so.
type NoteCommand struct {
	ActCommand
	Text string
}

// Do notes. Errors: those of domain.Issue.Note; idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *Note) Do(ctx context.Context, cmd NoteCommand) error {
	return u.desk.perform(ctx, cmd.ActCommand, act{
		operation: "make an internal note",
		body:      cmd.Text,
		run: func(_ context.Context, p parties) error {
			return p.issue.Note(p.by, cmd.Text, p.now)
		},
	})
}
