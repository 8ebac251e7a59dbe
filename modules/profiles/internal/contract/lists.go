package contract

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// listCases are about the lists that begin with the newest.
var listCases = []testCase{
	{"sessions are listed while they are valid", sessionsListed},
	{"sessions of an earlier epoch are gone", sessionsOfEpochs},
	{"tokens are listed until they are forgotten or ended", tokensListed},
	{"blocks are listed with handles", blocksListed},
	{"invitations are listed", invitationsListed},
	{"pages of lists are cut where they should, the newest first", listsCut},
	{"a cursor belongs to its list", listCursorsChecked},
}

// pages walks a list with pages of two and checks that its cursors are those that every store makes.
func pages[T any](
	t *testing.T, list string, ask func(page.Request) (page.Of[T], error), key func(T) (time.Time, uuid.UUID),
) []T {
	t.Helper()
	all := []T{}
	request := page.Request{Limit: 2}
	for {
		p, err := ask(request)
		require.NoError(t, err)
		require.NotNil(t, p.Items)
		valuetest.RequireUTC(t, p.Items)
		all = append(all, p.Items...)
		if p.Next == "" {
			return all
		}
		require.Len(t, p.Items, 2)
		at, id := key(p.Items[1])
		require.Equal(t, page.Encode(list, struct {
			At int64     `json:"at"`
			ID uuid.UUID `json:"id"`
		}{at.UnixMicro(), id}), p.Next)
		request.Cursor = p.Next
	}
}

func (s *subject) sessions(t *testing.T, member uuid.UUID, now time.Time) []app.SessionRecord {
	t.Helper()
	return pages(t, "sessions", func(r page.Request) (page.Of[app.SessionRecord], error) {
		return s.Views.Sessions(t.Context(), member, now, r)
	}, func(r app.SessionRecord) (time.Time, uuid.UUID) { return r.CreatedAt, r.ID })
}

func (s *subject) tokens(t *testing.T, member uuid.UUID) []app.TokenRecord {
	t.Helper()
	return pages(t, "tokens", func(r page.Request) (page.Of[app.TokenRecord], error) {
		return s.Views.Tokens(t.Context(), member, r)
	}, func(r app.TokenRecord) (time.Time, uuid.UUID) { return r.CreatedAt, r.ID })
}

func (s *subject) blocks(t *testing.T, owner uuid.UUID) []app.BlockRecord {
	t.Helper()
	return pages(t, "blocks", func(r page.Request) (page.Of[app.BlockRecord], error) {
		return s.Views.Blocks(t.Context(), owner, r)
	}, func(r app.BlockRecord) (time.Time, uuid.UUID) { return r.At, r.Member })
}

func (s *subject) invitations(t *testing.T) []app.InvitationRecord {
	t.Helper()
	return pages(t, "invitations", func(r page.Request) (page.Of[app.InvitationRecord], error) {
		return s.Views.Invitations(t.Context(), r)
	}, func(r app.InvitationRecord) (time.Time, uuid.UUID) { return r.CreatedAt, r.ID })
}

// signIn stores a session of the account and returns its id; its text is the id's.
func (s *subject) signIn(t *testing.T, account uuid.UUID, at time.Time) uuid.UUID {
	t.Helper()
	id := newID()
	s.must(t, func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, account)
		if err != nil {
			return err
		}
		client := domain.Client{Network: "192.0.2.1", UserAgent: "a browser"}
		return s.Sessions.Add(ctx, domain.NewSession(id, a, id.String(), client, at))
	})
	return id
}

// issue stores a token of the account and returns its id; its text is the id's.
func (s *subject) issue(t *testing.T, account uuid.UUID, at, expires time.Time) uuid.UUID {
	t.Helper()
	id := newID()
	s.must(t, func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, account)
		if err != nil {
			return err
		}
		token, err := domain.NewAPIToken(domain.APITokenState{
			ID: id, Account: account, Name: "a program", Hash: domain.HashOf(id.String()), Epoch: a.TokenEpoch(),
			Scopes: []string{"bid", "sell"}, ExpiresAt: expires,
		}, at)
		if err != nil {
			return err
		}
		return s.APITokens.Add(ctx, token)
	})
	return id
}

