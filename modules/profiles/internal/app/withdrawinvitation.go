package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// WithdrawInvitation makes an invitation worthless.
type WithdrawInvitation struct{ house *House }

// NewWithdrawInvitation returns the use case.
func NewWithdrawInvitation(house *House) *WithdrawInvitation {
	return &WithdrawInvitation{house: house}
}

// WithdrawInvitationCommand asks to withdraw an invitation.
type WithdrawInvitationCommand struct {
	// By is who withdraws; the zero Caller is the operator at the command line.
	By         identity.Caller
	Invitation uuid.UUID
}

// Do withdraws it and records the act. Errors: domain.ErrInvitationNotFound; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *WithdrawInvitation) Do(ctx context.Context, cmd WithdrawInvitationCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "withdraw an invitation", by: cmd.By.ID},
		func(ctx context.Context, now time.Time) (letter, error) {
			if err := h.stillHas(ctx, cmd.By); err != nil {
				return nil, err
			}
			if err := h.Invitations.Remove(ctx, cmd.Invitation); err != nil {
				return nil, err
			}
			return nil, h.record(ctx, cmd.By, "members.withdraw_invitation", cmd.Invitation, "", "", now)
		})
}
