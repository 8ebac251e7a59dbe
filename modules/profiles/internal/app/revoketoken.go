package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// RevokeToken ends one of the member's API tokens.
type RevokeToken struct{ house *House }

// NewRevokeToken returns the use case.
func NewRevokeToken(house *House) *RevokeToken { return &RevokeToken{house: house} }

// RevokeTokenCommand asks to end a token.
type RevokeTokenCommand struct {
	By    identity.Caller
	Token uuid.UUID
}

// Do ends it. Errors: domain.ErrTokenNotFound; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RevokeToken) Do(ctx context.Context, cmd RevokeTokenCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "revoke a token", by: cmd.By.ID},
		func(ctx context.Context, now time.Time) (letter, error) {
			token, err := h.Tokens.Get(ctx, cmd.Token)
			switch {
			case err != nil:
				return nil, err
			case token.Account() != cmd.By.ID:
				return nil, domain.ErrTokenNotFound
			}
			account, err := h.Accounts.Get(ctx, cmd.By.ID)
			if err != nil {
				return nil, err
			}
			account.EndOne(cmd.By.ID, now)
			return nil, h.Tokens.Remove(ctx, cmd.Token)
		})
}