func sessionsListed(t *testing.T, s *subject) {
	ada, bob := s.register(t, registration{}), s.register(t, registration{})
	first := s.signIn(t, ada, noon)
	s.signIn(t, bob, noon)
	end := noon.Add(domain.SessionIdle)
	want := app.SessionRecord{
		ID: first, CreatedAt: noon, SeenAt: noon, ExpiresAt: end, Client: "192.0.2.1", UserAgent: "a browser",
	}
	require.Equal(t, []app.SessionRecord{want}, s.sessions(t, ada, noon))
	require.Equal(t, []app.SessionRecord{want}, s.sessions(t, ada, end.Add(-1)))
	require.Empty(t, s.sessions(t, ada, end))

	// Requests move the end, but not beyond the absolute one.
	seen := noon
	for seen.Before(noon.Add(domain.SessionAbsolute - domain.SessionIdle/2)) {
		seen = seen.Add(domain.SessionIdle / 2)
	}
	s.must(t, func(ctx context.Context) error {
		session, err := s.Sessions.Get(ctx, first)
		if err != nil {
			return err
		}
		session.Touch(seen)
		return nil
	})
	end = noon.Add(domain.SessionAbsolute)
	want.SeenAt, want.ExpiresAt = seen, end
	require.Equal(t, []app.SessionRecord{want}, s.sessions(t, ada, end.Add(-1)))
	require.Empty(t, s.sessions(t, ada, end))
	require.Empty(t, s.sessions(t, newID(), noon))
}

func sessionsOfEpochs(t *testing.T, s *subject) {
	ada := s.register(t, registration{})
	s.signIn(t, ada, noon)
	kept := s.signIn(t, ada, noon)
	s.must(t, func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, ada)
		if err != nil {
			return err
		}
		session, err := s.Sessions.Get(ctx, kept)
		if err != nil {
			return err
		}
		a.EndSessions(ada, noon)
		session.Renew(a)
		return nil
	})
	sessions := s.sessions(t, ada, noon)
	require.Len(t, sessions, 1)
	require.Equal(t, kept, sessions[0].ID)
}

func tokensListed(t *testing.T, s *subject) {
	ada, bob := s.register(t, registration{}), s.register(t, registration{})
	count := func(member uuid.UUID) (n int) {
		t.Helper()
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) (err error) {
			n, err = s.Views.CountTokens(ctx, member)
			return err
		}))
		return n
	}
	_, err := s.Views.CountTokens(t.Context(), ada)
	require.ErrorIs(t, err, uow.ErrNoUnit)
	require.Zero(t, count(ada))
	require.Empty(t, s.tokens(t, ada))

	first := s.issue(t, ada, noon, noon.Add(microsecond))
	second := s.issue(t, ada, noon.Add(microsecond), time.Time{})
	s.issue(t, bob, noon, time.Time{})
	want := []app.TokenRecord{
		{ID: second, Name: "a program", Scopes: []string{"bid", "sell"}, CreatedAt: noon.Add(microsecond)},
		{ID: first, Name: "a program", Scopes: []string{"bid", "sell"}, CreatedAt: noon, ExpiresAt: noon.Add(microsecond)},
	}
	require.Equal(t, want, s.tokens(t, ada))
	require.Equal(t, 2, count(ada))

	s.must(t, func(ctx context.Context) error {
		token, err := s.APITokens.Get(ctx, second)
		if err != nil {
			return err
		}
		token.Touch(noon.Add(day))
		return nil
	})
	want[0].SeenAt = noon.Add(day)
	require.Equal(t, want, s.tokens(t, ada))

	s.change(t, ada, func(a *domain.Account) error { return a.Suspend(uuid.Nil, noon) })
	require.Empty(t, s.tokens(t, ada))
	require.Zero(t, count(ada))
	require.Equal(t, 1, count(bob))
	require.Zero(t, count(newID()))
}

func (s *subject) block(t *testing.T, owner, blocked uuid.UUID, at time.Time) {
	t.Helper()
	s.must(t, func(ctx context.Context) error { return s.Blocks.Add(ctx, must1(domain.NewBlock(owner, blocked, at))) })
}

func blocksListed(t *testing.T, s *subject) {
	ada, bob, eve := s.register(t, registration{}), s.register(t, registration{handle: "bob"}), s.register(t, registration{handle: "eve"})
	stranger := newID()
	s.block(t, ada, bob, noon)
	s.block(t, ada, eve, noon.Add(2*microsecond))
	s.block(t, ada, stranger, noon.Add(microsecond))
	s.block(t, bob, ada, noon)
	require.Equal(t, []app.BlockRecord{
		{Member: eve, Handle: "eve", At: noon.Add(2 * microsecond)},
		{Member: stranger, At: noon.Add(microsecond)},
		{Member: bob, Handle: "bob", At: noon},
	}, s.blocks(t, ada))
	s.must(t, func(ctx context.Context) error { return s.Blocks.Remove(ctx, domain.BlockID(ada, eve)) })
	require.Len(t, s.blocks(t, ada), 2)
	require.Empty(t, s.blocks(t, eve))
}

