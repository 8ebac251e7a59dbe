package uowtest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// batchCases say how many commands share one unit.
var batchCases = []testCase{
	{"no commands have no outcomes", noCommands},
	{"a failed command leaves no trace among its neighbours", failedAmongGood},
	{"a panic among many is the outcome of one", panicAmongGood},
	{"a swallowed inner error dooms one command of many", doomedAmongGood},
	{"all fail and nothing is written", allFail},
	{"everything that was announced is loaded with one query per repository", oneQuery},
	{"everything that changed is saved with one call per repository", oneSave},
	{"the version moves by one for each command", versionPerCommand},
	{"what the store refuses fails the culprit alone", refusedByStore},
	{"two repositories in one batch with a failure between them", failureBetween},
	{"earlier commands' events are pending for later ones", pendingEvents},
	{"what one command adds another changes and a third removes", lifeInOneUnit},
	{"a caller who leaves half-way keeps what had succeeded", cancelledHalfWay},
}

func noCommands(t *testing.T, s *subject) {
	require.Empty(t, s.work.DoAll(t.Context(), nil))
}

func failedAmongGood(t *testing.T, s *subject) {
	id, ledger, fresh := s.open(t, 100), s.openLedger(t), newID()
	var seen []int64
	deposit := func(amount int64) uow.Command {
		return uow.Command{Run: func(ctx context.Context) error {
			a, err := s.accounts.Get(ctx, id)
			if err != nil {
				return err
			}
			seen = append(seen, a.Balance())
			return s.deposit(id, amount)(ctx)
		}}
	}
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		deposit(1),
		{Run: func(ctx context.Context) error {
			return errors.Join(
				s.deposit(id, 1_000)(ctx),
				s.post(ledger, 1_000)(ctx),
				s.accounts.Add(ctx, OpenAccount(newID(), fresh, "leaked", instant)),
				s.accounts.Remove(ctx, id),
				errRefused,
			)
		}},
		deposit(10),
		{Run: s.deposit(fresh, 1)},
		{Run: s.post(ledger, 5)},
	})
	requireOutcomes(t, outcomes, nil, errRefused, nil, ErrAccountNotFound, nil)
	require.Equal(t, []int64{100, 101}, seen)
	s.requireAccount(t, id, 111, 3)
	require.Nil(t, s.account(t, fresh))
	require.Equal(t, &LedgerState{ID: ledger, Version: 2, Lines: 1, Total: 5}, s.ledger(t, ledger))
	require.Equal(t, []int64{100, 1, 10}, s.amounts(t, id, Deposited))
	require.Len(t, s.Messages(t), 4)
}

func panicAmongGood(t *testing.T, s *subject) {
	id := s.open(t, 100)
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: s.deposit(id, 1)},
		{Run: func(ctx context.Context) error {
			require.NoError(t, s.deposit(id, 1_000)(ctx))
			panic("in the middle")
		}},
		{Run: s.deposit(id, 10)},
	})
	var p *uow.PanicError
	require.ErrorAs(t, outcomes[1], &p)
	require.Equal(t, "in the middle", p.Value)
	require.Contains(t, string(p.Stack), "panicAmongGood")
	require.NoError(t, outcomes[0])
	require.NoError(t, outcomes[2])
	s.requireAccount(t, id, 111, 3)
	require.Equal(t, []int64{100, 1, 10}, s.amounts(t, id, Deposited))
}

func doomedAmongGood(t *testing.T, s *subject) {
	id := s.open(t, 100)
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: func(ctx context.Context) error {
			_ = s.work.Do(ctx, func(context.Context) error { return errRefused })
			return s.deposit(id, 1_000)(ctx)
		}},
		{Run: s.deposit(id, 1)},
	})
	requireOutcomes(t, outcomes, errRefused, nil)
	s.requireAccount(t, id, 101, 2)
}

func allFail(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	fail := uow.Command{Run: func(ctx context.Context) error { return errors.Join(change(ctx), errRefused) }}
	requireOutcomes(t, s.work.DoAll(t.Context(), []uow.Command{fail, fail}), errRefused, errRefused)
	require.Empty(t, s.accountStore.writes())
	requireUntouched()
}

func oneQuery(t *testing.T, s *subject) {
	a, b, c, ledger := s.open(t, 1), s.open(t, 2), s.open(t, 3), s.openLedger(t)
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: s.deposit(c, 1), Hints: []uow.Hint{s.accounts.Loads(c)}},
		{Run: s.post(ledger, 1), Hints: []uow.Hint{s.ledgers.Loads(ledger)}},
		{Run: s.deposit(a, 1), Hints: []uow.Hint{s.accounts.Loads(a, c)}},
		{Run: s.deposit(b, 1), Hints: []uow.Hint{s.accounts.Loads(b)}},
	})
	requireOutcomes(t, outcomes, nil, nil, nil, nil)
	require.Equal(t, []load{{ids(a, b, c), true}}, s.accountStore.queries())
	require.Equal(t, []load{{ids(ledger), true}}, s.ledgerStore.queries())
}

func oneSave(t *testing.T, s *subject) {
	a, b, read, ledger := s.open(t, 1), s.open(t, 2), s.open(t, 3), s.openLedger(t)
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: s.deposit(b, 1)},
		{Run: s.deposit(a, 1)},
		{Run: s.deposit(b, 1)},
		{Run: func(ctx context.Context) error { _, err := s.accounts.Get(ctx, read); return err }},
		{Run: s.post(ledger, 1)},
	})
	requireOutcomes(t, outcomes, nil, nil, nil, nil, nil)
	require.Equal(t, [][]uow.ChangeKind{{uow.Changed, uow.Changed}}, s.accountStore.writes())
	require.Equal(t, [][]uow.ChangeKind{{uow.Changed}}, s.ledgerStore.writes())
}

