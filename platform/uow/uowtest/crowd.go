package uowtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// crowdCases say what happens when many want the same at once. The other cases force their overlaps; these leave them to
// chance and to the race detector.
var crowdCases = []testCase{
	{"twenty goroutines add up", twentyGoroutines},
	{"transfers in every direction neither lose money nor lock each other out", transfers},
	{"batches and single commands add up", crowdOfBatches},
}

func twentyGoroutines(t *testing.T, s *subject) {
	const goroutines, times = 20, 50
	id := s.open(t, 0)
	servers := []*server{s.server, s.another(t)}
	crowd(t, goroutines, func(n int) error {
		server := servers[n%2]
		var hints []uow.Hint
		if n%4 < 2 {
			hints = []uow.Hint{server.accounts.Loads(id)}
		}
		for range times {
			if err := server.work.Do(t.Context(), server.deposit(id, 1), hints...); err != nil {
				return err
			}
		}
		return nil
	})
	s.requireAccount(t, id, goroutines*times, goroutines*times+1)
	require.Len(t, s.amounts(t, id, Deposited), goroutines*times)
	for i, m := range s.Messages(t) {
		require.Equal(t, int64(i+1), m.Seq, "no position is missing or taken twice")
	}
}

func transfers(t *testing.T, s *subject) {
	const goroutines, times, each = 8, 20, 1_000
	accounts := []uuid.UUID{s.open(t, each), s.open(t, each), s.open(t, each)}
	ledger := s.openLedger(t)
	servers := []*server{s.server, s.another(t)}
	crowd(t, goroutines, func(n int) error {
		server, chance := servers[n%2], rand.New(rand.NewPCG(1, uint64(n))) //nolint:gosec // repeatable, not secret
		for range times {
			p := chance.Perm(len(accounts))
			from, to := accounts[p[0]], accounts[p[1]]
			var hints []uow.Hint
			if chance.IntN(2) == 0 {
				hints = []uow.Hint{server.ledgers.Loads(ledger), server.accounts.Loads(to, from)}
			}
			if err := server.work.Do(t.Context(), server.transfer(from, to, ledger, 1), hints...); err != nil {
				return err
			}
		}
		return nil
	})
	var total int64
	for _, id := range accounts {
		total += s.account(t, id).Balance
	}
	require.Equal(t, int64(len(accounts)*each), total)
	require.Equal(t, int64(goroutines*times), s.ledger(t, ledger).Lines)
}

// transfer returns a command that changes two accounts and a ledger.
func (s *server) transfer(from, to, ledger uuid.UUID, amount int64) func(context.Context) error {
	return func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, from)
		if err != nil {
			return err
		}
		if err := a.Withdraw(newID(), amount, instant); err != nil {
			return err
		}
		return errors.Join(s.deposit(to, amount)(ctx), s.post(ledger, amount)(ctx))
	}
}

func crowdOfBatches(t *testing.T, s *subject) {
	const goroutines, times = 6, 5
	id, other := s.open(t, 0), s.another(t)
	crowd(t, goroutines, func(n int) error {
		server := []*server{s.server, other}[n%2]
		bad := func(ctx context.Context) error { return errors.Join(server.deposit(id, 1_000_000)(ctx), errRefused) }
		hints := []uow.Hint{server.accounts.Loads(id)}
		for range times {
			outcomes := server.work.DoAll(t.Context(), []uow.Command{
				{Run: server.deposit(id, 1), Hints: hints}, {Run: bad, Hints: hints}, {Run: server.deposit(id, 1), Hints: hints},
			})
			if !errors.Is(outcomes[1], errRefused) {
				return errors.New("the bad command was accepted")
			}
			if err := errors.Join(outcomes[0], outcomes[2], server.work.Do(t.Context(), server.deposit(id, 1))); err != nil {
				return err
			}
		}
		return nil
	})
	s.requireAccount(t, id, goroutines*times*3, goroutines*times*3+1)
	require.Len(t, s.amounts(t, id, Deposited), goroutines*times*3)
}

// crowd runs work in that many goroutines at once and fails if one of them does.
func crowd(t *testing.T, goroutines int, work func(n int) error) {
	t.Helper()
	start, done := make(chan struct{}), make(chan error, goroutines)
	for n := range goroutines {
		go func() {
			<-start
			done <- work(n)
		}()
	}
	close(start)
	var all error
	for range goroutines {
		all = errors.Join(all, <-done)
	}
	require.NoError(t, all)
}
