package contract

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// unitCases are about several aggregates in one unit.
var unitCases = []testCase{
	{"a registration is stored whole or not at all", registrationWhole},
	{"registrations in one unit collide one by one", registrationsInOneUnit},
	{"an address is free again when its member has another one", addressFreed},
	{"an address that is given up and one that is taken may change in one unit", addressPassedOn},
	{"any number of deleted members have no address", deletedHaveNoAddress},
	{"a handle stays taken when its member is gone", handleStaysTaken},
	{"a deleted member's handle is free for nobody, and his pseudonym is his own", pseudonym},
	{"what happens to accounts is published with them", published},
}

// registrationWhole fails the commit of a registration at each of its four writes.
func registrationWhole(t *testing.T, s *subject) {
	there := registration{id: newID(), handle: "there", email: "there@example.org"}
	s.register(t, there)
	s.must(t, func(ctx context.Context) error {
		return s.TakenHandles.Add(ctx, domain.TakeHandle(domain.RestoreHandle("once")))
	})
	alone := newID() // settings without an account
	s.must(t, func(ctx context.Context) error { return s.Settings.Add(ctx, domain.NewNotificationSettings(alone)) })
	messages := len(s.Messages(t))

	for name, c := range map[string]struct {
		registration
		want error
	}{
		"the address is taken":        {registration{handle: "new-1", email: "THERE@example.org"}, domain.ErrEmailTaken},
		"a profile has the handle":    {registration{handle: "there", email: "new-2@example.org"}, domain.ErrHandleTaken},
		"the handle was taken before": {registration{handle: "once", email: "new-3@example.org"}, domain.ErrHandleTaken},
	} {
		id := newID()
		c.id = id
		err := s.do(t, func(ctx context.Context) error { return s.add(ctx, c.member()) })
		require.ErrorIs(t, err, c.want, name)
		s.requireMembers(t, func(int) bool { return false }, []uuid.UUID{id}, nil)
	}
	require.False(t, exists(t, s, s.TakenHandles, domain.TakenHandleID(domain.RestoreHandle("new-1")), domain.ErrRecordNotFound))

	// The settings are there already: the unit runs again, and fails by itself.
	runs := 0
	err := s.do(t, func(ctx context.Context) error {
		if runs++; runs > 1 {
			return errCommand
		}
		return s.add(ctx, registration{id: alone, handle: "new-4"}.member())
	})
	require.ErrorIs(t, err, errCommand)
	require.Equal(t, 2, runs)
	require.False(t, exists(t, s, s.Accounts, alone, domain.ErrMemberNotFound))
	require.False(t, exists(t, s, s.Profiles, alone, domain.ErrMemberNotFound))
	require.False(t, exists(t, s, s.TakenHandles, domain.TakenHandleID(domain.RestoreHandle("new-4")), domain.ErrRecordNotFound))

	require.Len(t, s.Messages(t), messages, "nothing is published of what did not happen")
}

func registrationsInOneUnit(t *testing.T, s *subject) {
	ids, handles := newIDs(4)
	emails := []string{"a@example.org", "b@example.org", "A@example.org", "d@example.org"}
	handles[3] = handles[1]
	var commands []uow.Command
	for i, id := range ids {
		commands = append(commands, uow.Command{Run: func(ctx context.Context) error {
			m := registration{id: id, handle: handles[i], email: emails[i]}.member()
			if err := s.Accounts.Add(ctx, m.account); err != nil {
				return err
			}
			return s.Profiles.Add(ctx, m.profile)
		}})
	}
	outcomes := s.Work.DoAll(t.Context(), commands)
	require.NoError(t, outcomes[0])
	require.NoError(t, outcomes[1])
	require.ErrorIs(t, outcomes[2], domain.ErrEmailTaken)
	require.ErrorIs(t, outcomes[3], domain.ErrHandleTaken)
	for i, id := range ids {
		require.Equal(t, i < 2, exists(t, s, s.Accounts, id, domain.ErrMemberNotFound), "account %d", i)
		require.Equal(t, i < 2, exists(t, s, s.Profiles, id, domain.ErrMemberNotFound), "profile %d", i)
	}
}

// moveTo returns a command that gives the account another address.
func (s *subject) moveTo(id uuid.UUID, email string) func(context.Context) error {
	return func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := a.Send(domain.PurposeChange, secret(1), domain.RestoreEmail(email), noon); err != nil {
			return err
		}
		_, err = a.ChangeEmail(secret(1), noon)
		return err
	}
}

