package uowtest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// rememberingCases say what units that are shared do with what earlier units left: they work with it, and no outcome rests on
// its being right. Accounts are remembered, ledgers are not.
var rememberingCases = []testCase{
	{"what a unit left is not loaded again", notLoadedAgain},
	{"what a unit of one command left is remembered, too", ownUnitIsRemembered},
	{"what another server has changed meanwhile is noticed", changedElsewhere},
	{"a refusal that rests on what another server has changed is none", refusalIsVerified},
	{"a refusal by what is true costs a comparison, and changes nothing", trueRefusal},
	{"what another server has removed is not found", removedElsewhere},
	{"what this server has removed is not found", removedHere},
	{"a unit that fails leaves nothing to remember", failureIsForgotten},
	{"where others change the same, units ask first, until what they remember is right again", askFirst},
	{"what a command rests on without changing it is locked", restsOnLocked},
	{"what a command did to its copy and was refused for is not remembered", refusedCopyIsForgotten},
}

// share runs a command of one caller in a unit that could be shared.
func (s *server) share(t *testing.T, run func(context.Context) error, ids ...uuid.UUID) error {
	t.Helper()
	return s.work.DoShared(t.Context(), run, s.accounts.Loads(ids...))
}

// withdraw returns a command that takes amount out of the account.
func (s *server) withdraw(id uuid.UUID, amount int64) func(context.Context) error {
	return func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		return a.Withdraw(newID(), amount, instant)
	}
}

// requireQueries fails unless that many were asked since the last call.
func (s *server) requireQueries(t *testing.T, want int, why string) {
	t.Helper()
	require.Len(t, s.accountStore.queries(), want, why)
	s.accountStore.forget()
}

func notLoadedAgain(t *testing.T, s *subject) {
	id := s.open(t, 0)
	other := s.another(t)
	require.NoError(t, other.share(t, other.deposit(id, 1), id))
	other.requireQueries(t, 1, "it has never seen the account")
	for range 3 {
		require.NoError(t, other.share(t, other.deposit(id, 1), id))
	}
	other.requireQueries(t, 0, "it remembers the account")
	s.requireAccount(t, id, 4, 5)
}

func ownUnitIsRemembered(t *testing.T, s *subject) {
	id := s.open(t, 0)
	require.NoError(t, s.work.Do(t.Context(), s.deposit(id, 1), s.accounts.Loads(id)))
	s.accountStore.forget()
	require.NoError(t, s.share(t, s.deposit(id, 1), id))
	s.requireQueries(t, 0, "it remembers the account")
	s.requireAccount(t, id, 2, 3)
}

func changedElsewhere(t *testing.T, s *subject) {
	id := s.open(t, 0)
	other := s.another(t)
	for range 3 {
		require.NoError(t, s.share(t, s.deposit(id, 1), id))
		require.NoError(t, other.share(t, other.deposit(id, 1), id))
	}
	s.requireAccount(t, id, 6, 7)
	require.Len(t, s.amounts(t, id, Deposited), 6)
}

func refusalIsVerified(t *testing.T, s *subject) {
	id := s.open(t, 0)
	other := s.another(t)
	require.NoError(t, other.work.Do(t.Context(), other.deposit(id, 10), other.accounts.Loads(id)))
	require.NoError(t, s.share(t, s.withdraw(id, 5), id), "s remembers an empty account")
	s.requireAccount(t, id, 5, 3)
}

func trueRefusal(t *testing.T, s *subject) {
	id := s.open(t, 0)
	for range 2 {
		require.ErrorIs(t, s.share(t, s.withdraw(id, 5), id), ErrOverdrawn)
	}
	s.requireQueries(t, 0, "it remembers the account")
	s.requireAccount(t, id, 0, 1)
}

func removedElsewhere(t *testing.T, s *subject) {
	id := s.open(t, 0)
	other := s.another(t)
	require.NoError(t, other.work.Do(t.Context(), other.remove(id), other.accounts.Loads(id)))
	require.ErrorIs(t, s.share(t, s.deposit(id, 1), id), ErrAccountNotFound)
	require.Nil(t, s.account(t, id))
}

func removedHere(t *testing.T, s *subject) {
	id := s.open(t, 0)
	require.NoError(t, s.share(t, s.remove(id), id))
	require.ErrorIs(t, s.share(t, s.deposit(id, 1), id), ErrAccountNotFound)
	require.Nil(t, s.account(t, id))
}

func failureIsForgotten(t *testing.T, s *subject) {
	id := s.open(t, 0)
	broken := errors.New("broken")
	s.accountStore.before(func(context.Context) error { return broken })
	require.ErrorIs(t, s.share(t, s.deposit(id, 1), id), broken)
	s.accountStore.before(nil)
	s.accountStore.forget()
	runs := 0
	require.NoError(t, s.share(t, func(ctx context.Context) error {
		runs++
		return s.deposit(id, 1)(ctx)
	}, id))
	require.Equal(t, 1, runs, "it worked with what was rolled back")
	s.requireQueries(t, 1, "nobody knows what became of it")
	s.requireAccount(t, id, 1, 2)
}

func askFirst(t *testing.T, s *subject) {
	id := s.open(t, 0)
	other := s.another(t)
	require.NoError(t, other.work.Do(t.Context(), other.deposit(id, 1), other.accounts.Loads(id)))
	require.NoError(t, s.share(t, s.deposit(id, 1), id))
	s.requireQueries(t, 1, "asked after a conflict")
	require.NoError(t, s.share(t, s.deposit(id, 1), id))
	require.True(t, s.accountStore.queries()[0].lock, "asked, and locked, at once")
	asked := 1
	for n := 0; len(s.accountStore.queries()) == asked; n++ {
		require.Less(t, n, 100, "it asks for ever")
		require.NoError(t, s.share(t, s.deposit(id, 1), id))
		asked++
	}
	require.Greater(t, asked, 10, "it forgets too soon that others change the same")
}

func restsOnLocked(t *testing.T, s *subject) {
	read, changed := s.open(t, 7), s.open(t, 0)
	runs := 0
	require.NoError(t, s.share(t, func(ctx context.Context) error {
		runs++
		a, err := s.accounts.Get(ctx, read)
		if err != nil {
			return err
		}
		return s.deposit(changed, a.Balance())(ctx)
	}, read, changed))
	require.Equal(t, 2, runs)
	require.Len(t, s.accountStore.locked(), 1)
	require.Len(t, s.accountStore.locked()[0], 2)
	s.requireAccount(t, changed, 7, 2)
	s.requireAccount(t, read, 7, 1)
}

func refusedCopyIsForgotten(t *testing.T, s *subject) {
	id := s.open(t, 0)
	for range 2 {
		require.ErrorIs(t, s.share(t, func(ctx context.Context) error {
			return errors.Join(s.deposit(id, 1_000)(ctx), errRefused)
		}, id), errRefused)
	}
	require.ErrorIs(t, s.share(t, s.withdraw(id, 1), id), ErrOverdrawn)
	require.NoError(t, s.share(t, s.deposit(id, 1), id))
	s.requireAccount(t, id, 1, 2)
}
