package app

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// ResetPassword sets a forgotten password anew, and signs in.
type ResetPassword struct{ house *House }

// NewResetPassword returns the use case.
func NewResetPassword(house *House) *ResetPassword { return &ResetPassword{house: house} }

// ResetPasswordCommand brings what the letter brought, and the new password.
type ResetPasswordCommand struct {
	// Token is the text of the link.
	Token string
	// Password is the new one.
	Password string
	// Client is who asks.
	Client domain.Client
}

// Do sets the password and ends every other session. The browser is known from now on, whatever delays others have
// earned. Errors: domain.ErrTooManyAttempts, ErrInvalidMailedToken, ErrPasswordLength, ErrCommonPassword,
// ErrApprovalPending once the password is set; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ResetPassword) Do(ctx context.Context, cmd ResetPasswordCommand) (SignedIn, error) {
	in, err := u.do(ctx, cmd)
	if err != nil {
		return SignedIn{}, fmt.Errorf("reset a password: %w", err)
	}
	return in, nil
}

func (u *ResetPassword) do(ctx context.Context, cmd ResetPasswordCommand) (SignedIn, error) {
	h := u.house
	id, secret, err := domain.ParseMailedText(cmd.Token)
	if err != nil {
		return SignedIn{}, err
	}
	who, counted, err := u.expect(ctx, id, secret, cmd.Client)
	if err != nil {
		return SignedIn{}, err
	}
	if err := h.checkPassword(cmd.Password, who.handle, who.address); err != nil {
		return SignedIn{}, err
	}
	hash, err := h.hash(ctx, cmd.Client.Network, cmd.Password)
	if err != nil {
		return SignedIn{}, err
	}
	fresh, err := h.newCookies()
	if err != nil {
		return SignedIn{}, err
	}
	var pending error
	in, err := do(ctx, h, request{operation: "set the password"}, func(ctx context.Context, now time.Time) (SignedIn, letter, error) {
		account, err := h.addressee(ctx, id)
		if err != nil {
			return SignedIn{}, nil, err
		}
		if err := account.ResetPassword(secret, hash, now); err != nil {
			return SignedIn{}, nil, err
		}
		if err := h.forget(ctx, counted); err != nil {
			return SignedIn{}, nil, err
		}
		post, err := h.passwordChanged(ctx, account)
		if err != nil {
			return SignedIn{}, nil, err
		}
		if pending = account.MaySignIn(); pending != nil {
			return SignedIn{}, post, nil
		}
		in, _, err := h.open(ctx, account, cmd.Client, fresh, now)
		return in, post, err
	})
	if err != nil {
		return SignedIn{}, err
	}
	return in, pending
}

// expect tells whether the token is good, before a password is hashed for it, and counts the attempt if it is: who has a
// token cannot make the house hash for it again and again, and who has none keeps nobody from using his. Errors:
// domain.ErrTooManyAttempts, domain.ErrInvalidMailedToken.
func (u *ResetPassword) expect(
	ctx context.Context, id uuid.UUID, secret domain.Secret, by domain.Client,
) (who person, counted []uuid.UUID, err error) {
	h := u.house
	err = h.work.Do(ctx, func(ctx context.Context) (err error) {
		counted = nil
		now := h.clock.Now()
		account, err := h.addressee(ctx, id)
		switch {
		case err != nil:
			return err
		case !account.Expects(domain.PurposeReset, secret, now):
			return domain.ErrInvalidMailedToken
		}
		if h.policy.FreeAttempts > 0 {
			resets := counter{domain.ThrottleID("reset", id.String(), by.Network), h.policy.FreeAttempts}
			if counted, err = h.countOn(ctx, []counter{resets}, now); err != nil {
				return err
			}
		}
		who, err = h.personOf(ctx, account)
		return err
	})
	return who, counted, err
}
