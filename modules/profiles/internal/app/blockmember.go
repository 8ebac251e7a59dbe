package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
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
func (u *BlockMember) Do(ctx context.Context, cmd BlockMemberCommand) error {
	h := u.house
	r := request{operation: "block a member", by: cmd.By.ID, key: cmd.Key, body: cmd.Member}
	return silently(ctx, h, r, func(ctx context.Context, now time.Time) (letter, error) {
		block, err := domain.NewBlock(cmd.By.ID, cmd.Member, now)
		if err != nil {
			return nil, err
		}
		if err := h.exists(ctx, cmd.Member); err != nil {
			return nil, err
		}
		_, err = h.Blocks.Get(ctx, block.ID())
		switch {
		case err == nil:
			return nil, domain.ErrAlreadyBlocked
		case !errors.Is(err, domain.ErrNotBlocked):
			return nil, err
		}
		return nil, h.Blocks.Add(ctx, block)
	})
}

// exists tells whether others may know of the member. Errors: domain.ErrMemberNotFound.
func (h *House) exists(ctx context.Context, member uuid.UUID) error {
	account, err := h.Accounts.Get(ctx, member)
	if err != nil {
		return err
	}
	if state := account.State(); !shown(state.Status, state.VerifiedAt) || state.Status == domain.StatusDeleted {
		return domain.ErrMemberNotFound
	}
	return nil
}
