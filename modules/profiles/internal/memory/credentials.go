package memory

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// Credentials is the app.Credentials.
type Credentials struct{ store *Store }

var _ app.Credentials = (*Credentials)(nil)

// NewCredentials returns the credentials of store.
func NewCredentials(store *Store) *Credentials { return &Credentials{store} }

// ByEmail returns the account with that key of an address. Errors: domain.ErrMemberNotFound.
func (c *Credentials) ByEmail(_ context.Context, key string) (r app.CredentialRecord, err error) {
	err = domain.ErrMemberNotFound
	c.store.db.Read(func() {
		account, found := c.store.accounts.byKey(key)
		if !found {
			return
		}
		profile, found := c.store.profiles.Find(account.ID())
		if !found {
			return
		}
		s := account.State()
		r, err = app.CredentialRecord{
			Account: s.ID, Handle: profile.Handle().String(), Email: s.Email, PasswordHash: s.PasswordHash, Status: s.Status,
			Verified: !s.VerifiedAt.IsZero(),
		}, nil
	})
	return r, err
}

// holder returns the account behind a session or token. Call it inside Database.Read.
func (c *Credentials) holder(id uuid.UUID) (app.Holder, bool) {
	account, found := c.store.accounts.Find(id)
	if !found {
		return app.Holder{}, false
	}
	s := account.State()
	return app.Holder{
		Account: s.ID, Status: s.Status, Roles: s.Roles, SessionEpoch: s.SessionEpoch, TokenEpoch: s.TokenEpoch,
	}, true
}

// BySession returns the session with that hash and its account. Errors: domain.ErrSessionNotFound.
func (c *Credentials) BySession(_ context.Context, hash domain.Hash) (h app.SessionHolder, err error) {
	err = domain.ErrSessionNotFound
	c.store.db.Read(func() {
		session, found := c.store.sessions.byKey(hashKey(hash))
		if !found {
			return
		}
		if holder, found := c.holder(session.Account()); found {
			h, err = app.SessionHolder{Holder: holder, Session: session.State()}, nil
		}
	})
	return h, err
}

// ByToken returns the API token with that hash and its account. Errors: domain.ErrTokenNotFound.
func (c *Credentials) ByToken(_ context.Context, hash domain.Hash) (h app.TokenHolder, err error) {
	err = domain.ErrTokenNotFound
	c.store.db.Read(func() {
		token, found := c.store.tokens.byKey(hashKey(hash))
		if !found {
			return
		}
		if holder, found := c.holder(token.Account()); found {
			h, err = app.TokenHolder{Holder: holder, Token: token.State()}, nil
		}
	})
	return h, err
}
