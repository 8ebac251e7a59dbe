package uowtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// overlapCases say what happens when two units want the same, as two servers' would.
var overlapCases = []testCase{
	{"no update is lost between units that announce nothing", func(t *testing.T, s *subject) { noLostUpdate(t, s, false) }},
	{"no update is lost between units that lock", func(t *testing.T, s *subject) { noLostUpdate(t, s, true) }},
	{"no update is lost between a batch and another unit", noLostUpdateInBatch},
	{"a rule over two aggregates that both units lock holds", noWriteSkew},
	{"what was removed meanwhile is not found by the second run", removedMeanwhile},
	{"what was changed meanwhile is removed by the second run", changedMeanwhile},
	{"what was looked for and added meanwhile is found by the second run", addedMeanwhile},
	{"after a conflict the unit takes its locks first", locksAfterConflict},
	{"a unit that loses until its deadline is told so", busyAtDeadline},
	{"a caller who leaves between two runs is told so", cancelledBetweenRuns},
}

// overlap is Overlap with a first unit on s.
func (s *subject) overlap(
	t *testing.T, first func(ctx context.Context, meet func()) error, second func() error, hints ...uow.Hint,
) (runs int, err error) {
	t.Helper()
	return Overlap(t, s.work, s.Waiting, first, second, hints...)
}

func noLostUpdate(t *testing.T, s *subject, locked bool) {
	id, other := s.open(t, 0), s.another(t)
	var hints, otherHints []uow.Hint
	if locked {
		hints, otherHints = []uow.Hint{s.accounts.Loads(id)}, []uow.Hint{other.accounts.Loads(id)}
	}
	runs, err := s.overlap(t, func(ctx context.Context, meet func()) error {
		a, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		meet()
		a.Deposit(newID(), 1, instant)
		return nil
	}, func() error { return other.work.Do(t.Context(), other.deposit(id, 10), otherHints...) }, hints...)
	require.NoError(t, err)
	s.Waiting.RequireRuns(t, runs, locked)
	s.requireAccount(t, id, 11, 3)
	require.ElementsMatch(t, []int64{1, 10}, s.amounts(t, id, Deposited))
}

func noLostUpdateInBatch(t *testing.T, s *subject) {
	id, other := s.open(t, 0), s.another(t)
	runs := 0
	second := make(chan error, 1)
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: s.deposit(id, 1)},
		{Run: func(ctx context.Context) error { return errors.Join(s.deposit(id, 1_000)(ctx), errRefused) }},
		{Run: func(ctx context.Context) error {
			if runs++; runs == 1 {
				go func() { second <- other.work.Do(t.Context(), other.deposit(id, 10)) }()
				if s.Waiting.BothProceed(false) {
					second <- <-second
				}
			}
			return s.deposit(id, 100)(ctx)
		}},
	})
	requireOutcomes(t, outcomes, nil, errRefused, nil)
	require.NoError(t, <-second)
	s.Waiting.RequireRuns(t, runs, false)
	s.requireAccount(t, id, 111, 4)
	require.ElementsMatch(t, []int64{1, 10, 100}, s.amounts(t, id, Deposited))
}

func noWriteSkew(t *testing.T, s *subject) {
	// The rule: the two accounts together hold at least 100. Each unit takes 100 from another one of them.
	a, b := s.open(t, 100), s.open(t, 100)
	other := s.another(t)
	take := func(from, beside *Account) error {
		if from.Balance()+beside.Balance() < 200 {
			return errRefused
		}
		return from.Withdraw(newID(), 100, instant)
	}
	_, err := s.overlap(t, func(ctx context.Context, meet func()) error {
		x, err := s.accounts.Get(ctx, a)
		if err != nil {
			return err
		}
		y, err := s.accounts.Get(ctx, b)
		if err != nil {
			return err
		}
		meet()
		return take(x, y)
	}, func() error {
		err := other.work.Do(t.Context(), func(ctx context.Context) error {
			x, err := other.accounts.Get(ctx, a)
			if err != nil {
				return err
			}
			y, err := other.accounts.Get(ctx, b)
			if err != nil {
				return err
			}
			return take(y, x)
		}, other.accounts.Loads(a, b))
		if errors.Is(err, errRefused) {
			return nil
		}
		return err
	}, s.accounts.Loads(a, b))
	if err != nil {
		require.ErrorIs(t, err, errRefused)
	}
	require.Equal(t, int64(100), s.account(t, a).Balance+s.account(t, b).Balance)
}

