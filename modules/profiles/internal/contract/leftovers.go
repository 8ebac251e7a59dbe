package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// leftoverCases say what is forgotten, and when.
var leftoverCases = []testCase{
	{"sessions are forgotten when they are over", forgetSessions},
	{"sessions are kept after their end for as long as the house wants", keepSessions},
	{"tokens are forgotten when they are over", forgetTokens},
	{"devices are forgotten when they are not known any more", forgetDevices},
	{"throttles are forgotten a day after the last attempt", forgetThrottles},
	{"invitations are forgotten 30 days after their end", forgetInvitations},
	{"what still tells of a deleted member is forgotten at once", forgetDeleted},
	{"notices are forgotten when they are old and nothing is to be mailed", forgetNotices},
	{"no more is forgotten at once than asked for", forgetLimited},
	{"nothing but leftovers is forgotten", forgetNothingElse},
}

// forget deletes what is left over at the instant and returns how many that were.
func (s *subject) forget(t *testing.T, now time.Time) int {
	t.Helper()
	n, err := s.Leftovers.Forget(t.Context(), now, app.Keeping{Notices: noticeAge}, 100)
	require.NoError(t, err)
	return n
}

// requireForgottenAt fails unless the one leftover there is goes exactly at the instant.
func (s *subject) requireForgottenAt(t *testing.T, end time.Time, there func() bool) {
	t.Helper()
	require.Zero(t, s.forget(t, end.Add(-1)), "just before")
	require.True(t, there())
	require.Equal(t, 1, s.forget(t, end), "in time")
	require.False(t, there())
	require.Zero(t, s.forget(t, end), "again")
}

func forgetSessions(t *testing.T, s *subject) {
	ada := s.register(t, registration{})
	session := func(id uuid.UUID) func() bool {
		return func() bool { return exists(t, s, s.Sessions, id, domain.ErrSessionNotFound) }
	}
	s.requireForgottenAt(t, noon.Add(domain.SessionIdle), session(s.signIn(t, ada, noon)))

	early := s.signIn(t, ada, noon)
	s.change(t, ada, func(a *domain.Account) error {
		a.EndSessions(ada, noon)
		return nil
	})
	present := s.signIn(t, ada, noon)
	require.Equal(t, 1, s.forget(t, noon))
	require.False(t, session(early)())
	require.True(t, session(present)())
	_, err := s.Credentials.BySession(t.Context(), domain.HashOf(early.String()))
	require.ErrorIs(t, err, domain.ErrSessionNotFound)
}

