package contract

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// credentialCases say who is meant by what somebody shows.
var credentialCases = []testCase{
	{"an address leads to its account", byEmail},
	{"a session leads to its account, valid or not", bySession},
	{"a token leads to its account, valid or not", byToken},
	{"of many at once each leads to its own", manyAtOnce},
}

func byEmail(t *testing.T, s *subject) {
	ada := s.register(t, registration{handle: "ada", email: "Ada.Ö@Example.org", unverified: true})
	want := app.CredentialRecord{
		Account: ada, Handle: "ada", Email: "Ada.Ö@Example.org", PasswordHash: "hash", Status: domain.StatusActive,
	}
	key := domain.RestoreEmail(want.Email).Key()
	got, err := s.Credentials.ByEmail(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, want, got)

	for _, unknown := range []string{"", "Ada.Ö@Example.org", "ada.ö@example.or", "ada%", "\x00", "\xff", key + "\x00"} {
		_, err := s.Credentials.ByEmail(t.Context(), unknown)
		require.ErrorIs(t, err, domain.ErrMemberNotFound, "%q", unknown)
	}

	s.change(t, ada, func(a *domain.Account) error { return a.MarkVerified(uuid.Nil, noon) })
	s.change(t, ada, func(a *domain.Account) error { return a.ChangePassword("another", ada, noon) })
	s.change(t, ada, func(a *domain.Account) error { return a.Suspend(uuid.Nil, noon) })
	want.Verified, want.PasswordHash, want.Status = true, "another", domain.StatusSuspended
	got, err = s.Credentials.ByEmail(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, want, got)

	s.change(t, ada, func(a *domain.Account) error { return a.Delete(noon) })
	_, err = s.Credentials.ByEmail(t.Context(), key)
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
}

func bySession(t *testing.T, s *subject) {
	ada := s.register(t, registration{}, func(a *domain.Account) { must(a.Grant(identity.Agent, uuid.Nil, noon)) })
	id := s.signIn(t, ada, noon)
	s.signIn(t, ada, noon)
	hash := domain.HashOf(id.String())
	ask := func() app.SessionHolder {
		got, err := s.Credentials.BySession(t.Context(), hash)
		require.NoError(t, err)
		valuetest.RequireUTC(t, got)
		return got
	}
	want := app.SessionHolder{
		Holder: app.Holder{Account: ada, Status: domain.StatusActive, Roles: []identity.Role{identity.Agent}},
		Session: domain.SessionState{
			ID: id, Version: 1, Account: ada, Hash: hash, CreatedAt: noon, SeenAt: noon, Client: "192.0.2.1", UserAgent: "a browser",
		},
	}
	require.Equal(t, want, ask())

	s.change(t, ada, func(a *domain.Account) error { return a.Suspend(uuid.Nil, noon) })
	want.Status, want.SessionEpoch, want.TokenEpoch = domain.StatusSuspended, 1, 1
	require.Equal(t, want, ask())

	for _, unknown := range []domain.Hash{{}, domain.HashOf(""), domain.HashOf("another")} {
		_, err := s.Credentials.BySession(t.Context(), unknown)
		require.ErrorIs(t, err, domain.ErrSessionNotFound)
	}
	_, err := s.Credentials.ByToken(t.Context(), hash)
	require.ErrorIs(t, err, domain.ErrTokenNotFound, "a session is no token")
	s.must(t, func(ctx context.Context) error { return s.Sessions.Remove(ctx, id) })
	_, err = s.Credentials.BySession(t.Context(), hash)
	require.ErrorIs(t, err, domain.ErrSessionNotFound)
}

func byToken(t *testing.T, s *subject) {
	ada := s.register(t, registration{})
	id := s.issue(t, ada, noon, noon.Add(day))
	s.issue(t, ada, noon, time.Time{})
	hash := domain.HashOf(id.String())
	ask := func() app.TokenHolder {
		got, err := s.Credentials.ByToken(t.Context(), hash)
		require.NoError(t, err)
		valuetest.RequireUTC(t, got)
		return got
	}
	want := app.TokenHolder{
		Holder: app.Holder{Account: ada, Status: domain.StatusActive},
		Token: domain.APITokenState{
			ID: id, Version: 1, Account: ada, Name: "a program", Hash: hash, Scopes: []string{"bid", "sell"}, CreatedAt: noon,
			ExpiresAt: noon.Add(day),
		},
	}
	valuetest.RequireSame(t, want, ask(), "holder")
	ask().Token.Scopes[0] = "account.manage"
	valuetest.RequireSame(t, want, ask(), "what readers do changes nothing")

	s.change(t, ada, func(a *domain.Account) error { return a.Suspend(uuid.Nil, noon) })
	want.Status, want.SessionEpoch, want.TokenEpoch = domain.StatusSuspended, 1, 1
	valuetest.RequireSame(t, want, ask(), "holder")

	_, err := s.Credentials.ByToken(t.Context(), domain.HashOf("another"))
	require.ErrorIs(t, err, domain.ErrTokenNotFound)
	_, err = s.Credentials.BySession(t.Context(), hash)
	require.ErrorIs(t, err, domain.ErrSessionNotFound, "a token is no session")
	s.must(t, func(ctx context.Context) error { return s.APITokens.Remove(ctx, id) })
	_, err = s.Credentials.ByToken(t.Context(), hash)
	require.ErrorIs(t, err, domain.ErrTokenNotFound)
}

// manyAtOnce has many requests come at the same time, of which stores may make few queries: each learns whose credential it
// has shown, and of one that is nobody's that it is.
func manyAtOnce(t *testing.T, s *subject) {
	const members, requests = 8, 200
	holders, sessions, tokens := make([]uuid.UUID, members), make([]domain.Hash, members), make([]domain.Hash, members)
	for i := range members {
		holders[i] = s.register(t, registration{})
		sessions[i] = domain.HashOf(s.signIn(t, holders[i], noon).String())
		tokens[i] = domain.HashOf(s.issue(t, holders[i], noon, noon.Add(day)).String())
	}
	var all sync.WaitGroup
	for i := range requests {
		all.Go(func() {
			session, err := s.Credentials.BySession(t.Context(), sessions[i%members])
			assert.NoError(t, err)
			assert.Equal(t, holders[i%members], session.Account)
			assert.Equal(t, sessions[i%members], session.Session.Hash)
			token, err := s.Credentials.ByToken(t.Context(), tokens[i%members])
			assert.NoError(t, err)
			assert.Equal(t, holders[i%members], token.Account)
			assert.Equal(t, tokens[i%members], token.Token.Hash)
			token.Token.Scopes[0] = "account.manage" // which is nobody else's
			_, err = s.Credentials.ByToken(t.Context(), domain.HashOf(fmt.Sprint(i)))
			assert.ErrorIs(t, err, domain.ErrTokenNotFound)
		})
	}
	all.Wait()
	found, err := s.Credentials.ByToken(t.Context(), tokens[0])
	require.NoError(t, err)
	require.Equal(t, "bid", found.Token.Scopes[0])
}
