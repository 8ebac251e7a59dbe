package uowtest

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// errRefused is what the suite's commands fail with.
var errRefused = errors.New("refused")

// rollbackCases say what becomes of everything else: nothing.
var rollbackCases = []testCase{
	{"an error undoes everything", errorUndoes},
	{"a panic undoes everything and goes on with its value", panicUndoes},
	{"a goroutine that exits undoes everything", exitUndoes},
	{"a context cancelled before runs nothing", cancelledBefore},
	{"a context cancelled during the function undoes everything", cancelledDuring},
	{"a deadline that passes during the function undoes everything", deadlineDuring},
	{"a caller who leaves after the function returned stops no commit", cancelledAfter},
	{"a repository outside a unit says so", outsideUnit},
	{"a repository after the unit ended says so", afterUnit},
	{"a failed unit leaves the next one a working store", failedThenWorking},
}

// half changes an existing account and a ledger, and adds an account, before it fails: whatever could leak.
func (s *subject) half(t *testing.T) (change func(context.Context) error, requireUntouched func()) {
	t.Helper()
	account, ledger, removed := s.open(t, 100), s.openLedger(t), s.open(t, 7)
	messages := len(s.Messages(t))
	change = func(ctx context.Context) error {
		return errors.Join(
			s.deposit(account, 1)(ctx),
			s.post(ledger, 1)(ctx),
			s.remove(removed)(ctx),
			s.accounts.Add(ctx, OpenAccount(newID(), newID(), "half", instant)),
		)
	}
	return change, func() {
		t.Helper()
		s.requireAccount(t, account, 100, 1)
		s.requireAccount(t, removed, 7, 1)
		require.Len(t, s.Accounts(t), 2)
		require.Equal(t, &LedgerState{ID: ledger, Version: 1}, s.ledger(t, ledger))
		require.Len(t, s.Messages(t), messages)
	}
}

func errorUndoes(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		require.NoError(t, change(ctx))
		return errRefused
	})
	require.ErrorIs(t, err, errRefused)
	requireUntouched()
}

func panicUndoes(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	value := &struct{ reason string }{"broken on purpose"}
	require.PanicsWithValue(t, value, func() {
		_ = s.work.Do(t.Context(), func(ctx context.Context) error {
			require.NoError(t, change(ctx))
			panic(value)
		})
	})
	requireUntouched()
}

func exitUndoes(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	done := make(chan error, 1)
	go func() {
		defer close(done)
		_ = s.work.Do(t.Context(), func(ctx context.Context) error {
			done <- change(ctx)
			runtime.Goexit()
			return nil
		})
	}()
	require.NoError(t, <-done)
	_, open := <-done
	require.False(t, open)
	requireUntouched()
}

func cancelledBefore(t *testing.T, s *subject) {
	id := s.open(t, 100)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, hints := range map[string][]uow.Hint{"without hints": nil, "with hints": {s.accounts.Loads(id)}} {
		err := s.work.Do(ctx, func(context.Context) error {
			t.Error("the function ran")
			return nil
		}, hints...)
		require.ErrorIs(t, err, context.Canceled, name)
	}
	require.Empty(t, s.accountStore.queries(), "a query for somebody who has left")
}

func cancelledDuring(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := s.work.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, change(ctx))
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	requireUntouched()
}

func deadlineDuring(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	ran := false
	err := s.work.Do(ctx, func(ctx context.Context) error {
		ran = true
		err := change(ctx) // may fail or not: the deadline is anywhere
		<-ctx.Done()
		_ = err
		return nil
	})
	require.Error(t, err)
	if ran {
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
	requireUntouched()
}

func cancelledAfter(t *testing.T, s *subject) {
	id := s.open(t, 100)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.accountStore.before(func(saving context.Context) error { // Save runs after the function
		cancel()
		return context.Cause(saving)
	})
	require.NoError(t, s.work.Do(ctx, s.deposit(id, 1)))
	require.ErrorIs(t, ctx.Err(), context.Canceled)
	s.requireAccount(t, id, 101, 2)
	require.Equal(t, []int64{100, 1}, s.amounts(t, id, Deposited))
}

func outsideUnit(t *testing.T, s *subject) {
	s.requireAll(t, t.Context(), uow.ErrNoUnit)
}

func afterUnit(t *testing.T, s *subject) {
	for name, outcome := range map[string]error{"committed": nil, "rolled back": errRefused} {
		var kept context.Context
		require.ErrorIs(t, s.work.Do(t.Context(), func(ctx context.Context) error {
			kept = ctx
			return outcome
		}), outcome, name)
		s.requireAll(t, kept, uow.ErrEnded)
		require.ErrorIs(t, s.work.Do(kept, func(context.Context) error { return nil }), uow.ErrEnded)
		for _, err := range s.work.DoAll(kept, []uow.Command{{Run: s.deposit(newID(), 1)}}) {
			require.ErrorIs(t, err, uow.ErrEnded)
		}
	}
}

// requireAll fails unless every method that needs a unit answers want.
func (s *subject) requireAll(t *testing.T, ctx context.Context, want error) { //nolint:revive // t first, as everywhere
	t.Helper()
	id := s.open(t, 1)
	stored := RestoreAccount(*s.account(t, id))
	for name, call := range map[string]func() error{
		"Get":        func() error { _, err := s.accounts.Get(ctx, id); return err },
		"Add":        func() error { return s.accounts.Add(ctx, OpenAccount(newID(), newID(), "x", instant)) },
		"Remove":     func() error { return s.accounts.Remove(ctx, id) },
		"Loads":      func() error { return s.accounts.Loads(id)(ctx) },
		"Pending":    func() error { _, err := s.accounts.Pending(ctx, id); return err },
		"AllPending": func() error { _, err := s.accounts.AllPending(ctx); return err },
		"CommandID":  func() error { return uow.CommandID(id)(ctx) },
		"Load":       func() error { _, err := s.accountStore.inner.Load(ctx, ids(id), false); return err },
		"Save": func() error {
			return s.accountStore.inner.Save(ctx, []uow.Change[*Account, Event]{
				{Kind: uow.Changed, Before: stored, After: stored},
			})
		},
		"Append": func() error {
			m, _ := Publish(stored, Event{Aggregate: id, Seq: 99, Kind: Deposited, At: instant})
			return s.outbox.Append(ctx, []events.Message{m})
		},
	} {
		require.ErrorIs(t, call(), want, name)
	}
}

func failedThenWorking(t *testing.T, s *subject) {
	id := s.open(t, 0)
	for n := range int64(10) {
		require.Error(t, s.work.Do(t.Context(), func(ctx context.Context) error {
			return errors.Join(s.deposit(id, 100)(ctx), errRefused)
		}, s.accounts.Loads(id)))
		require.NoError(t, s.work.Do(t.Context(), s.deposit(id, 1), s.accounts.Loads(id)))
		s.requireAccount(t, id, n+1, n+2)
	}
}
