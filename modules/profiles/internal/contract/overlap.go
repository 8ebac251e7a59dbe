package contract

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// overlapCases run units over the same data at once, as several servers would.
var overlapCases = []testCase{
	{"of many registrations with one address one succeeds", oneAddress},
	{"of many registrations with one handle one succeeds", oneHandle},
	{"of many changes to one address one succeeds", oneNewAddress},
	{"a house is founded once", foundedOnce},
	{"every attempt is counted, the first ones too", attemptsCounted},
	{"no role is lost between units that lock", rolesUnderLock},
}

// overlapping is uowtest.Overlap of two units on this store.
func (s *subject) overlapping(
	t *testing.T, first func(ctx context.Context, meet func()) error, second func(context.Context) error, hints ...uow.Hint,
) (runs int, err error) {
	t.Helper()
	return uowtest.Overlap(t, s.Work, s.Waiting, first, func() error { return s.Work.Do(t.Context(), second) }, hints...)
}

// overlap is overlapping where the first unit must succeed, too.
func (s *subject) overlap(
	t *testing.T, first func(ctx context.Context, meet func()) error, second func(context.Context) error, hints ...uow.Hint,
) (runs int) {
	t.Helper()
	runs, err := s.overlapping(t, first, second, hints...)
	require.NoError(t, err, "the first unit")
	return runs
}

// crowd is how many units run at once.
const crowd = 8

// atOnce runs n units and returns their outcomes.
func (s *subject) atOnce(t *testing.T, n int, run func(ctx context.Context, i int) error) []error {
	t.Helper()
	outcomes := make([]error, n)
	var units sync.WaitGroup
	for i := range n {
		units.Go(func() {
			outcomes[i] = s.Work.Do(t.Context(), func(ctx context.Context) error { return run(ctx, i) })
		})
	}
	units.Wait()
	return outcomes
}

// requireOne fails unless one outcome is nil and all others are the refusal. It returns the one.
func requireOne(t *testing.T, outcomes []error, refusal error) int {
	t.Helper()
	winner, winners := 0, 0
	for i, err := range outcomes {
		if err == nil {
			winner = i
			winners++
			continue
		}
		require.ErrorIs(t, err, refusal)
	}
	require.Equal(t, 1, winners, "who succeeded")
	return winner
}

// requireMembers fails unless exactly those of the members are stored, with all that belongs to them.
func (s *subject) requireMembers(t *testing.T, stored func(i int) bool, ids []uuid.UUID, handles []string) {
	t.Helper()
	for i, id := range ids {
		require.Equal(t, stored(i), exists(t, s, s.Accounts, id, domain.ErrMemberNotFound), "account %d", i)
		require.Equal(t, stored(i), exists(t, s, s.Profiles, id, domain.ErrMemberNotFound), "profile %d", i)
		require.Equal(t, stored(i), exists(t, s, s.Settings, id, domain.ErrMemberNotFound), "settings %d", i)
		if handles != nil {
			taken := domain.TakenHandleID(domain.RestoreHandle(handles[i]))
			require.Equal(t, stored(i), exists(t, s, s.TakenHandles, taken, domain.ErrRecordNotFound), "handle %d", i)
		}
	}
}

// newIDs returns n ids and as many handles.
func newIDs(n int) (ids []uuid.UUID, handles []string) {
	for i := range n {
		ids = append(ids, newID())
		handles = append(handles, fmt.Sprintf("member-%d", i))
	}
	return ids, handles
}

func oneAddress(t *testing.T, s *subject) {
	ids, handles := newIDs(crowd)
	outcomes := s.atOnce(t, crowd, func(ctx context.Context, i int) error {
		address := []string{"Ada@example.org", "ada@EXAMPLE.org"}[i%2]
		return s.add(ctx, registration{id: ids[i], handle: handles[i], email: address}.member())
	})
	winner := requireOne(t, outcomes, domain.ErrEmailTaken)
	s.requireMembers(t, func(i int) bool { return i == winner }, ids, handles)
	require.Len(t, s.Messages(t), 1, "of the one who is registered")
}

