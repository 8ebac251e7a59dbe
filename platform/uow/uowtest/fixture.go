package uowtest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// Backend is one server's way to the stored data.
type Backend struct {
	// Accounts stores accounts, their numbers unique, and the command ids of their events. It knows uow.Checked.
	Accounts uow.Store[*Account, Event]
	// Ledgers stores ledgers and the command ids of their events.
	Ledgers uow.Store[*Ledger, Event]
	// Outbox stores the messages.
	Outbox events.Outbox
}

// Fixture is what an adapter gives to one case of the suite: data of its own, empty.
type Fixture struct {
	// Open returns another server's way to the same data, with a connection of its own where there are connections.
	Open func(t *testing.T) Backend
	// Accounts returns the committed accounts, read outside any unit.
	Accounts func(t *testing.T) []AccountState
	// Ledgers returns the committed ledgers, read outside any unit.
	Ledgers func(t *testing.T) []LedgerState
	// Messages returns the committed messages, those of one aggregate in the order of Seq.
	Messages func(t *testing.T) []events.Message
	// Waiting says how units of this adapter meet.
	Waiting Waiting
}

// server is a program that runs units of work over a backend.
type server struct {
	work     *uow.Work
	accounts *uow.Repository[*Account, Event]
	ledgers  *uow.Repository[*Ledger, Event]
	outbox   events.Outbox

	accountStore *watched[*Account]
	ledgerStore  *watched[*Ledger]
}

// subject is a fixture with its first server.
type subject struct {
	Fixture
	*server
}

// instant is the time of every event in the suite.
var instant = time.Date(2026, time.March, 1, 12, 0, 0, 123_456_000, time.UTC)

// lanes is how many a server has.
const lanes = 3

// patience bounds units that must succeed however busy the machine is.
const patience = time.Minute

func newSubject(t *testing.T, f Fixture) *subject {
	t.Helper()
	return &subject{Fixture: f, server: newServer(f.Open(t))}
}

func (s *subject) another(t *testing.T) *server {
	t.Helper()
	return newServer(s.Open(t))
}

func newServer(b Backend) *server {
	s := &server{
		work:         uow.New(b.Outbox, uow.Settings{Deadline: patience, CommitDeadline: patience, Lanes: lanes}),
		outbox:       b.Outbox,
		accountStore: &watched[*Account]{inner: b.Accounts},
		ledgerStore:  &watched[*Ledger]{inner: b.Ledgers},
	}
	s.accounts = uow.NewRepository("accounts", s.accountStore, ErrAccountNotFound, Publish[*Account]).
		Remembering(1<<20, func(*Account) int { return 100 })
	s.ledgers = uow.NewRepository("ledgers", s.ledgerStore, ErrLedgerNotFound, Publish[*Ledger])
	return s
}

// open stores a new account with that balance and returns its id.
func (s *server) open(t *testing.T, balance int64) uuid.UUID {
	t.Helper()
	id := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		a := OpenAccount(newID(), id, id.String(), instant)
		if balance > 0 {
			a.Deposit(newID(), balance, instant)
		}
		return s.accounts.Add(ctx, a)
	}))
	s.accountStore.forget()
	return id
}

// openLedger stores a new ledger and returns its id.
func (s *server) openLedger(t *testing.T) uuid.UUID {
	t.Helper()
	id := newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		return s.ledgers.Add(ctx, NewLedger(id))
	}))
	s.ledgerStore.forget()
	return id
}

// deposit returns a command that puts amount into the account.
func (s *server) deposit(id uuid.UUID, amount int64) func(context.Context) error {
	return func(ctx context.Context) error {
		a, err := s.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		a.Deposit(newID(), amount, instant)
		return nil
	}
}

// post returns a command that adds a line to the ledger.
func (s *server) post(id uuid.UUID, amount int64) func(context.Context) error {
	return func(ctx context.Context) error {
		l, err := s.ledgers.Get(ctx, id)
		if err != nil {
			return err
		}
		l.Post(newID(), amount, instant)
		return nil
	}
}

// remove returns a command that removes the account.
func (s *server) remove(id uuid.UUID) func(context.Context) error {
	return func(ctx context.Context) error { return s.accounts.Remove(ctx, id) }
}

// account returns the committed state of the account, nil if there is none.
func (s *subject) account(t *testing.T, id uuid.UUID) *AccountState {
	t.Helper()
	for _, a := range s.Accounts(t) {
		if a.ID == id {
			return &a
		}
	}
	return nil
}

// ledger returns the committed state of the ledger, nil if there is none.
func (s *subject) ledger(t *testing.T, id uuid.UUID) *LedgerState {
	t.Helper()
	for _, l := range s.Ledgers(t) {
		if l.ID == id {
			return &l
		}
	}
	return nil
}

// requireAccount fails unless the committed account has that balance and version.
func (s *subject) requireAccount(t *testing.T, id uuid.UUID, balance, version int64) {
	t.Helper()
	a := s.account(t, id)
	require.NotNil(t, a, "the account is not stored")
	require.Equal(t, balance, a.Balance, "balance")
	require.Equal(t, version, a.Version, "version")
}

// amounts returns the amounts of the committed messages of that kind about the account, in the order of Seq.
func (s *subject) amounts(t *testing.T, id uuid.UUID, kind string) []int64 {
	t.Helper()
	var found []int64
	for _, m := range s.Messages(t) {
		if m.Aggregate == id && m.Kind == "uowtest.account_"+kind+".v1" {
			found = append(found, amountOf(t, m))
		}
	}
	return found
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
