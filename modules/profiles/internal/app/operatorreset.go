package app

import (
	"context"

	"github.com/google/uuid"
)

// OperatorReset sets a member's password at the command line.
type OperatorReset struct{ house *House }

// NewOperatorReset returns the use case.
func NewOperatorReset(house *House) *OperatorReset { return &OperatorReset{house: house} }

// OperatorResetCommand asks for another password.
type OperatorResetCommand struct {
	// Member is who, Password his new one.
	Member   uuid.UUID
	Password string
}

// Do sets the password, ends every session, and records the act. Errors: domain.ErrMemberNotFound, ErrPasswordLength,
// ErrCommonPassword; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *OperatorReset) Do(ctx context.Context, cmd OperatorResetCommand) error { return errLater }