func oneHandle(t *testing.T, s *subject) {
	for _, looked := range []bool{false, true} {
		handle := map[bool]string{false: "ada", true: "bob"}[looked]
		ids, _ := newIDs(crowd)
		outcomes := s.atOnce(t, crowd, func(ctx context.Context, i int) error {
			if looked {
				_, err := s.TakenHandles.Get(ctx, domain.TakenHandleID(domain.RestoreHandle(handle)))
				if err == nil {
					return domain.ErrHandleTaken
				}
				if !errors.Is(err, domain.ErrRecordNotFound) {
					return err
				}
			}
			email := fmt.Sprintf("%s-%d@example.org", handle, i)
			return s.add(ctx, registration{id: ids[i], handle: handle, email: email}.member())
		})
		winner := requireOne(t, outcomes, domain.ErrHandleTaken)
		s.requireMembers(t, func(i int) bool { return i == winner }, ids, nil)
	}
}

func oneNewAddress(t *testing.T, s *subject) {
	ids := make([]uuid.UUID, crowd)
	for i := range ids {
		ids[i] = s.register(t, registration{}, func(a *domain.Account) {
			must(a.Send(domain.PurposeChange, secret(1), domain.RestoreEmail("new@example.org"), noon))
		})
	}
	outcomes := s.atOnce(t, crowd, func(ctx context.Context, i int) error {
		a, err := s.Accounts.Get(ctx, ids[i])
		if err != nil {
			return err
		}
		_, err = a.ChangeEmail(secret(1), noon)
		return err
	})
	winner := requireOne(t, outcomes, domain.ErrEmailTaken)
	found, err := s.Credentials.ByEmail(t.Context(), "new@example.org")
	require.NoError(t, err)
	require.Equal(t, ids[winner], found.Account)
}

func foundedOnce(t *testing.T, s *subject) {
	ids, _ := newIDs(crowd)
	outcomes := s.atOnce(t, crowd, func(ctx context.Context, i int) error {
		a, err := s.Administrators.Get(ctx, domain.AdministratorsID)
		if errors.Is(err, domain.ErrRecordNotFound) {
			a = domain.NewAdministrators()
			err = s.Administrators.Add(ctx, a)
		}
		if err != nil {
			return err
		}
		return a.Found(ids[i])
	})
	winner := requireOne(t, outcomes, domain.ErrAlreadySetUp)
	s.must(t, func(ctx context.Context) error {
		a, err := s.Administrators.Get(ctx, domain.AdministratorsID)
		if err != nil {
			return err
		}
		require.Equal(t, []uuid.UUID{ids[winner]}, a.State().Members)
		return nil
	})
}

func attemptsCounted(t *testing.T, s *subject) {
	const attempts = 20
	id := domain.ThrottleID("sign in", "ada@example.org", "192.0.2.1")
	outcomes := s.atOnce(t, attempts, func(ctx context.Context, _ int) error {
		throttle, err := s.Throttles.Get(ctx, id)
		if errors.Is(err, domain.ErrRecordNotFound) {
			throttle = domain.NewThrottle(id)
			err = s.Throttles.Add(ctx, throttle)
		}
		if err != nil {
			return err
		}
		return throttle.Attempt(attempts+1, noon)
	})
	require.NoError(t, errors.Join(outcomes...))
	s.must(t, func(ctx context.Context) error {
		throttle, err := s.Throttles.Get(ctx, id)
		if err != nil {
			return err
		}
		require.Equal(t, attempts, throttle.State().Attempts)
		require.Equal(t, int64(attempts), throttle.Version())
		return nil
	})
}

// rolesUnderLock has a unit wait for the lock of an account to which another one grants a role. What it then finds must
// be the roles of the version that it found.
func rolesUnderLock(t *testing.T, s *subject) {
	id := s.register(t, registration{})
	grant := func(role identity.Role, meet func()) func(context.Context) error {
		return func(ctx context.Context) error {
			a, err := s.Accounts.Get(ctx, id)
			if err != nil {
				return err
			}
			meet()
			return a.Grant(role, uuid.Nil, noon)
		}
	}
	runs, err := uowtest.Overlap(t, s.Work, s.Waiting, func(ctx context.Context, meet func()) error {
		return grant(identity.Agent, meet)(ctx)
	}, func() error {
		return s.Work.Do(t.Context(), grant(identity.Lead, func() {}), s.Accounts.Loads(id))
	}, s.Accounts.Loads(id))
	require.NoError(t, err)
	s.Waiting.RequireRuns(t, runs, true)
	require.Equal(t, []identity.Role{identity.Agent, identity.Lead}, s.account(t, id).State().Roles)
}
