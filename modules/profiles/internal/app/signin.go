package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// SignIn lets a member in who knows the password.
type SignIn struct{ house *House }

// NewSignIn returns the use case.
func NewSignIn(house *House) *SignIn { return &SignIn{house: house} }

// SignInCommand asks to be let in.
type SignInCommand struct {
	Email, Password string
	// Client is who asks.
	Client domain.Client
}

// SignedIn is what a browser keeps. Both texts are secret.
type SignedIn struct {
	// Session is the text of the session's cookie.
	Session string
	// Device is the text of the cookie by which the browser is known next time; it lasts for domain.DeviceLifetime.
	Device string
	// Account is who signed in.
	Account uuid.UUID
	// ExpiresAt is when the session ends at the latest.
	ExpiresAt time.Time
}

// Do signs in. The attempt is counted before the password is looked at, and what is done for an address that nobody has, or
// that is not verified, is the same as for a wrong password: one look-up, one unit of work that counts, one hash.
//
// Errors: domain.ErrTooManyAttempts, ErrWrongCredentials; only with the right password ErrApprovalPending,
// ErrSuspended; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *SignIn) Do(ctx context.Context, cmd SignInCommand) (SignedIn, error) {
	in, err := u.do(ctx, cmd)
	if err != nil {
		return SignedIn{}, fmt.Errorf("sign in: %w", err)
	}
	return in, nil
}

func (u *SignIn) do(ctx context.Context, cmd SignInCommand) (SignedIn, error) {
	h := u.house
	email, err := domain.NewEmail(cmd.Email)
	if err != nil {
		return SignedIn{}, domain.ErrWrongCredentials // nobody can have it
	}
	found, _, err := h.credential(ctx, email)
	if err != nil {
		return SignedIn{}, err
	}
	counted, err := u.count(ctx, email, found, cmd.Client)
	if err != nil {
		return SignedIn{}, err
	}
	same, outdated, err := h.compare(ctx, cmd.Client.Network, found.PasswordHash, cmd.Password)
	switch {
	case err != nil:
		return SignedIn{}, err
	case !same, !found.Verified:
		return SignedIn{}, domain.ErrWrongCredentials
	}
	upgraded := found.PasswordHash
	if outdated {
		if upgraded, err = h.hash(ctx, cmd.Client.Network, cmd.Password); err != nil {
			return SignedIn{}, err
		}
	}
	return u.enter(ctx, found, upgraded, counted, cmd.Client)
}

// count counts the attempt in a unit of work of its own, which holds no lock while the password is hashed.
func (u *SignIn) count(ctx context.Context, email domain.Email, found CredentialRecord, by domain.Client) (counted []uuid.UUID, err error) {
	h := u.house
	err = h.work.Do(ctx, func(ctx context.Context) (err error) {
		counted, err = h.count(ctx, attempt{
			kind: "sign in", key: email.Key(), account: found.Account, by: by, free: h.policy.FreeAttempts,
		}, h.clock.Now())
		return err
	})
	return counted, err
}

// enter begins the session of who knows the password.
func (u *SignIn) enter(
	ctx context.Context, found CredentialRecord, upgraded string, counted []uuid.UUID, by domain.Client,
) (SignedIn, error) {
	h := u.house
	fresh, err := h.newCookies()
	if err != nil {
		return SignedIn{}, err
	}
	return do(ctx, h, request{operation: "begin a session"}, func(ctx context.Context, now time.Time) (SignedIn, letter, error) {
		account, err := h.Accounts.Get(ctx, found.Account)
		switch {
		case errors.Is(err, domain.ErrMemberNotFound):
			return SignedIn{}, nil, domain.ErrWrongCredentials
		case err != nil:
			return SignedIn{}, nil, err
		case account.PasswordHash() != found.PasswordHash: // changed since it was compared
			return SignedIn{}, nil, domain.ErrWrongCredentials
		}
		if err := account.MaySignIn(); err != nil {
			return SignedIn{}, nil, err
		}
		account.UpgradeHash(found.PasswordHash, upgraded)
		if err := h.forget(ctx, counted); err != nil {
			return SignedIn{}, nil, err
		}
		in, known, err := h.open(ctx, account, by, fresh, now)
		if err != nil {
			return SignedIn{}, nil, err
		}
		post, err := u.notice(ctx, account, known, by, now)
		return in, post, err
	})
}

// notice is the letter about a browser that was not known. Who has registered today knows which one it is.
func (u *SignIn) notice(ctx context.Context, account *domain.Account, known bool, by domain.Client, now time.Time) (letter, error) {
	h := u.house
	if known || now.Sub(account.State().CreatedAt) < domain.VerifyLifetime {
		return nil, nil
	}
	settings, err := h.Settings.Get(ctx, account.ID())
	if err != nil || !settings.WantsMail(domain.NoticeNewSignIn) {
		return nil, err
	}
	who, err := h.personOf(ctx, account)
	if err != nil {
		return nil, err
	}
	return func() { h.letters.NewSignIn(who.address, who.handle, by.Network, by.UserAgent) }, nil
}
