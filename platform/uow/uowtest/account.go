// Package uowtest is the contract of the unit of work: a suite that every adapter runs, and the two kinds of aggregate
// that it plays with.
//
// An adapter stores accounts and ledgers and calls Run. What the suite asks for is written down in
// docs/guide and in the doc comments of package uow; a promise without a case here is not a promise.
package uowtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/fault"
)

// What the aggregates and their stores answer.
var (
	// ErrAccountNotFound is what the suite's repository answers for an account that does not exist.
	ErrAccountNotFound = fault.New(fault.NotFound, "account_not_found", "There is no account with this id.")
	// ErrAccountExists is what a store answers when an account is added whose id it has.
	ErrAccountExists = fault.New(fault.Conflict, "account_exists", "There is an account with this id already.")
	// ErrNumberTaken is what a store answers when an account is added or changed whose number another account has.
	ErrNumberTaken = fault.New(fault.Conflict, "number_taken", "Another account has this number.")
	// ErrOverdrawn is the rule that an account guards.
	ErrOverdrawn = fault.New(fault.Conflict, "overdrawn", "The account does not hold that much.")
)

// AccountState is everything that a store keeps of an account.
type AccountState struct {
	ID       uuid.UUID
	Version  int64
	Number   string // unique
	Balance  int64
	Events   int64     // how many the account has recorded so far
	OpenedAt time.Time // UTC, whole microseconds
}

// Account is an aggregate with one rule: its balance does not fall below zero. It records an event for every change.
type Account struct {
	state    AccountState
	changed  bool
	recorded []Event
}

// Event is what an account or a ledger records.
type Event struct {
	Aggregate uuid.UUID
	Seq       int64
	// Command is the id of the command that caused it; stores keep it, so that a command can be looked up. Zero if it
	// has none.
	Command uuid.UUID
	// Kind is one of the kinds below.
	Kind   string
	Amount int64
	At     time.Time
}

// The kinds of events. Published says which of them leave the unit.
const (
	Opened    = "opened"
	Deposited = "deposited"
	Withdrawn = "withdrawn"
	Closed    = "closed"
	Posted    = "posted" // on a ledger; not published
)

// OpenAccount returns a new, empty account.
func OpenAccount(command, id uuid.UUID, number string, at time.Time) *Account {
	a := &Account{state: AccountState{ID: id, Number: number, OpenedAt: clock.Micros(at)}}
	a.record(command, Opened, 0, at)
	return a
}

// RestoreAccount returns the account that a store has read. It checks nothing.
func RestoreAccount(s AccountState) *Account { return &Account{state: s} }

// State returns what a store has to write.
func (a *Account) State() AccountState { return a.state }

// ID returns the identity.
func (a *Account) ID() uuid.UUID { return a.state.ID }

// Version returns the number of commands that changed the account.
func (a *Account) Version() int64 { return a.state.Version }

// Balance returns what the account holds.
func (a *Account) Balance() int64 { return a.state.Balance }

// Deposit puts amount into the account.
func (a *Account) Deposit(command uuid.UUID, amount int64, at time.Time) {
	a.state.Balance += amount
	a.record(command, Deposited, amount, at)
}

// Withdraw takes amount out of the account. Errors: ErrOverdrawn.
func (a *Account) Withdraw(command uuid.UUID, amount int64, at time.Time) error {
	if amount > a.state.Balance {
		return ErrOverdrawn.With("balance", a.state.Balance)
	}
	a.state.Balance -= amount
	a.record(command, Withdrawn, amount, at)
	return nil
}

// Renumber gives the account another number. It records no event: what changes an aggregate and what it tells the world
// are two things.
func (a *Account) Renumber(number string) {
	a.state.Number = number
	a.changed = true
}

// Close records that the account is about to be removed.
func (a *Account) Close(command uuid.UUID, at time.Time) { a.record(command, Closed, 0, at) }

// Snapshot returns an independent copy.
func (a *Account) Snapshot() *Account {
	return &Account{state: a.state, changed: a.changed, recorded: slices.Clone(a.recorded)}
}

// Settle ends a command.
func (a *Account) Settle() (recorded []Event, changed bool) {
	recorded, changed = a.recorded, a.changed
	a.recorded, a.changed = nil, false
	if changed {
		a.state.Version++
	}
	return recorded, changed
}

func (a *Account) record(command uuid.UUID, kind string, amount int64, at time.Time) {
	a.state.Events++
	a.changed = true
	a.recorded = append(a.recorded, Event{
		Aggregate: a.state.ID, Seq: a.state.Events, Command: command, Kind: kind, Amount: amount, At: clock.Micros(at),
	})
}

// Publish translates the events of an account or a ledger into messages. It publishes all kinds but Posted.
func Publish[A any](_ A, e Event) (events.Message, bool) {
	if e.Kind == Posted {
		return events.Message{}, false
	}
	payload, err := json.Marshal(map[string]any{"amount": e.Amount})
	if err != nil {
		panic(fmt.Sprintf("uowtest: a number is always JSON: %v", err))
	}
	return events.Message{
		ID:        uuid.NewSHA1(e.Aggregate, fmt.Append(nil, e.Seq)),
		Kind:      "uowtest.account_" + e.Kind + ".v1",
		Aggregate: e.Aggregate,
		Seq:       e.Seq,
		At:        e.At,
		Payload:   payload,
	}, true
}
