package uowtest

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// identityCases say which pointer a command gets.
var identityCases = []testCase{
	{"a second Get returns the same pointer without a query", sameGet},
	{"Add then Get returns the same pointer without a query", addThenGet},
	{"adding twice is refused", addTwice},
	{"adding what was loaded or removed is refused", addKnown},
	{"adding what was made outside the function is refused when it runs again", addMadeOutside},
	{"Get after Remove is not found", getAfterRemove},
	{"the next command gets a copy of its own that shows the change", nextCommandCopy},
	{"not found is asked once", missingOnce},
	{"what one repository knows the other does not", repositoriesApart},
	{"Peek shows what the unit has, locks nothing and changes nothing", peekLocksNothing},
	{"what was peeked at and is changed later is not lost", peekThenGet},
}

func sameGet(t *testing.T, s *subject) {
	id := s.open(t, 100)
	for name, hints := range map[string][]uow.Hint{"without hints": nil, "with hints": {s.accounts.Loads(id)}} {
		s.accountStore.forget()
		require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
			a, err := s.accounts.Get(ctx, id)
			if err != nil {
				return err
			}
			a.Deposit(newID(), 1, instant)
			b, err := s.accounts.Get(ctx, id)
			if err != nil {
				return err
			}
			require.Same(t, a, b, name)
			b.Deposit(newID(), 1, instant)
			return nil
		}, hints...))
		require.Len(t, s.accountStore.queries(), 1, name)
	}
	s.requireAccount(t, id, 104, 3)
}

func addThenGet(t *testing.T, s *subject) {
	id := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		a := OpenAccount(newID(), id, "0001", instant)
		if err := s.accounts.Add(ctx, a); err != nil {
			return err
		}
		b, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		require.Same(t, a, b)
		b.Deposit(newID(), 1, instant)
		return nil
	}))
	require.Empty(t, s.accountStore.queries())
	require.Equal(t, [][]uow.ChangeKind{{uow.Added}}, s.accountStore.writes())
	s.requireAccount(t, id, 1, 1)
}

func addTwice(t *testing.T, s *subject) {
	id := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.accounts.Add(ctx, OpenAccount(newID(), id, "0001", instant)))
		require.ErrorIs(t, s.accounts.Add(ctx, OpenAccount(newID(), id, "0002", instant)), uow.ErrAlreadyAdded)
		return nil
	}))
	require.Equal(t, "0001", s.account(t, id).Number)
}

func addKnown(t *testing.T, s *subject) {
	loaded, removed := s.open(t, 1), s.open(t, 2)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		_, err := s.accounts.Get(ctx, loaded)
		require.NoError(t, err)
		require.NoError(t, s.accounts.Remove(ctx, removed))
		for _, id := range []uuid.UUID{loaded, removed} {
			require.ErrorIs(t, s.accounts.Add(ctx, OpenAccount(newID(), id, "0001", instant)), uow.ErrAlreadyAdded)
		}
		return nil
	}))
	s.requireAccount(t, loaded, 1, 1)
	require.Nil(t, s.account(t, removed))
}

func addMadeOutside(t *testing.T, s *subject) {
	outside, runs := OpenAccount(newID(), newID(), "0001", instant), 0
	s.accountStore.before(func(context.Context) error { return uow.ErrConflict })
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		runs++
		return s.accounts.Add(ctx, outside)
	})
	require.ErrorIs(t, err, uow.ErrNotNew, "its events went with the first run")
	require.Equal(t, 2, runs)
	require.Empty(t, s.Accounts(t))
}

func getAfterRemove(t *testing.T, s *subject) {
	id := s.open(t, 100)
	gone := func(ctx context.Context) error {
		_, err := s.accounts.Get(ctx, id)
		require.ErrorIs(t, err, ErrAccountNotFound)
		require.ErrorIs(t, s.accounts.Remove(ctx, id), ErrAccountNotFound)
		return nil
	}
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: func(ctx context.Context) error {
			require.NoError(t, s.accounts.Remove(ctx, id))
			return gone(ctx)
		}},
		{Run: gone},
	})
	requireOutcomes(t, outcomes, nil, nil)
	require.Len(t, s.accountStore.queries(), 1)
}

