package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// RevokeSession ends one of the member's sessions.
type RevokeSession struct{ house *House }

// NewRevokeSession returns the use case.
func NewRevokeSession(house *House) *RevokeSession { return &RevokeSession{house: house} }

// RevokeSessionCommand asks to end a session.
type RevokeSessionCommand struct {
	By      identity.Caller
	Session uuid.UUID
}

// Do ends it. Errors: domain.ErrSessionNotFound; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RevokeSession) Do(ctx context.Context, cmd RevokeSessionCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "revoke a session", by: cmd.By.ID},
		func(ctx context.Context, now time.Time) (letter, error) {
			return nil, h.endSession(ctx, cmd.By, cmd.Session, now)
		})
}

// endSession removes one of the caller's sessions in the unit of work in ctx. Errors: domain.ErrSessionNotFound, also for
// another member's.
func (h *House) endSession(ctx context.Context, by identity.Caller, id uuid.UUID, now time.Time) error {
	session, err := h.Sessions.Get(ctx, id)
	switch {
	case err != nil:
		return err
	case session.Account() != by.ID:
		return domain.ErrSessionNotFound
	}
	account, err := h.Accounts.Get(ctx, by.ID)
	if err != nil {
		return err
	}
	account.EndOne(by.ID, now)
	return h.Sessions.Remove(ctx, id)
}
