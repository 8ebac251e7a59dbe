package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// VerifyEmail shows that an address is the member's.
type VerifyEmail struct{ house *House }

// NewVerifyEmail returns the use case.
func NewVerifyEmail(house *House) *VerifyEmail { return &VerifyEmail{house: house} }

// VerifyEmailCommand brings what the letter brought.
type VerifyEmailCommand struct {
	// Token is the text of the link.
	Token string
}

// Do verifies the address. Errors: domain.ErrInvalidMailedToken, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *VerifyEmail) Do(ctx context.Context, cmd VerifyEmailCommand) error {
	id, secret, err := domain.ParseMailedText(cmd.Token)
	if err != nil {
		return err
	}
	return silently(ctx, u.house, request{operation: "verify an address"},
		func(ctx context.Context, now time.Time) (letter, error) {
			account, err := u.house.addressee(ctx, id)
			if err != nil {
				return nil, err
			}
			return nil, account.VerifyEmail(secret, now)
		})
}

// addressee returns the account that a mailed token names. Errors: domain.ErrInvalidMailedToken if there is none.
func (h *House) addressee(ctx context.Context, id uuid.UUID) (*domain.Account, error) {
	account, err := h.Accounts.Get(ctx, id)
	if errors.Is(err, domain.ErrMemberNotFound) {
		return nil, domain.ErrInvalidMailedToken
	}
	return account, err
}
