package uowtest

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
)

// ErrLedgerNotFound is what the suite's repository answers for a ledger that does not exist.
var ErrLedgerNotFound = fault.New(fault.NotFound, "ledger_not_found", "There is no ledger with this id.")

// ErrLedgerExists is what a store answers when a ledger is added whose id it has.
var ErrLedgerExists = fault.New(fault.Conflict, "ledger_exists", "There is a ledger with this id already.")

// LedgerState is everything that a store keeps of a ledger.
type LedgerState struct {
	ID      uuid.UUID
	Version int64
	Lines   int64
	Total   int64
}

// Ledger is the second kind of aggregate, for units that change two.
type Ledger struct {
	state    LedgerState
	changed  bool
	recorded []Event
}

// NewLedger returns a new ledger without lines.
func NewLedger(id uuid.UUID) *Ledger { return &Ledger{state: LedgerState{ID: id}, changed: true} }

// RestoreLedger returns the ledger that a store has read. It checks nothing.
func RestoreLedger(s LedgerState) *Ledger { return &Ledger{state: s} }

// State returns what a store has to write.
func (l *Ledger) State() LedgerState { return l.state }

// ID returns the identity.
func (l *Ledger) ID() uuid.UUID { return l.state.ID }

// Version returns the number of commands that changed the ledger.
func (l *Ledger) Version() int64 { return l.state.Version }

// Post adds a line.
func (l *Ledger) Post(command uuid.UUID, amount int64, at time.Time) {
	l.state.Lines++
	l.state.Total += amount
	l.changed = true
	l.recorded = append(l.recorded, Event{
		Aggregate: l.state.ID, Seq: l.state.Lines, Command: command, Kind: Posted, Amount: amount, At: clock.Micros(at),
	})
}

// Snapshot returns an independent copy.
func (l *Ledger) Snapshot() *Ledger {
	return &Ledger{state: l.state, changed: l.changed, recorded: slices.Clone(l.recorded)}
}

// Settle ends a command.
func (l *Ledger) Settle() (recorded []Event, changed bool) {
	recorded, changed = l.recorded, l.changed
	l.recorded, l.changed = nil, false
	if changed {
		l.state.Version++
	}
	return recorded, changed
}