func removedMeanwhile(t *testing.T, s *subject) {
	id, other := s.open(t, 100), s.another(t)
	_, err := s.overlap(t, func(ctx context.Context, meet func()) error {
		a, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		meet()
		a.Deposit(newID(), 1, instant)
		return nil
	}, func() error { return other.work.Do(t.Context(), other.remove(id)) })
	require.Nil(t, s.account(t, id))
	if s.Waiting.BothProceed(false) {
		require.ErrorIs(t, err, ErrAccountNotFound)
		require.Equal(t, []int64{100}, s.amounts(t, id, Deposited))
		return
	}
	require.NoError(t, err)
	require.Equal(t, []int64{100, 1}, s.amounts(t, id, Deposited))
}

func changedMeanwhile(t *testing.T, s *subject) {
	id, other := s.open(t, 100), s.another(t)
	found := true
	runs, err := s.overlap(t, func(ctx context.Context, meet func()) error {
		if err := s.accounts.Remove(ctx, id); err != nil {
			return err
		}
		meet()
		return nil
	}, func() error {
		err := other.work.Do(t.Context(), other.deposit(id, 1))
		if errors.Is(err, ErrAccountNotFound) {
			found = false
			return nil
		}
		return err
	})
	require.NoError(t, err)
	s.Waiting.RequireRuns(t, runs, false)
	require.Equal(t, s.Waiting.BothProceed(false), found)
	require.Nil(t, s.account(t, id))
}

func addedMeanwhile(t *testing.T, s *subject) {
	// What one member's first bid, or first retraction, does on two servers at once.
	id, other := newID(), s.another(t)
	depositOrOpen := func(ctx context.Context, s *server, amount int64, meet func()) error {
		a, err := s.accounts.Get(ctx, id)
		if meet(); errors.Is(err, ErrAccountNotFound) {
			a = OpenAccount(newID(), id, "0001", instant)
			err = s.accounts.Add(ctx, a)
		}
		if err != nil {
			return err
		}
		a.Deposit(newID(), amount, instant)
		return nil
	}
	runs, err := s.overlap(t, func(ctx context.Context, meet func()) error {
		return depositOrOpen(ctx, s.server, 1, meet)
	}, func() error {
		return other.work.Do(t.Context(), func(ctx context.Context) error {
			return depositOrOpen(ctx, other, 10, func() {})
		})
	})
	require.NoError(t, err)
	s.Waiting.RequireRuns(t, runs, false)
	s.requireAccount(t, id, 11, 2)
	require.Len(t, s.amounts(t, id, Opened), 1)
}

func locksAfterConflict(t *testing.T, s *subject) {
	id, later, ledger := s.open(t, 100), s.open(t, 100), s.openLedger(t)
	runs := 0
	s.ledgerStore.before(func(context.Context) error {
		if runs == 1 {
			return fmt.Errorf("%w: made up by the test", uow.ErrConflict)
		}
		return nil
	})
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		if runs++; runs == 2 {
			require.Equal(t, load{ids(id), true}, s.accountStore.queries()[1], "locked before the function runs")
		}
		if err := s.deposit(id, 1)(ctx); err != nil {
			return err
		}
		if runs == 2 { // new to the unit: it takes the lock when it comes
			if err := s.deposit(later, 1)(ctx); err != nil {
				return err
			}
		}
		return s.post(ledger, 1)(ctx)
	}))
	require.Equal(t, 2, runs)
	require.Equal(t, []load{{ids(id), false}, {ids(id), true}, {ids(later), true}}, s.accountStore.queries())
	require.Equal(t, []load{{ids(ledger), false}, {ids(ledger), true}}, s.ledgerStore.queries())
	s.requireAccount(t, id, 101, 2)
	s.requireAccount(t, later, 101, 2)
}

func busyAtDeadline(t *testing.T, s *subject) {
	id := s.open(t, 100)
	s.work = uow.New(s.outbox, uow.Settings{Deadline: 20 * time.Millisecond, CommitDeadline: patience})
	s.accountStore.before(func(context.Context) error { return uow.ErrConflict })
	require.ErrorIs(t, s.work.Do(t.Context(), s.deposit(id, 1)), uow.ErrBusy)
	requireOutcomes(t, s.work.DoAll(t.Context(), []uow.Command{{Run: s.deposit(id, 1)}, {Run: s.deposit(id, 1)}}),
		uow.ErrBusy, uow.ErrBusy)
	s.requireAccount(t, id, 100, 1)
	require.Equal(t, []int64{100}, s.amounts(t, id, Deposited))
}

func cancelledBetweenRuns(t *testing.T, s *subject) {
	id := s.open(t, 100)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	runs := 0
	s.accountStore.before(func(context.Context) error {
		cancel()
		return uow.ErrConflict
	})
	err := s.work.Do(ctx, func(ctx context.Context) error {
		runs++
		return s.deposit(id, 1)(ctx)
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1, runs)
	s.requireAccount(t, id, 100, 1)
}
