package memory_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// The unit of work copies what a store gives it, and so hides it when a collection gives away its own pointers. Whoever
// uses the collection itself must be as safe.
//
//nolint:tparallel // the steps share one account
func TestCollectionKeepsItsPointers(t *testing.T) {
	t.Parallel()
	b := newBank()
	work := uow.New(b.outbox, uow.Settings{})
	id := uuid.New()
	given := uowtest.OpenAccount(uuid.Nil, id, "0001", when)
	require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error {
		return b.accounts.Save(ctx, []uow.Change[*uowtest.Account, uowtest.Event]{{Kind: uow.Added, After: given}})
	}))
	requireEmpty := func() {
		t.Helper()
		b.db.Read(func() {
			a, ok := b.accounts.Find(id)
			require.True(t, ok)
			require.Zero(t, a.Balance())
		})
	}

	t.Run("what was saved", func(t *testing.T) {
		given.Deposit(uuid.Nil, 1, when)
		requireEmpty()
	})

	t.Run("what was loaded", func(t *testing.T) {
		require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error {
			loaded, err := b.accounts.Load(ctx, []uuid.UUID{id}, false)
			require.Len(t, loaded, 1)
			loaded[0].Deposit(uuid.Nil, 1, when)
			return err
		}))
		requireEmpty()
	})
}

func TestReadersSeeWholeUnits(t *testing.T) {
	t.Parallel()
	b := newBank()
	work := uow.New(b.outbox, uow.Settings{})
	accounts := uow.NewRepository("accounts", b.accounts, uowtest.ErrAccountNotFound, uowtest.Publish[*uowtest.Account])
	ledgers := uow.NewRepository("ledgers", b.ledgers, uowtest.ErrLedgerNotFound, uowtest.Publish[*uowtest.Ledger])
	account, ledger := uuid.New(), uuid.New()
	require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error {
		return errors.Join(
			accounts.Add(ctx, uowtest.OpenAccount(uuid.Nil, account, "0001", when)),
			ledgers.Add(ctx, uowtest.NewLedger(ledger)),
		)
	}))

	done := make(chan error, 1)
	go func() {
		defer close(done)
		for range 500 {
			if err := work.Do(t.Context(), func(ctx context.Context) error {
				a, err := accounts.Get(ctx, account)
				if err != nil {
					return err
				}
				l, err := ledgers.Get(ctx, ledger)
				if err != nil {
					return err
				}
				a.Deposit(uuid.Nil, 1, when)
				l.Post(uuid.Nil, 1, when)
				return nil
			}); err != nil {
				done <- err
				return
			}
		}
	}()
	for {
		b.db.Read(func() {
			a, _ := b.accounts.Find(account)
			l, _ := b.ledgers.Find(ledger)
			require.Equal(t, a.Balance(), l.State().Total, "half a unit")
		})
		select {
		case err := <-done:
			require.NoError(t, err)
			return
		default:
		}
	}
}

// Two units that lock two databases in opposite orders, as modules in memory have them, let each other pass.
func TestUnitsOverTwoDatabasesDoNotWaitForEver(t *testing.T) {
	t.Parallel()
	work := uow.New(eventsmemory.NewOutbox(memory.NewDatabase()), uow.Settings{})
	one, other := memory.NewDatabase(), memory.NewDatabase()
	var bothHoldOne sync.WaitGroup
	bothHoldOne.Add(2)
	commit := func(first, second *memory.Database) error {
		runs := 0
		return work.Do(t.Context(), func(ctx context.Context) error {
			tx, err := first.Join(ctx)
			if err != nil {
				return err
			}
			if runs++; runs == 1 {
				tx.Check(func() error { // under the lock of the first, before that of the second
					bothHoldOne.Done()
					bothHoldOne.Wait()
					return nil
				})
			}
			_, err = second.Join(ctx)
			return err
		})
	}
	done := make(chan error)
	go func() { done <- commit(one, other) }()
	go func() { done <- commit(other, one) }()
	require.NoError(t, errors.Join(<-done, <-done))
}

// A unit that waits for the lock of another gives up with its deadline, and leaves the lock alone.
func TestLockIsAwaitedUntilTheDeadline(t *testing.T) {
	t.Parallel()
	b := newBank()
	patient, hasty := uow.New(b.outbox, uow.Settings{}), uow.New(b.outbox, uow.Settings{Deadline: 20 * time.Millisecond})
	runs := 0
	require.NoError(t, patient.Do(t.Context(), func(ctx context.Context) error {
		_, err := b.db.Join(ctx) // locks, the second time
		if runs++; runs == 1 {
			return uow.ErrConflict
		}
		outside := context.Background() // another unit, as another request would have
		require.ErrorIs(t, hasty.Do(outside, func(ctx context.Context) error {
			_, err := b.db.Join(ctx)
			return errors.Join(err, uow.ErrConflict)
		}), uow.ErrBusy)
		return err
	}))
	require.NoError(t, patient.Do(t.Context(), func(ctx context.Context) error {
		_, err := b.db.Join(ctx)
		return err
	}))
}