func (s *subject) invite(t *testing.T, email string, inviter uuid.UUID, at time.Time) uuid.UUID {
	t.Helper()
	id := newID()
	s.must(t, func(ctx context.Context) error {
		return s.Invitations.Add(ctx, domain.Invite(id, secret(1), domain.RestoreEmail(email), inviter, at))
	})
	return id
}

func invitationsListed(t *testing.T, s *subject) {
	require.Empty(t, s.invitations(t))
	guest, inviter := newID(), newID()
	first := s.invite(t, "Guest@example.org", inviter, noon)
	second := s.invite(t, "other@example.org", uuid.Nil, noon.Add(microsecond))
	s.must(t, func(ctx context.Context) error {
		i, err := s.Invitations.Get(ctx, first)
		if err != nil {
			return err
		}
		_, err = i.Accept(secret(1), domain.RestoreEmail("guest@example.org"), guest, noon)
		return err
	})
	require.Equal(t, []app.InvitationRecord{
		{ID: second, Email: "other@example.org", CreatedAt: noon.Add(microsecond), ExpiresAt: noon.Add(microsecond + domain.InvitationLifetime)},
		{
			ID: first, Email: "Guest@example.org", Inviter: inviter, CreatedAt: noon, ExpiresAt: noon.Add(domain.InvitationLifetime),
			UsedBy: guest,
		},
	}, s.invitations(t))
}

// listsCut fills every list with items of few different instants.
func listsCut(t *testing.T, s *subject) {
	ada := s.register(t, registration{})
	const items = 7
	var sessions, tokens, blocked, invitations []uuid.UUID
	for i := range items {
		at := noon.Add(time.Duration(i/3) * microsecond)
		other := newID()
		sessions = append(sessions, s.signIn(t, ada, at))
		tokens = append(tokens, s.issue(t, ada, at, time.Time{}))
		s.block(t, ada, other, at)
		blocked = append(blocked, other)
		invitations = append(invitations, s.invite(t, fmt.Sprintf("guest-%d@example.org", i), ada, at))
	}
	newestFirst := func(ids []uuid.UUID) []uuid.UUID { // ids of version 7 rise, as the instants do
		slices.Reverse(ids)
		return ids
	}
	require.Equal(t, newestFirst(sessions), ids(s.sessions(t, ada, noon), func(r app.SessionRecord) uuid.UUID { return r.ID }))
	require.Equal(t, newestFirst(tokens), ids(s.tokens(t, ada), func(r app.TokenRecord) uuid.UUID { return r.ID }))
	require.Equal(t, newestFirst(blocked), ids(s.blocks(t, ada), func(r app.BlockRecord) uuid.UUID { return r.Member }))
	require.Equal(t, newestFirst(invitations), ids(s.invitations(t), func(r app.InvitationRecord) uuid.UUID { return r.ID }))
}

func ids[T any](items []T, id func(T) uuid.UUID) []uuid.UUID {
	var all []uuid.UUID
	for _, item := range items {
		all = append(all, id(item))
	}
	return all
}

func listCursorsChecked(t *testing.T, s *subject) {
	asks := map[string]func(page.Request) error{
		"sessions": func(r page.Request) error {
			_, err := s.Views.Sessions(t.Context(), newID(), noon, r)
			return err
		},
		"tokens":      func(r page.Request) error { _, err := s.Views.Tokens(t.Context(), newID(), r); return err },
		"blocks":      func(r page.Request) error { _, err := s.Views.Blocks(t.Context(), newID(), r); return err },
		"notices":     func(r page.Request) error { _, err := s.Views.Notices(t.Context(), newID(), false, r); return err },
		"invitations": func(r page.Request) error { _, err := s.Views.Invitations(t.Context(), r); return err },
	}
	for list, ask := range asks {
		for other := range asks {
			err := ask(page.Request{Cursor: page.Encode(other, app.TimeKeyOf(noon, newID()))})
			if other == list {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, page.ErrInvalidCursor, "a cursor of %s for %s", other, list)
			}
		}
		require.ErrorIs(t, ask(page.Request{Cursor: "x"}), page.ErrInvalidCursor)
		require.ErrorIs(t, ask(page.Request{Cursor: page.Encode(list, "text")}), page.ErrInvalidCursor)
	}
}