func nextCommandCopy(t *testing.T, s *subject) {
	id := s.open(t, 100)
	var seen []*Account
	look := func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		require.Equal(t, int64(100+len(seen)), a.Balance())
		require.Equal(t, int64(1+len(seen)), a.Version())
		a.Deposit(newID(), 1, instant)
		seen = append(seen, a)
		return nil
	}
	outcomes := s.work.DoAll(t.Context(), []uow.Command{{Run: look}, {Run: look}, {Run: look}})
	requireOutcomes(t, outcomes, nil, nil, nil)
	require.NotSame(t, seen[0], seen[1])
	require.NotSame(t, seen[1], seen[2])
	require.Len(t, s.accountStore.queries(), 1)
}

func missingOnce(t *testing.T, s *subject) {
	id := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		for range 3 {
			_, err := s.accounts.Get(ctx, id)
			require.ErrorIs(t, err, ErrAccountNotFound)
		}
		return s.accounts.Add(ctx, OpenAccount(newID(), id, "0001", instant))
	}))
	require.Len(t, s.accountStore.queries(), 1)
	s.requireAccount(t, id, 0, 1)
}

func repositoriesApart(t *testing.T, s *subject) {
	id := s.open(t, 100)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		if err := s.ledgers.Add(ctx, NewLedger(id)); err != nil {
			return err
		}
		return s.remove(id)(ctx)
	}))
	require.Nil(t, s.account(t, id))
	require.NotNil(t, s.ledger(t, id))
}

func ids(list ...uuid.UUID) []uuid.UUID { return list }

func peekLocksNothing(t *testing.T, s *subject) {
	stored, changed, removed, none := s.open(t, 100), s.open(t, 200), s.open(t, 300), newID()
	runs := 0
	s.accountStore.forget()
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: func(ctx context.Context) error {
			runs++
			for range 2 {
				a, err := s.accounts.Peek(ctx, stored)
				require.NoError(t, err)
				require.EqualValues(t, 100, a.Balance())
				a.Deposit(newID(), 1, instant) // which nobody will know of
			}
			_, err := s.accounts.Peek(ctx, none)
			require.ErrorIs(t, err, ErrAccountNotFound)
			require.NoError(t, s.accounts.Remove(ctx, removed))
			_, err = s.accounts.Peek(ctx, removed)
			require.ErrorIs(t, err, ErrAccountNotFound)
			return s.deposit(changed, 1)(ctx)
		}},
		{Run: func(ctx context.Context) error {
			a, err := s.accounts.Peek(ctx, changed)
			require.NoError(t, err)
			require.EqualValues(t, 201, a.Balance(), "as the command before has left it")
			_, err = s.accounts.Peek(ctx, removed)
			require.ErrorIs(t, err, ErrAccountNotFound)
			_, err = s.accounts.Peek(ctx, stored)
			if runs == 1 {
				return uow.ErrConflict // so that the unit runs again, and locks
			}
			return err
		}},
	})
	requireOutcomes(t, outcomes, nil, nil)
	require.Equal(t, 2, runs)
	locked := slices.Concat(s.accountStore.locked()...)
	require.NotContains(t, locked, stored)
	require.Contains(t, locked, changed, "the second run locks what it changes")
	s.requireAccount(t, stored, 100, 1)
	s.requireAccount(t, changed, 201, 2)
}

func peekThenGet(t *testing.T, s *subject) {
	id := s.open(t, 100)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		seen, err := s.accounts.Peek(ctx, id)
		require.NoError(t, err)
		a, err := s.accounts.Get(ctx, id)
		require.NoError(t, err)
		require.NotSame(t, seen, a)
		a.Deposit(newID(), 1, instant)
		seen, err = s.accounts.Peek(ctx, id)
		require.NoError(t, err)
		require.EqualValues(t, 101, seen.Balance(), "also what the command itself has done")
		return nil
	}))
	s.requireAccount(t, id, 101, 2)
}