func addressFreed(t *testing.T, s *subject) {
	first := s.register(t, registration{email: "ada@example.org"})
	second := s.register(t, registration{email: "bob@example.org"})
	require.ErrorIs(t, s.do(t, s.moveTo(second, "ADA@example.org")), domain.ErrEmailTaken)
	s.must(t, s.moveTo(first, "Ada@Example.org")) // only the case
	s.must(t, s.moveTo(first, "lovelace@example.org"))
	s.must(t, s.moveTo(second, "ADA@example.org"))
	require.ErrorIs(t, s.do(t, s.moveTo(first, "ada@example.org")), domain.ErrEmailTaken)

	s.change(t, second, func(a *domain.Account) error { return a.Delete(noon) })
	s.must(t, s.moveTo(first, "ada@example.org"))
	s.must(t, func(ctx context.Context) error { return s.Accounts.Remove(ctx, first) })
	s.register(t, registration{email: "ada@example.org"})
}

// addressPassedOn lets two members change in one unit. Rows are written in the order of ids, in which every state on the
// way must keep the rule.
func addressPassedOn(t *testing.T, s *subject) {
	first, second := numbered(1), numbered(2)
	if first.String() > second.String() {
		first, second = second, first
	}
	s.register(t, registration{id: first, email: "ada@example.org"})
	s.register(t, registration{id: second, email: "bob@example.org"})
	s.must(t, func(ctx context.Context) error {
		if err := s.moveTo(first, "new@example.org")(ctx); err != nil {
			return err
		}
		return s.moveTo(second, "ada@example.org")(ctx)
	})
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		if err := s.moveTo(second, "newer@example.org")(ctx); err != nil {
			return err
		}
		return s.moveTo(first, "ada@example.org")(ctx)
	}), domain.ErrEmailTaken, "the first would have it before the second has given it up")
	require.Equal(t, "new@example.org", s.account(t, first).Email().String())
	require.Equal(t, "ada@example.org", s.account(t, second).Email().String())
}

func deletedHaveNoAddress(t *testing.T, s *subject) {
	for range 3 {
		id := s.register(t, registration{})
		s.change(t, id, func(a *domain.Account) error { return a.Delete(noon) })
		require.Empty(t, s.account(t, id).Email().String())
	}
	_, err := s.Credentials.ByEmail(t.Context(), "")
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
}

func handleStaysTaken(t *testing.T, s *subject) {
	id := s.register(t, registration{handle: "ada"})
	s.must(t, func(ctx context.Context) error {
		p, err := s.Profiles.Get(ctx, id)
		if err != nil {
			return err
		}
		p.Delete(noon)
		return nil
	})
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		return s.add(ctx, registration{handle: "ada", email: "other@example.org"}.member())
	}), domain.ErrHandleTaken)
}

func pseudonym(t *testing.T, s *subject) {
	var ids []uuid.UUID
	for _, handle := range []string{"ada", "bob"} {
		ids = append(ids, s.register(t, registration{handle: handle}))
	}
	for _, id := range ids {
		s.must(t, func(ctx context.Context) error {
			p, err := s.Profiles.Get(ctx, id)
			if err != nil {
				return err
			}
			p.Delete(noon)
			return nil
		})
		m, err := s.Views.Member(t.Context(), id)
		require.NoError(t, err)
		require.Contains(t, m.Handle, "deleted-")
		found, err := s.Views.MemberByHandle(t.Context(), m.Handle)
		require.NoError(t, err)
		require.Equal(t, id, found.ID)
	}
	_, err := s.Views.MemberByHandle(t.Context(), "ada")
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
}

func published(t *testing.T, s *subject) {
	id := s.register(t, registration{pending: true, unverified: true})
	s.must(t, func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := a.MarkVerified(uuid.Nil, noon.Add(microsecond)); err != nil {
			return err
		}
		return a.Approve(uuid.Nil, noon.Add(2*microsecond))
	})
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		a.EndSessions(uuid.Nil, noon)
		return errCommand
	}), errCommand)

	var kinds []string
	for _, m := range s.Messages(t) {
		require.Equal(t, id, m.Aggregate)
		kinds = append(kinds, m.Kind)
	}
	require.Equal(t, []string{"profiles.registered.v1", "profiles.verified.v1", "profiles.approved.v1"}, kinds)
}