func versionPerCommand(t *testing.T, s *subject) {
	id := s.open(t, 0)
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: s.deposit(id, 1)},
		{Run: func(ctx context.Context) error { // two changes of one command
			return errors.Join(s.deposit(id, 1)(ctx), s.deposit(id, 1)(ctx))
		}},
		{Run: func(ctx context.Context) error { _, err := s.accounts.Get(ctx, id); return err }},
		{Run: s.deposit(id, 1)},
	})
	requireOutcomes(t, outcomes, nil, nil, nil, nil)
	s.requireAccount(t, id, 4, 4)
	require.NoError(t, s.work.Do(t.Context(), s.deposit(id, 1)), "the stored version is the one that the next unit loads")
	s.requireAccount(t, id, 5, 5)
}

func refusedByStore(t *testing.T, s *subject) {
	id, taken := s.open(t, 100), s.open(t, 0)
	add := func(id uuid.UUID, number string) uow.Command {
		return uow.Command{Run: func(ctx context.Context) error {
			return s.accounts.Add(ctx, OpenAccount(newID(), id, number, instant))
		}}
	}
	good := newID()
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: s.deposit(id, 1)},
		add(newID(), taken.String()),
		add(good, "0002"),
		add(taken, "0003"),
		{Run: func(context.Context) error { return errRefused }},
		{Run: s.deposit(id, 10)},
	})
	requireOutcomes(t, outcomes, nil, ErrNumberTaken, nil, ErrAccountExists, errRefused, nil)
	s.requireAccount(t, id, 111, 3)
	s.requireAccount(t, good, 0, 1)
	require.Len(t, s.Accounts(t), 3)
	require.Equal(t, []int64{100, 1, 10}, s.amounts(t, id, Deposited))
}

func failureBetween(t *testing.T, s *subject) {
	id, ledger := s.open(t, 100), s.openLedger(t)
	failure := errors.New("no ink")
	s.ledgerStore.before(func(context.Context) error { return failure })
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: s.deposit(id, 1)},
		{Run: func(ctx context.Context) error {
			return errors.Join(s.deposit(id, 1_000)(ctx), s.post(ledger, 1_000)(ctx))
		}},
		{Run: s.deposit(id, 10)},
	})
	requireOutcomes(t, outcomes, nil, failure, nil)
	s.requireAccount(t, id, 111, 3)
	require.Equal(t, &LedgerState{ID: ledger, Version: 1}, s.ledger(t, ledger))
	require.Equal(t, []int64{100, 1, 10}, s.amounts(t, id, Deposited))
}

func pendingEvents(t *testing.T, s *subject) {
	id, other := s.open(t, 100), s.open(t, 100)
	requirePending := func(ctx context.Context, want ...int64) {
		pending, err := s.accounts.Pending(ctx, id)
		require.NoError(t, err)
		var got []int64
		for _, e := range pending {
			got = append(got, e.Amount)
		}
		require.Equal(t, want, got)
		all, err := s.accounts.AllPending(ctx)
		require.NoError(t, err)
		require.Equal(t, pending, all[id])
		require.NotContains(t, all, other)
	}
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		{Run: func(ctx context.Context) error {
			requirePending(ctx)
			return s.deposit(id, 1)(ctx)
		}},
		{Run: func(ctx context.Context) error {
			return errors.Join(s.deposit(id, 1_000)(ctx), s.deposit(other, 1_000)(ctx), errRefused)
		}},
		{Run: func(ctx context.Context) error {
			requirePending(ctx, 1)
			return s.deposit(id, 2)(ctx)
		}},
		{Run: func(ctx context.Context) error {
			requirePending(ctx, 1, 2)
			return nil
		}},
	})
	requireOutcomes(t, outcomes, nil, errRefused, nil, nil)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		requirePending(ctx)
		return nil
	}))
}

func lifeInOneUnit(t *testing.T, s *subject) {
	kept, gone := newID(), newID()
	add := func(id uuid.UUID) uow.Command {
		return uow.Command{Run: func(ctx context.Context) error {
			return s.accounts.Add(ctx, OpenAccount(newID(), id, id.String(), instant))
		}}
	}
	outcomes := s.work.DoAll(t.Context(), []uow.Command{
		add(kept), add(gone),
		{Run: s.deposit(kept, 1)},
		{Run: s.deposit(gone, 1)},
		{Run: s.remove(gone)},
		{Run: s.deposit(gone, 1)},
	})
	requireOutcomes(t, outcomes, nil, nil, nil, nil, nil, ErrAccountNotFound)
	s.requireAccount(t, kept, 1, 2)
	require.Nil(t, s.account(t, gone))
	require.Equal(t, [][]uow.ChangeKind{{uow.Added}}, s.accountStore.writes())
}

func cancelledHalfWay(t *testing.T, s *subject) {
	id := s.open(t, 100)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	outcomes := s.work.DoAll(ctx, []uow.Command{
		{Run: s.deposit(id, 1)},
		{Run: func(ctx context.Context) error {
			defer cancel()
			return s.deposit(id, 10)(ctx)
		}},
		{Run: s.deposit(id, 100)},
	})
	requireOutcomes(t, outcomes, nil, context.Canceled, context.Canceled)
	s.requireAccount(t, id, 101, 2)
}

// requireOutcomes fails unless each outcome is the error that is wanted.
func requireOutcomes(t *testing.T, outcomes []error, want ...error) {
	t.Helper()
	require.Len(t, outcomes, len(want))
	for i, err := range outcomes {
		require.ErrorIs(t, err, want[i], "command %d", i)
	}
}
