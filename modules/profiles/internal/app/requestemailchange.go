package app

import (
	"context"
	"fmt"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// RequestEmailChange sends a link to a new address, with which it becomes the member's.
type RequestEmailChange struct{ house *House }

// NewRequestEmailChange returns the use case.
func NewRequestEmailChange(house *House) *RequestEmailChange {
	return &RequestEmailChange{house: house}
}

// RequestEmailChangeCommand asks for such a link.
type RequestEmailChangeCommand struct {
	By identity.Caller
	// NewEmail is the new address, Password the member's.
	NewEmail, Password string
	// Client is who asks.
	Client domain.Client
}

// Do sends it. If the address is another member's he is told instead, and the answer is the same. Errors:
// domain.ErrInvalidEmail, ErrTooManyAttempts, ErrWrongPassword, ErrNotActive; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *RequestEmailChange) Do(ctx context.Context, cmd RequestEmailChangeCommand) error {
	h := u.house
	email, err := domain.NewEmail(cmd.NewEmail)
	if err != nil {
		return err
	}
	p, err := h.prove(ctx, cmd.By, cmd.Client, cmd.Password, anything)
	if err != nil {
		return fmt.Errorf("ask for another address: %w", err)
	}
	secret, err := h.secret()
	if err != nil {
		return err
	}
	owner, exists, err := h.credential(ctx, email)
	if err != nil {
		return fmt.Errorf("ask for another address: %w", err)
	}
	return silently(ctx, h, request{operation: "ask for another address", by: cmd.By.ID},
		func(ctx context.Context, now time.Time) (letter, error) {
			account, err := h.proven(ctx, cmd.By, p)
			if err != nil {
				return nil, err
			}
			if err := h.correspond(ctx, cmd.Client, now); err != nil {
				return nil, err
			}
			// Also where the address is another member's, whose letter then has no link: the one takes as long as the other.
			if err := account.Send(domain.PurposeChange, secret, email, now); err != nil {
				return nil, err
			}
			posting, err := h.mayPost(ctx, attempt{key: email.Key(), account: owner.Account, by: cmd.Client}, now)
			if err != nil || !posting {
				return nil, err
			}
			if exists && owner.Account != account.ID() {
				return func() { h.letters.AlreadyRegistered(owner.Email, owner.Handle) }, nil
			}
			who, err := h.personOf(ctx, account)
			return func() {
				h.letters.ConfirmNewEmail(email.String(), who.handle, domain.MailedText(account.ID(), secret))
			}, err
		})
}
