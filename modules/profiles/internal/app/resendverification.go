package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// ResendVerification sends the letter with the link once more.
type ResendVerification struct{ house *House }

// NewResendVerification returns the use case.
func NewResendVerification(house *House) *ResendVerification {
	return &ResendVerification{house: house}
}

// ResendVerificationCommand asks for another letter.
type ResendVerificationCommand struct {
	By identity.Caller
}

// Do sends it; the link of the letter before is worth nothing any more. Errors: domain.ErrAlreadyVerified,
// domain.ErrTooManyAttempts, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ResendVerification) Do(ctx context.Context, cmd ResendVerificationCommand) error {
	h := u.house
	secret, err := h.secret()
	if err != nil {
		return err
	}
	return silently(ctx, h, request{operation: "send the verification again", by: cmd.By.ID},
		func(ctx context.Context, now time.Time) (letter, error) {
			account, err := h.Accounts.Get(ctx, cmd.By.ID)
			switch {
			case err != nil:
				return nil, err
			case account.Verified():
				return nil, domain.ErrAlreadyVerified
			}
			if err := u.count(ctx, account, now); err != nil {
				return nil, err
			}
			if err := account.Send(domain.PurposeVerify, secret, account.Email(), now); err != nil {
				return nil, err
			}
			who, err := h.personOf(ctx, account)
			return func() { h.letters.VerifyEmail(who.address, who.handle, domain.MailedText(account.ID(), secret)) }, err
		})
}

// count slows down who asks again and again.
func (u *ResendVerification) count(ctx context.Context, account *domain.Account, now time.Time) error {
	if u.house.policy.FreeAttempts == 0 {
		return nil
	}
	id := domain.ThrottleID("verification again", account.ID().String())
	_, err := u.house.countOn(ctx, []counter{{id, freeLetters}}, now)
	return err
}
