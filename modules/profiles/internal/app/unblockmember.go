package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// UnblockMember ends a block.
type UnblockMember struct{ house *House }

// NewUnblockMember returns the use case.
func NewUnblockMember(house *House) *UnblockMember { return &UnblockMember{house: house} }

// UnblockMemberCommand asks to end a block.
type UnblockMemberCommand struct {
	By identity.Caller
	// Member is who was blocked.
	Member uuid.UUID
}

// Do ends it. Errors: domain.ErrNotBlocked; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *UnblockMember) Do(ctx context.Context, cmd UnblockMemberCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "unblock a member", by: cmd.By.ID},
		func(ctx context.Context, _ time.Time) (letter, error) {
			return nil, h.Blocks.Remove(ctx, domain.BlockID(cmd.By.ID, cmd.Member))
		})
}
