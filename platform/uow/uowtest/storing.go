package uowtest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/uow"
)

// storingCases say what becomes of aggregates whose commands succeed.
var storingCases = []testCase{
	{"what was added is there, field by field", addedIsThere},
	{"times come back in UTC to the microsecond", timesInUTC},
	{"what was changed is saved although nobody calls Save", changedIsSaved},
	{"what did not change writes nothing", unchangedWritesNothing},
	{"what was removed is gone", removedIsGone},
	{"what was added and removed at once was never there", addedAndRemoved},
	{"what does not exist is not found by a typed error", notFoundIsTyped},
	{"a second aggregate with the same id is refused", sameIDRefused},
	{"a unique field refuses the second", uniqueField},
	{"two repositories commit together", twoRepositories},
	{"units see each other's changes in turn", unitsInTurn},
	{"what the function kept changes nothing afterwards", keptPointer},
	{"what the first query was asked for comes back whatever else exists", loadsOnlyWhatExists},
}

func addedIsThere(t *testing.T, s *subject) {
	id := newID()
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		a := OpenAccount(newID(), id, "0001", instant)
		a.Deposit(newID(), 250, instant)
		return s.accounts.Add(ctx, a)
	})
	require.NoError(t, err)

	want := AccountState{ID: id, Version: 1, Number: "0001", Balance: 250, Events: 2, OpenedAt: instant}
	require.Equal(t, []AccountState{want}, s.Accounts(t))
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		require.Equal(t, want, a.State())
		return nil
	}))
}

func timesInUTC(t *testing.T, s *subject) {
	zone := time.FixedZone("five and three quarters east", 5*3600+45*60)
	at := time.Date(2026, time.March, 1, 3, 4, 5, 6_789, zone) // before midnight in UTC, with nanoseconds
	id := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		return s.accounts.Add(ctx, OpenAccount(newID(), id, "0001", at))
	}))

	want := time.Date(2026, time.February, 28, 21, 19, 5, 6_000, time.UTC)
	stored := s.account(t, id).OpenedAt
	require.Equal(t, want, stored)
	require.Same(t, time.UTC, stored.Location())
	messages := s.Messages(t)
	require.Len(t, messages, 1)
	require.Equal(t, want, messages[0].At)
	require.Same(t, time.UTC, messages[0].At.Location())
}

func changedIsSaved(t *testing.T, s *subject) {
	id := s.open(t, 100)
	require.NoError(t, s.work.Do(t.Context(), s.deposit(id, 11)))
	s.requireAccount(t, id, 111, 2)
	require.Equal(t, [][]uow.ChangeKind{{uow.Changed}}, s.accountStore.writes())
}

func unchangedWritesNothing(t *testing.T, s *subject) {
	read, changed := s.open(t, 100), s.open(t, 100)
	refused := func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, read)
		if err != nil {
			return err
		}
		require.ErrorIs(t, a.Withdraw(newID(), 101, instant), ErrOverdrawn)
		return nil
	}
	require.NoError(t, s.work.Do(t.Context(), refused))
	require.Empty(t, s.accountStore.writes())

	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		if err := refused(ctx); err != nil {
			return err
		}
		return s.deposit(changed, 1)(ctx)
	}, s.accounts.Loads(read, changed)))
	require.Equal(t, [][]uow.ChangeKind{{uow.Changed}}, s.accountStore.writes())
	s.requireAccount(t, read, 100, 1)
	s.requireAccount(t, changed, 101, 2)
	require.Len(t, s.Messages(t), 5) // two for each opening, one for the deposit
}

func removedIsGone(t *testing.T, s *subject) {
	id, other := s.open(t, 100), s.open(t, 1)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		a.Close(newID(), instant)
		return s.accounts.Remove(ctx, id)
	}))
	require.Nil(t, s.account(t, id))
	s.requireAccount(t, other, 1, 1)
	require.Equal(t, []int64{0}, s.amounts(t, id, Closed), "what it recorded before is published")
	require.Equal(t, [][]uow.ChangeKind{{uow.Removed}}, s.accountStore.writes())
	require.ErrorIs(t, s.work.Do(t.Context(), s.remove(id)), ErrAccountNotFound)
}

func addedAndRemoved(t *testing.T, s *subject) {
	id := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		if err := s.accounts.Add(ctx, OpenAccount(newID(), id, "0001", instant)); err != nil {
			return err
		}
		return s.accounts.Remove(ctx, id)
	}))
	require.Empty(t, s.Accounts(t))
	require.Empty(t, s.accountStore.writes())
}

