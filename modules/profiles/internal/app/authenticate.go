package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// touchTimeout bounds what a request waits until its session is noted as used.
const touchTimeout = 2 * time.Second

// Authenticate finds out whose a session or token is. It is the identity.Authenticator of the house.
type Authenticate struct{ house *House }

// NewAuthenticate returns the authenticator.
func NewAuthenticate(house *House) *Authenticate { return &Authenticate{house: house} }

// Authenticate returns the caller that holds the credential now, by what is committed at this instant: nothing is kept
// from one request to the next, so that whoever was suspended is out with the next request. Errors:
// identity.ErrInvalidCredential, or what the store reports.
func (u *Authenticate) Authenticate(ctx context.Context, shown identity.Credential) (identity.Caller, error) {
	find := u.session
	if shown.Token {
		find = u.token
	}
	caller, err := find(ctx, shown.Secret, u.house.clock.Now())
	switch {
	case errors.Is(err, domain.ErrSessionNotFound), errors.Is(err, domain.ErrTokenNotFound):
		return identity.Caller{}, identity.ErrInvalidCredential
	case err != nil:
		return identity.Caller{}, fmt.Errorf("authenticate: %w", err)
	}
	return caller, nil
}

func (u *Authenticate) session(ctx context.Context, text string, now time.Time) (identity.Caller, error) {
	found, err := u.house.credentials.BySession(ctx, domain.HashOf(text))
	switch {
	case err != nil:
		return identity.Caller{}, err
	case found.Status != domain.StatusActive, !found.Session.ValidAt(found.SessionEpoch, now):
		return identity.Caller{}, domain.ErrSessionNotFound
	}
	if now.Sub(found.Session.SeenAt) >= domain.SessionTouch {
		u.touch(ctx, func(ctx context.Context) error { return touch(ctx, u.house.Sessions, found.Session.ID, now) })
	}
	return found.caller(found.Session.ID), nil
}

func (u *Authenticate) token(ctx context.Context, text string, now time.Time) (identity.Caller, error) {
	if !strings.HasPrefix(text, domain.TokenPrefix) {
		return identity.Caller{}, domain.ErrTokenNotFound
	}
	found, err := u.house.credentials.ByToken(ctx, domain.HashOf(text))
	switch {
	case err != nil:
		return identity.Caller{}, err
	case found.Status != domain.StatusActive, !found.Token.ValidAt(found.TokenEpoch, now):
		return identity.Caller{}, domain.ErrTokenNotFound
	}
	if now.Sub(found.Token.SeenAt) >= domain.SessionTouch {
		u.touch(ctx, func(ctx context.Context) error { return touch(ctx, u.house.Tokens, found.Token.ID, now) })
	}
	caller := found.caller(found.Token.ID)
	caller.Token, caller.Scopes = true, found.Token.Scopes
	return caller, nil
}

// caller is who holds the credential with that id.
func (h Holder) caller(credential uuid.UUID) identity.Caller {
	return identity.Caller{
		ID: h.Account, Roles: append([]identity.Role{identity.Member}, h.Roles...), Credential: credential,
	}
}

// touch notes a use in a unit of work of its own. It matters to nobody whether that succeeds: the next request tries again.
func (u *Authenticate) touch(ctx context.Context, run func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, touchTimeout)
	defer cancel()
	_ = u.house.work.Do(ctx, run)
}

// touchable is what notes its last use.
type touchable interface{ Touch(now time.Time) }

func touch[A touchable](ctx context.Context, from domain.Repository[A], id uuid.UUID, now time.Time) error {
	used, err := from.Get(ctx, id)
	if err != nil {
		return err
	}
	used.Touch(now)
	return nil
}
