package app

import (
	"context"
	"errors"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// A request is authenticated before its body is read, and who sends that slowly chooses when the command begins. What
// would outlast the credential or the role that it was sent with asks again in its unit of work.

// stillHas tells whether the caller may come in and has every role that he had when he was authenticated; the operator
// has. Errors: identity.ErrInvalidCredential, identity.ErrNotPermitted.
func (h *House) stillHas(ctx context.Context, by identity.Caller) error {
	if by.Guest() {
		return nil
	}
	account, err := h.Accounts.Get(ctx, by.ID)
	switch {
	case errors.Is(err, domain.ErrMemberNotFound), err == nil && account.MaySignIn() != nil:
		return identity.ErrInvalidCredential
	case err != nil:
		return err
	}
	for _, role := range by.Roles {
		if role != identity.Member && !account.Is(role) {
			return identity.ErrNotPermitted
		}
	}
	return nil
}

// stillIn tells whether the session that the caller came with has not ended. Errors: identity.ErrInvalidCredential.
func (h *House) stillIn(ctx context.Context, by identity.Caller, account *domain.Account, now time.Time) error {
	session, err := h.Sessions.Get(ctx, by.Credential)
	switch {
	case errors.Is(err, domain.ErrSessionNotFound):
		return identity.ErrInvalidCredential
	case err != nil:
		return err
	case account.MaySignIn() != nil, session.Account() != account.ID(), !session.State().ValidAt(account.SessionEpoch(), now):
		return identity.ErrInvalidCredential
	}
	return nil
}
