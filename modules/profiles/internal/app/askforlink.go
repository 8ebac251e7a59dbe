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

// link is a kind of letter with a link for which anybody may ask, with any address.
type link struct {
	operation string // in the words of errors
	purpose   domain.Purpose
	// due reports whether an account gets one, if its status allows it.
	due func(CredentialRecord) bool
	// bring writes the letter with the text of the link.
	bring func(to CredentialRecord, text string)
	// none writes to the owner of an account to whom none is due.
	none func(to CredentialRecord)
}

// askForLink sends a link to who owns the address if one is due, and otherwise says why not. Nothing in the answer, nor the
// time that it takes, tells which. However many letters to the address others have asked for, its owner gets one when he
// has no link that still works. Errors: domain.ErrInvalidEmail, ErrTooManyAttempts from the network, uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (h *House) askForLink(ctx context.Context, l link, address string, by domain.Client) error {
	email, err := domain.NewEmail(address)
	if err != nil {
		return err
	}
	secret, err := h.secret()
	if err != nil {
		return err
	}
	found, _, err := h.credential(ctx, email)
	if err != nil {
		return fmt.Errorf("%s: %w", l.operation, err)
	}
	return silently(ctx, h, request{operation: l.operation}, func(ctx context.Context, now time.Time) (letter, error) {
		posting, err := h.mayAsk(ctx, email, found.Account, by, now)
		switch {
		case err != nil:
			return nil, err
		case found.Account == uuid.Nil || !l.due(found):
			posting, err = h.pretend(ctx, l.purpose, email, posting, now)
			if err != nil || !posting {
				return nil, err
			}
			return h.explain(l, found, email), nil
		}
		account, err := h.Accounts.Get(ctx, found.Account)
		if err != nil || !posting && account.Awaits(l.purpose, now) {
			return nil, err
		}
		err = account.Send(l.purpose, secret, account.Email(), now)
		if errors.Is(err, domain.ErrNotActive) {
			_, err = h.pretend(ctx, l.purpose, email, posting, now)
			return nil, err
		}
		return func() { l.bring(found, domain.MailedText(found.Account, secret)) }, err
	})
}

// explain returns the letter that says why there is no link in it.
func (h *House) explain(l link, found CredentialRecord, email domain.Email) letter {
	if found.Account == uuid.Nil {
		return func() { h.letters.NoAccount(email.String()) }
	}
	return func() { l.none(found) }
}

// mayAsk counts who asks for a letter to the address, and reports whether it may be posted. A browser that the member has
// used is not counted on its network. Errors: domain.ErrTooManyAttempts from the network.
func (h *House) mayAsk(
	ctx context.Context, email domain.Email, account uuid.UUID, by domain.Client, now time.Time,
) (posting bool, err error) {
	known, err := h.knows(ctx, account, by.Device, now)
	if err != nil {
		return false, err
	}
	if !known {
		if err := h.correspond(ctx, by, now); err != nil {
			return false, err
		}
	}
	return h.mayPost(ctx, attempt{key: email.Key(), account: account, by: by}, now)
}

// pretend writes something where no account is written, so that the one takes as long as the other, and reports whether a
// letter goes out: as if the address had an account that gets one.
func (h *House) pretend(
	ctx context.Context, purpose domain.Purpose, email domain.Email, posting bool, now time.Time,
) (bool, error) {
	t, err := h.throttle(ctx, domain.ThrottleID(string(purpose)+" of nothing", email.Key()))
	if err != nil || !posting && now.Before(t.State().LastAt.Add(purpose.Lifetime())) {
		return false, err
	}
	return true, t.Attempt(math.MaxInt, now)
}
