package memory_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/events"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestUnitOfWork(t *testing.T) {
	t.Parallel()
	uowtest.Run(t, func(*testing.T) uowtest.Fixture { return newBank().fixture() })
}

// bank is the suite's data in memory.
type bank struct {
	db       *memory.Database
	accounts *accountStore
	ledgers  *memory.Collection[*uowtest.Ledger, uowtest.Event]
	outbox   *eventsmemory.Outbox
}

func newBank() *bank {
	db := memory.NewDatabase()
	return &bank{
		db:       db,
		accounts: newAccountStore(db),
		ledgers:  memory.NewCollection[*uowtest.Ledger, uowtest.Event](db, uowtest.ErrLedgerExists),
		outbox:   eventsmemory.NewOutbox(db),
	}
}

// fixture returns what the suite wants to know. In memory there is one server.
func (b *bank) fixture() uowtest.Fixture {
	return uowtest.Fixture{
		Open: func(*testing.T) uowtest.Backend {
			return uowtest.Backend{Accounts: b.accounts, Ledgers: b.ledgers, Outbox: b.outbox}
		},
		Accounts: b.readAccounts,
		Ledgers:  b.readLedgers,
		Messages: func(*testing.T) []events.Message { return b.outbox.Messages() },
		Waiting:  uowtest.WaitsAtCommit,
	}
}

func (b *bank) readAccounts(*testing.T) []uowtest.AccountState {
	var all []uowtest.AccountState
	b.db.Read(func() {
		for _, a := range b.accounts.All() {
			all = append(all, a.State())
		}
	})
	return all
}

func (b *bank) readLedgers(*testing.T) []uowtest.LedgerState {
	var all []uowtest.LedgerState
	b.db.Read(func() {
		for _, l := range b.ledgers.All() {
			all = append(all, l.State())
		}
	})
	return all
}

// accountStore is a collection with a second unique key, as a module's memory store has it.
type accountStore struct {
	*memory.Collection[*uowtest.Account, uowtest.Event]
	db *memory.Database
}

func newAccountStore(db *memory.Database) *accountStore {
	return &accountStore{memory.NewCollection[*uowtest.Account, uowtest.Event](db, uowtest.ErrAccountExists), db}
}

// Save stages the changes and the condition that no number is given twice.
func (s *accountStore) Save(ctx context.Context, changes []uow.Change[*uowtest.Account, uowtest.Event]) error {
	if err := s.Collection.Save(ctx, changes); err != nil {
		return err
	}
	tx, err := s.db.Join(ctx)
	if err != nil {
		return err
	}
	numbers, touched := map[string]bool{}, map[uuid.UUID]bool{}
	for _, c := range changes {
		switch c.Kind {
		case uow.Checked:
			continue
		case uow.Removed:
			touched[c.Before.ID()] = true
			continue
		}
		number := c.After.State().Number
		if numbers[number] {
			return uowtest.ErrNumberTaken
		}
		numbers[number], touched[c.After.ID()] = true, true
	}
	tx.Check(func() error {
		for id, a := range s.All() {
			if numbers[a.State().Number] && !touched[id] {
				return uowtest.ErrNumberTaken
			}
		}
		return nil
	})
	return nil
}
