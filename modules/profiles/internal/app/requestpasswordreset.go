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

// Do sends it, or tells who owns the address that there is no account. Nothing in the answer tells which. However many
// letters to the address others have asked for, its owner gets one when he has no link that still works: it is the way
// in for a browser that strangers delay. Errors: domain.ErrInvalidEmail, ErrTooManyAttempts from the network, uow.ErrBusy, uow.ErrOutcomeUnknown.
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
		known, err := h.knows(ctx, found.Account, cmd.Client.Device, now)
		if err != nil {
			return nil, err
		}
		if !known {
			if err := h.correspond(ctx, cmd.Client, now); err != nil {
				return nil, err
			}
		}
		posting, err := h.mayPost(ctx, attempt{key: email.Key(), account: found.Account, by: cmd.Client}, now)
		if err != nil {
			return nil, err
		}
		if found.Account == uuid.Nil {
			posting, err = u.pretend(ctx, email, posting, now)
			if err != nil || !posting {
				return nil, err
			}
			return func() { h.letters.NoAccount(email.String()) }, nil
		}
		account, err := h.Accounts.Get(ctx, found.Account)
		if err != nil || !posting && account.Awaits(domain.PurposeReset, now) {
			return nil, err
		}
		err = account.Send(domain.PurposeReset, secret, account.Email(), now)
		if errors.Is(err, domain.ErrNotActive) {
			_, err = u.pretend(ctx, email, posting, now)
			return nil, err
		}
		return func() {
			h.letters.ResetPassword(found.Email, found.Handle, domain.MailedText(found.Account, secret))
		}, err
	})
}

// pretend writes something where no account is written, so that the one takes as long as the other, and reports whether a
// letter goes out: as if the address had an account.
func (u *RequestPasswordReset) pretend(ctx context.Context, email domain.Email, posting bool, now time.Time) (bool, error) {
	t, err := u.house.throttle(ctx, domain.ThrottleID("reset of nothing", email.Key()))
	if err != nil || !posting && now.Before(t.State().LastAt.Add(domain.ResetLifetime)) {
		return false, err
	}
	return true, t.Attempt(math.MaxInt, now)
}
