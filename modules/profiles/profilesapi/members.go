package profilesapi

import (
	"context"

	"github.com/google/uuid"
)

// Standing is what a member may do in the market at one instant.
type Standing struct {
	// Active says that the account was approved and is neither suspended nor deleted.
	Active bool
	// Verified says that the e-mail address belongs to the member.
	Verified bool
	// BlockedByOther says that the other member of the question has blocked this one.
	BlockedByOther bool
}

// MayTrade reports whether the member may buy from, or sell beside, the other one.
func (s Standing) MayTrade() bool { return s.Active && s.Verified && !s.BlockedByOther }

// Members answers other modules' commands about members. Call it inside a unit of work: it reads what that unit sees.
type Members interface {
	// Standing returns the member's, with regard to what the other one, for example a seller, has blocked; other may be
	// zero. Nobody has the zero Standing. Errors: uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
	Standing(ctx context.Context, member, other uuid.UUID) (Standing, error)
}

// Name is how others see a member.
type Name struct {
	// Handle is unique; a deleted member's is "deleted-" and a few letters.
	Handle string
	// DisplayName is plain text in one line; never empty.
	DisplayName string
}

// Directory tells other modules' views what members are called, outside units of work.
type Directory interface {
	// Names returns the names of those of the members that exist, with one query. Errors: what the store reports.
	Names(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]Name, error)
}
