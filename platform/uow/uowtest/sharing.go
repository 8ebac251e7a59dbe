package uowtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// sharingCases say what becomes of the commands of many callers that share units.
var sharingCases = []testCase{
	{"every caller gets the outcome of his own command", ownOutcomes},
	{"a panic is its caller's, and the others go on", panicAmongCallers},
	{"two servers share nothing but the data", twoServersShare},
	{"a command sees the values of its caller's context", ownValues},
	{"inside a unit a command is part of that", sharedInside},
	{"what the store refuses is refused to its caller alone", refusedAmongCallers},
}

// rush lets many callers do something at the same time and returns their outcomes.
func rush(callers int, act func(i int) error) []error {
	outcomes := make([]error, callers)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range outcomes {
		all.Go(func() {
			<-begin
			outcomes[i] = act(i)
		})
	}
	close(begin)
	all.Wait()
	return outcomes
}

// depositOrRefuse deposits one, unless i is a multiple of three: then it fails after having deposited much more.
func (s *server) depositOrRefuse(ctx context.Context, id uuid.UUID, i int) error {
	return s.work.DoShared(ctx, func(ctx context.Context) error {
		if i%3 == 0 {
			return errors.Join(s.deposit(id, 1_000)(ctx), errRefused)
		}
		return s.deposit(id, 1)(ctx)
	}, s.accounts.Loads(id))
}

// requireThirdsRefused fails unless those were refused whom depositOrRefuse refuses, and no others.
func requireThirdsRefused(t *testing.T, outcomes []error) {
	t.Helper()
	for i, err := range outcomes {
		if i%3 == 0 {
			require.ErrorIs(t, err, errRefused, i)
			continue
		}
		require.NoError(t, err, i)
	}
}

func ownOutcomes(t *testing.T, s *subject) {
	const callers = 60
	ids := []uuid.UUID{s.open(t, 0), s.open(t, 0)}
	outcomes := rush(callers, func(i int) error { return s.depositOrRefuse(t.Context(), ids[i%2], i) })
	requireThirdsRefused(t, outcomes)
	for _, id := range ids {
		s.requireAccount(t, id, callers/3, 1+callers/3)
		require.Len(t, s.amounts(t, id, Deposited), callers/3)
	}
}

func panicAmongCallers(t *testing.T, s *subject) {
	const callers = 30
	id := s.open(t, 0)
	outcomes := rush(callers, func(i int) (err error) {
		defer func() {
			if value := recover(); value != nil {
				err = fmt.Errorf("%w: %v", errPanicked, value)
			}
		}()
		return s.work.DoShared(t.Context(), func(ctx context.Context) error {
			if err := s.deposit(id, 1)(ctx); err != nil || i%5 > 0 {
				return err
			}
			panic("in the middle")
		}, s.accounts.Loads(id))
	})
	for i, err := range outcomes {
		if i%5 == 0 {
			require.ErrorIs(t, err, errPanicked, i)
			require.ErrorContains(t, err, "in the middle", i)
			continue
		}
		require.NoError(t, err, i)
	}
	s.requireAccount(t, id, callers*4/5, 1+callers*4/5)
}

func twoServersShare(t *testing.T, s *subject) {
	const callers = 60
	id := s.open(t, 0)
	servers := []*server{s.server, s.another(t)}
	outcomes := rush(callers, func(i int) error { return servers[i%2].depositOrRefuse(t.Context(), id, i) })
	requireThirdsRefused(t, outcomes)
	s.requireAccount(t, id, callers*2/3, 1+callers*2/3)
}

type nameKey struct{}

func ownValues(t *testing.T, s *subject) {
	const callers = 30
	id := s.open(t, 0)
	outcomes := rush(callers, func(i int) error {
		ctx := context.WithValue(t.Context(), nameKey{}, i)
		return s.work.DoShared(ctx, func(ctx context.Context) error {
			if ctx.Value(nameKey{}) != i {
				return errRefused
			}
			return s.deposit(id, 1)(ctx)
		}, s.accounts.Loads(id))
	})
	require.NoError(t, errors.Join(outcomes...))
	s.requireAccount(t, id, callers, 1+callers)
}

func sharedInside(t *testing.T, s *subject) {
	id := s.open(t, 0)
	err := s.work.Do(t.Context(), func(ctx context.Context) error {
		return errors.Join(s.depositOrRefuse(ctx, id, 1), errRefused)
	})
	require.ErrorIs(t, err, errRefused)
	s.requireAccount(t, id, 0, 1)
}

func refusedAmongCallers(t *testing.T, s *subject) {
	const callers = 30
	id := s.open(t, 0)
	number := newID().String()
	outcomes := rush(callers, func(i int) error {
		return s.work.DoShared(t.Context(), func(ctx context.Context) error {
			if i%10 == 0 { // all under one number, which the store lets one of them have
				return s.accounts.Add(ctx, OpenAccount(newID(), newID(), number, instant))
			}
			return s.deposit(id, 1)(ctx)
		}, s.accounts.Loads(id))
	})
	refused := 0
	for i, err := range outcomes {
		if i%10 == 0 && err != nil {
			refused++
			continue
		}
		require.NoError(t, err, i)
	}
	require.Equal(t, callers/10-1, refused)
	s.requireAccount(t, id, callers*9/10, 1+callers*9/10)
}

// errPanicked stands for a panic.
var errPanicked = errors.New("panicked")
