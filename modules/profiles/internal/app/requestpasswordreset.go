package app

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// RequestPasswordReset sends a link with which a forgotten password can be set anew.
type RequestPasswordReset struct{ house *House }

// NewRequestPasswordReset returns the use case.
func NewRequestPasswordReset(house *House) *RequestPasswordReset {
	return &RequestPasswordReset{house: house}
}

// RequestPasswordResetCommand asks for such a link.
type RequestPasswordResetCommand struct {
	Email string
	// Client is who asks.
	Client domain.Client
}

// Do sends it, or tells who owns the address that there is no account. Nothing in the answer tells which. Errors:
// domain.ErrInvalidEmail, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RequestPasswordReset) Do(ctx context.Context, cmd RequestPasswordResetCommand) error {
	h := u.house
	email, err := domain.NewEmail(cmd.Email)
	if err != nil {
		return err
	}
	secret, err := h.secret()
	if err != nil {
		return err
	}
	found, _, err := h.credential(ctx, email)
	if err != nil {
		return fmt.Errorf("ask for another password: %w", err)
	}
	return silently(ctx, h, request{operation: "ask for another password"}, func(ctx context.Context, now time.Time) (letter, error) {
		posting, err := h.mayPost(ctx, attempt{key: email.Key(), account: found.Account, by: cmd.Client}, now)
		if err != nil || !posting {
			return nil, err
		}
		if found.Account == uuid.Nil {
			return func() { h.letters.NoAccount(email.String()) }, u.pretend(ctx, email, now)
		}
		account, err := h.Accounts.Get(ctx, found.Account)
		if err != nil {
			return nil, err
		}
		err = account.Send(domain.PurposeReset, secret, account.Email(), now)
		if errors.Is(err, domain.ErrNotActive) {
			return nil, u.pretend(ctx, email, now)
		}
		return func() {
			h.letters.ResetPassword(found.Email, found.Handle, domain.MailedText(found.Account, secret))
		}, err
	})
}

// pretend writes something where no account is written, so that the one takes as long as the other.
func (u *RequestPasswordReset) pretend(ctx context.Context, email domain.Email, now time.Time) error {
	t, err := u.house.throttle(ctx, domain.ThrottleID("reset of nothing", email.Key()))
	if err != nil {
		return err
	}
	return t.Attempt(math.MaxInt, now)
}
