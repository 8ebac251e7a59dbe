package app

import (
	"context"

	"github.com/gavelhq/gavel/platform/identity"
)

// InviteMember sends somebody an invitation to register.
type InviteMember struct{ house *House }

// NewInviteMember returns the use case.
func NewInviteMember(house *House) *InviteMember { return &InviteMember{house: house} }

// InviteMemberCommand asks to invite somebody.
type InviteMemberCommand struct {
	// By is who invites; the zero Caller is the operator at the command line.
	By    identity.Caller
	Email string
	// Key makes the command safe to repeat.
	Key string
}

// Do invites and records the act. The text of the invitation is in the letter only. Errors: domain.ErrInvalidEmail,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *InviteMember) Do(ctx context.Context, cmd InviteMemberCommand) (InvitationRecord, error) {
	return InvitationRecord{}, errLater
}