func notFoundIsTyped(t *testing.T, s *subject) {
	id := newID()
	for name, run := range map[string]func(ctx context.Context) error{
		"Get": func(ctx context.Context) error {
			a, err := s.accounts.Get(ctx, id)
			require.Nil(t, a)
			return err
		},
		"Remove": s.remove(id),
	} {
		err := s.work.Do(t.Context(), run, s.accounts.Loads(id))
		require.ErrorIs(t, err, ErrAccountNotFound, name)
		require.Equal(t, fault.NotFound, fault.KindOf(err), name)
	}
	require.ErrorIs(t, s.work.Do(t.Context(), s.post(id, 1)), ErrLedgerNotFound)
}

func sameIDRefused(t *testing.T, s *subject) {
	id := s.open(t, 100)
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		return s.accounts.Add(ctx, OpenAccount(newID(), id, "another", instant))
	})
	require.ErrorIs(t, err, ErrAccountExists)
	s.requireAccount(t, id, 100, 1)
	require.Len(t, s.Messages(t), 2)
}

func uniqueField(t *testing.T, s *subject) {
	first, second := s.open(t, 1), s.open(t, 2)
	require.ErrorIs(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		return s.accounts.Add(ctx, OpenAccount(newID(), newID(), first.String(), instant))
	}), ErrNumberTaken)
	renumber := func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, second)
		if err != nil {
			return err
		}
		a.Renumber(first.String())
		return nil
	}
	require.ErrorIs(t, s.work.Do(t.Context(), renumber), ErrNumberTaken)
	s.requireAccount(t, second, 2, 1)
	require.Len(t, s.Accounts(t), 2)

	require.NoError(t, s.work.Do(t.Context(), s.remove(first)))
	require.NoError(t, s.work.Do(t.Context(), renumber), "a number is free again when its account is gone")
}

func twoRepositories(t *testing.T, s *subject) {
	account, ledger := s.open(t, 100), s.openLedger(t)
	both := func(ctx context.Context) error {
		if err := s.deposit(account, 5)(ctx); err != nil {
			return err
		}
		return s.post(ledger, 5)(ctx)
	}
	require.NoError(t, s.work.Do(t.Context(), both))
	s.requireAccount(t, account, 105, 2)
	require.Equal(t, &LedgerState{ID: ledger, Version: 2, Lines: 1, Total: 5}, s.ledger(t, ledger))

	// The ledger is written after the account: its store fails when the account's row is written already.
	failure := fault.New(fault.Unavailable, "no_ink", "The ledger cannot be written.")
	s.ledgerStore.before(func(context.Context) error { return failure })
	require.ErrorIs(t, s.work.Do(t.Context(), both), failure)
	require.Len(t, s.accountStore.writes(), 2)
	s.requireAccount(t, account, 105, 2)
	require.Equal(t, int64(1), s.ledger(t, ledger).Lines)
	require.Equal(t, []int64{100, 5}, s.amounts(t, account, Deposited))
}

func unitsInTurn(t *testing.T, s *subject) {
	id, other := s.open(t, 0), s.another(t)
	for n := range int64(3) {
		require.NoError(t, s.work.Do(t.Context(), s.deposit(id, 1)))
		require.NoError(t, other.work.Do(t.Context(), other.deposit(id, 10)))
		s.requireAccount(t, id, (n+1)*11, (n+1)*2+1)
	}
}

func keptPointer(t *testing.T, s *subject) {
	loaded, id := s.open(t, 100), newID()
	var kept []*Account
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		if err := s.deposit(loaded, 1)(ctx); err != nil {
			return err
		}
		a, err := s.accounts.Get(ctx, loaded)
		if err != nil {
			return err
		}
		b := OpenAccount(newID(), id, "0001", instant)
		kept = append(kept, a, b)
		return s.accounts.Add(ctx, b)
	}))
	for _, a := range kept {
		a.Deposit(newID(), 1_000, instant)
	}
	s.requireAccount(t, loaded, 101, 2)
	s.requireAccount(t, id, 0, 1)
	require.NoError(t, s.work.Do(t.Context(), s.deposit(id, 1)))
	s.requireAccount(t, id, 1, 2)
}

func loadsOnlyWhatExists(t *testing.T, s *subject) {
	var ids []uuid.UUID
	for range 5 {
		ids = append(ids, s.open(t, 10))
	}
	missing := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		for _, id := range []uuid.UUID{ids[4], ids[0], ids[2]} {
			a, err := s.accounts.Get(ctx, id)
			if err != nil {
				return err
			}
			require.Equal(t, id, a.ID())
		}
		_, err := s.accounts.Get(ctx, missing)
		require.ErrorIs(t, err, ErrAccountNotFound)
		return nil
	}, s.accounts.Loads(ids[4], missing, ids[0], ids[2], ids[0])))
	require.Len(t, s.accountStore.queries(), 1)
}

func amountOf(t *testing.T, m events.Message) int64 {
	t.Helper()
	var payload struct {
		Amount int64 `json:"amount"`
	}
	require.NoError(t, json.Unmarshal(m.Payload, &payload))
	return payload.Amount
}
