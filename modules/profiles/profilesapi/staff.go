package profilesapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// Staff knows which members have which part in the house. Call it inside a unit of work: it reads what that unit sees.
type Staff interface {
	// Permitted reports whether the member's account is active and one of his roles has the permission. Nobody is permitted
	// nothing. Errors: uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
	Permitted(ctx context.Context, member uuid.UUID, p identity.Permission) (bool, error)
}
