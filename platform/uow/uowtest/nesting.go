package uowtest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// nestingCases say what a Do inside a Do does.
var nestingCases = []testCase{
	{"an inner Do shares pointers and commit with the outer one", innerShares},
	{"an inner Do loads what it announces", innerLoads},
	{"an inner error that the outer function swallows dooms it", swallowedError},
	{"an inner panic that the outer function swallows dooms it", swallowedPanic},
	{"an error two levels down dooms the outermost", swallowedTwice},
	{"an inner success is undone by the outer error", innerUndone},
	{"many commands do not join", manyDoNotJoin},
}

func innerShares(t *testing.T, s *subject) {
	id, ledger := s.open(t, 100), s.openLedger(t)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		outer, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		outer.Deposit(newID(), 1, instant)
		err = s.work.Do(ctx, func(ctx context.Context) error {
			inner, err := s.accounts.Get(ctx, id)
			require.Same(t, outer, inner)
			inner.Deposit(newID(), 10, instant)
			if err != nil {
				return err
			}
			return s.post(ledger, 11)(ctx)
		})
		require.Empty(t, s.accountStore.writes(), "the inner Do committed")
		outer.Deposit(newID(), 100, instant)
		return err
	}))
	s.requireAccount(t, id, 211, 2)
	require.Equal(t, int64(11), s.ledger(t, ledger).Total)
	require.Len(t, s.accountStore.queries(), 1)
	require.Len(t, s.accountStore.writes(), 1)
	require.Equal(t, []int64{100, 1, 10, 100}, s.amounts(t, id, Deposited))
}

func innerLoads(t *testing.T, s *subject) {
	known, first, second := s.open(t, 1), s.open(t, 2), s.open(t, 3)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		if err := s.deposit(known, 1)(ctx); err != nil {
			return err
		}
		return s.work.Do(ctx, func(ctx context.Context) error {
			for _, id := range ids(known, first, second) {
				if err := s.deposit(id, 1)(ctx); err != nil {
					return err
				}
			}
			return nil
		}, s.accounts.Loads(known, first, second))
	}, s.accounts.Loads(known)))
	require.Equal(t, []load{{ids(known), true}, {ids(first, second), true}}, s.accountStore.queries())
	s.requireAccount(t, known, 3, 2)
}

func swallowedError(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		require.ErrorIs(t, s.work.Do(ctx, func(context.Context) error { return errRefused }), errRefused)
		return change(ctx)
	})
	require.ErrorIs(t, err, errRefused)
	requireUntouched()
}

func swallowedPanic(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	require.PanicsWithValue(t, "inner", func() {
		_ = s.work.Do(t.Context(), func(ctx context.Context) error {
			require.PanicsWithValue(t, "inner", func() {
				_ = s.work.Do(ctx, func(context.Context) error { panic("inner") })
			})
			return change(ctx)
		})
	})
	requireUntouched()
}

func swallowedTwice(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.work.Do(ctx, func(ctx context.Context) error {
			require.ErrorIs(t, s.work.Do(ctx, func(context.Context) error { return errRefused }), errRefused)
			return nil
		}))
		return change(ctx)
	})
	require.ErrorIs(t, err, errRefused)
	requireUntouched()
}

func innerUndone(t *testing.T, s *subject) {
	change, requireUntouched := s.half(t)
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.work.Do(ctx, change))
		return errRefused
	})
	require.ErrorIs(t, err, errRefused)
	requireUntouched()
}

func manyDoNotJoin(t *testing.T, s *subject) {
	id := s.open(t, 100)
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		outcomes := s.work.DoAll(ctx, []uow.Command{{Run: s.deposit(id, 1)}, {Run: s.deposit(id, 1)}})
		requireOutcomes(t, outcomes, uow.ErrNested, uow.ErrNested)
		return nil
	}))
	s.requireAccount(t, id, 100, 1)
}
