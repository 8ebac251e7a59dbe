package app

import (
	"context"

	"github.com/google/uuid"
)

// CreateAdmin makes an admin at the command line.
type CreateAdmin struct{ house *House }

// NewCreateAdmin returns the use case.
func NewCreateAdmin(house *House) *CreateAdmin { return &CreateAdmin{house: house} }

// CreateAdminCommand asks for an admin.
type CreateAdminCommand struct {
	Email, Handle, Password string
}

// Do makes an account that is verified and active and has the role, and records the act. Errors: those of the fields as
// Register.Do, domain.ErrHandleTaken, domain.ErrEmailTaken; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *CreateAdmin) Do(ctx context.Context, cmd CreateAdminCommand) (uuid.UUID, error) {
	return uuid.Nil, errLater
}
