package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/platform/identity"
)

// RevokeOtherSessions ends all sessions but the one that it is asked from.
type RevokeOtherSessions struct{ house *House }

// NewRevokeOtherSessions returns the use case.
func NewRevokeOtherSessions(house *House) *RevokeOtherSessions {
	return &RevokeOtherSessions{house: house}
}

// RevokeOtherSessionsCommand asks to end all others.
type RevokeOtherSessionsCommand struct {
	By identity.Caller
}

// Do ends them. Errors: uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RevokeOtherSessions) Do(ctx context.Context, cmd RevokeOtherSessionsCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "revoke the other sessions", by: cmd.By.ID},
		func(ctx context.Context, now time.Time) (letter, error) {
			account, err := h.Accounts.Get(ctx, cmd.By.ID)
			if err != nil {
				return nil, err
			}
			account.EndSessions(cmd.By.ID, now)
			return nil, h.renew(ctx, cmd.By, account)
		})
}