func keepSessions(t *testing.T, s *subject) {
	const age = 30 * day
	forget := func(now time.Time) int {
		n, err := s.Leftovers.Forget(t.Context(), now, app.Keeping{Sessions: age, Notices: noticeAge}, 100)
		require.NoError(t, err)
		return n
	}
	there := func(id uuid.UUID) bool { return exists(t, s, s.Sessions, id, domain.ErrSessionNotFound) }
	requireForgottenAt := func(end time.Time, id uuid.UUID) {
		t.Helper()
		require.Zero(t, forget(end.Add(-time.Microsecond)), "just before")
		require.True(t, there(id))
		require.Equal(t, 1, forget(end), "in time")
		require.False(t, there(id))
	}
	endAll := func(member uuid.UUID) {
		s.change(t, member, func(a *domain.Account) error {
			a.EndSessions(member, noon)
			return nil
		})
	}
	ada, eve := s.register(t, registration{}), s.register(t, registration{})
	requireForgottenAt(noon.Add(domain.SessionIdle+age), s.signIn(t, ada, noon)) // one that expired

	early := s.signIn(t, ada, noon)
	endAll(ada)
	sessions, err := s.Views.Sessions(t.Context(), ada, noon, page.Request{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, sessions.Items, "what is kept is over nevertheless")
	requireForgottenAt(noon.Add(age), early)

	his, hers := s.signIn(t, ada, noon), s.signIn(t, eve, noon)
	endAll(eve)
	s.change(t, ada, func(a *domain.Account) error { return a.Delete(noon) })
	require.Equal(t, 1, forget(noon), "of who is deleted nothing is kept")
	require.False(t, there(his))
	require.True(t, there(hers))
}

func forgetTokens(t *testing.T, s *subject) {
	ada := s.register(t, registration{})
	token := func(id uuid.UUID) func() bool {
		return func() bool { return exists(t, s, s.APITokens, id, domain.ErrTokenNotFound) }
	}
	end := noon.Add(day)
	s.requireForgottenAt(t, end, token(s.issue(t, ada, noon, end)))

	early := s.issue(t, ada, noon, time.Time{})
	require.Zero(t, s.forget(t, noon.AddDate(100, 0, 0)), "it never ends")
	s.change(t, ada, func(a *domain.Account) error { return a.Suspend(uuid.Nil, noon) })
	present := s.issue(t, ada, noon, time.Time{})
	require.Equal(t, 1, s.forget(t, noon))
	require.False(t, token(early)())
	require.True(t, token(present)())
}

func forgetDevices(t *testing.T, s *subject) {
	id := domain.DeviceID(numbered(1), "cookie")
	s.must(t, func(ctx context.Context) error {
		return s.Devices.Add(ctx, domain.NewDevice(numbered(1), "cookie", noon))
	})
	s.requireForgottenAt(t, noon.Add(domain.DeviceLifetime), func() bool {
		return exists(t, s, s.Devices, id, domain.ErrRecordNotFound)
	})
}

func forgetThrottles(t *testing.T, s *subject) {
	id := numbered(1)
	there := func() bool { return exists(t, s, s.Throttles, id, domain.ErrRecordNotFound) }
	attempt := func(ctx context.Context) error {
		throttle := domain.NewThrottle(id)
		must(throttle.Attempt(5, noon))
		return s.Throttles.Add(ctx, throttle)
	}
	s.must(t, attempt)
	s.requireForgottenAt(t, noon.Add(day), there)

	s.must(t, attempt)
	s.must(t, func(ctx context.Context) error {
		throttle, err := s.Throttles.Get(ctx, id)
		if err != nil {
			return err
		}
		throttle.Forget()
		return nil
	})
	require.Equal(t, 1, s.forget(t, noon), "one that counts nothing")
	require.False(t, there())
}

func forgetInvitations(t *testing.T, s *subject) {
	id := s.invite(t, "guest@example.org", uuid.Nil, noon)
	s.requireForgottenAt(t, noon.Add(domain.InvitationLifetime+app.InvitationMemory), func() bool {
		return exists(t, s, s.Invitations, id, domain.ErrInvitationNotFound)
	})
}

// noticeAge is how long these cases keep notices.
const noticeAge = 90 * day

func forgetNotices(t *testing.T, s *subject) {
	there := func(id uuid.UUID) func() bool {
		return func() bool { return exists(t, s, s.Notices, id, domain.ErrNoticeNotFound) }
	}
	end := noon.Add(noticeAge)
	s.requireForgottenAt(t, end, there(s.noticeTo(t, newID(), noon, domain.Channels{Listed: true})))

	unmailed := s.notice(t, newID(), noon)
	require.Zero(t, s.forget(t, end.Add(day)), "it is yet to be mailed")
	s.edit(t, unmailed, func(n *domain.Notice) { n.Sent(noon) })
	s.requireForgottenAt(t, end, there(unmailed))

	ada := s.register(t, registration{})
	his, others := s.notice(t, ada, noon), s.notice(t, newID(), noon)
	s.change(t, ada, func(a *domain.Account) error { return a.Delete(noon) })
	require.Equal(t, 1, s.forget(t, noon))
	require.False(t, there(his)())
	require.True(t, there(others)())
}

func forgetDeleted(t *testing.T, s *subject) {
	ada, eve := s.register(t, registration{}), s.register(t, registration{})
	for _, member := range []uuid.UUID{ada, eve} {
		id := s.invite(t, "guest@example.org", uuid.Nil, noon)
		s.must(t, func(ctx context.Context) error {
			invitation, err := s.Invitations.Get(ctx, id)
			if err != nil {
				return err
			}
			if _, err := invitation.Accept(secret(1), domain.RestoreEmail("guest@example.org"), member, noon); err != nil {
				return err
			}
			return s.Devices.Add(ctx, domain.NewDevice(member, "cookie", noon))
		})
	}
	s.change(t, ada, func(a *domain.Account) error { return a.Delete(noon) })
	require.Equal(t, 2, s.forget(t, noon))
	require.False(t, exists(t, s, s.Devices, domain.DeviceID(ada, "cookie"), domain.ErrRecordNotFound))
	require.True(t, exists(t, s, s.Devices, domain.DeviceID(eve, "cookie"), domain.ErrRecordNotFound))
}

func forgetLimited(t *testing.T, s *subject) {
	ada := s.register(t, registration{})
	for range 5 {
		s.signIn(t, ada, noon)
		s.invite(t, "guest@example.org", ada, noon)
	}
	late := noon.AddDate(1, 0, 0)
	for _, want := range []int{4, 4, 2, 0} { // two of each kind
		n, err := s.Leftovers.Forget(t.Context(), late, app.Keeping{Notices: noticeAge}, 2)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	for _, none := range []int{0, -1} {
		s.signIn(t, ada, noon)
		n, err := s.Leftovers.Forget(t.Context(), late, app.Keeping{Notices: noticeAge}, none)
		require.NoError(t, err)
		require.Zero(t, n)
	}
}

func forgetNothingElse(t *testing.T, s *subject) {
	ada := s.register(t, registration{})
	s.block(t, ada, newID(), noon)
	s.must(t, func(ctx context.Context) error { return s.Administrators.Add(ctx, domain.NewAdministrators()) })
	orphan := newID() // of an account that is not there
	s.must(t, func(ctx context.Context) error {
		nobody := domain.RestoreAccount(domain.AccountState{ID: newID()})
		return s.Sessions.Add(ctx, domain.NewSession(orphan, nobody, "text", domain.Client{}, noon))
	})
	require.Zero(t, s.forget(t, noon))
	require.True(t, exists(t, s, s.Sessions, orphan, domain.ErrSessionNotFound))
	require.Equal(t, 1, s.forget(t, noon.AddDate(100, 0, 0)))
	s.requireMembers(t, func(int) bool { return true }, []uuid.UUID{ada}, nil)
	require.Len(t, s.blocks(t, ada), 1)
	require.True(t, exists(t, s, s.Administrators, domain.AdministratorsID, domain.ErrRecordNotFound))
}
