package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Reject ends an issue unresolved.
type Reject struct{ desk *Desk }

// NewReject returns the use case.
func NewReject(desk *Desk) *Reject { return &Reject{desk: desk} }

// RejectCommand asks to do so.
type RejectCommand struct {
	ActCommand
	Reason domain.RejectionReason
	// DuplicateOf is the issue that a duplicate is one of; it counts for duplicates alone.
	DuplicateOf uuid.UUID
	// Text is public and may be empty.
	Text string
}

// Do rejects, and tells a visitor who reported the issue; but whoever sent spam gets no letter. Errors: those of
// domain.Issue.Reject and RejectAsDuplicate; domain.ErrAccusedWouldLearn for a duplicate; idempotency.ErrInvalidKey,
// idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Reject) Do(ctx context.Context, cmd RejectCommand) error {
	a := act{
		operation: "reject an issue",
		body:      []string{string(cmd.Reason), cmd.Text},
		news:      cmd.Reason != domain.RejectedSpam,
		run: func(_ context.Context, p parties) error {
			return p.issue.Reject(p.by, cmd.Reason, cmd.Text, p.now)
		},
	}
	if cmd.Reason == domain.RejectedDuplicate {
		a.other = &cmd.DuplicateOf
		a.run = func(_ context.Context, p parties) error {
			return p.issue.RejectAsDuplicate(p.by, p.other, cmd.Text, p.now)
		}
	}
	return u.desk.perform(ctx, cmd.ActCommand, a)
}
