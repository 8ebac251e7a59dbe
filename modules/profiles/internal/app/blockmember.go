package app

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/identity"
)

// BlockMember keeps another member from bidding on what this one sells.
type BlockMember struct{ house *House }

// NewBlockMember returns the use case.
func NewBlockMember(house *House) *BlockMember { return &BlockMember{house: house} }

// BlockMemberCommand asks to block somebody.
type BlockMemberCommand struct {
	By identity.Caller
	// Member is who is blocked.
	Member uuid.UUID
	// Key makes the command safe to repeat.
	Key string
}

// Do blocks. Bids that were placed stay. Errors: domain.ErrBlockSelf, ErrMemberNotFound, ErrAlreadyBlocked,
// idempotency.ErrConflict; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *BlockMember) Do(ctx context.Context, cmd BlockMemberCommand) error { return errLater }
