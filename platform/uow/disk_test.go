package uow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// disk is a durable database that tests can hurt: it takes whole units in turn and conflicts at the commit, and answers
// to commits get lost on demand.
type disk struct {
	mu       sync.Mutex
	accounts map[uuid.UUID]uowtest.AccountState
	ledgers  map[uuid.UUID]uowtest.LedgerState
	commands map[uuid.UUID]bool
	messages []events.Message

	commits     []commit // what becomes of the next commits; then all go well
	lookupFails int      // how many of the next questions for commands fail
	unrecorded  bool     // keep no command ids
	open        int      // transactions that are neither committed nor rolled back
}

// commit is what becomes of a commit.
type commit struct {
	lost      bool   // the answer does not arrive
	happens   bool   // the writes are made all the same
	meanwhile func() // happens before the next question can be asked
}

func newDisk() *disk {
	return &disk{
		accounts: map[uuid.UUID]uowtest.AccountState{},
		ledgers:  map[uuid.UUID]uowtest.LedgerState{},
		commands: map[uuid.UUID]bool{},
	}
}

func (d *disk) fixture() uowtest.Fixture {
	return uowtest.Fixture{
		Open:     func(*testing.T) uowtest.Backend { return d.backend() },
		Accounts: func(*testing.T) []uowtest.AccountState { return values(d, d.accounts) },
		Ledgers:  func(*testing.T) []uowtest.LedgerState { return values(d, d.ledgers) },
		Messages: func(*testing.T) []events.Message {
			d.mu.Lock()
			defer d.mu.Unlock()
			return slices.Clone(d.messages)
		},
		Waiting: uowtest.WaitsAtCommit,
	}
}

func (d *disk) backend() uowtest.Backend {
	return uowtest.Backend{Accounts: accountsOn{d}, Ledgers: ledgersOn{d}, Outbox: outboxOn{d}}
}

func values[T any](d *disk, rows map[uuid.UUID]T) []T {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []T
	for _, row := range rows {
		all = append(all, row)
	}
	return all
}

// transactions returns how many transactions nobody has ended.
func (d *disk) transactions() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open
}

// diskTx is a unit's transaction: what it writes is checked and made at the commit.
type diskTx struct {
	disk   *disk
	ended  bool
	checks []func() error
	writes []func()
}

func (d *disk) join(ctx context.Context) (*diskTx, error) {
	return uow.Join(ctx, d, func(context.Context, bool) (*diskTx, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.open++
		return &diskTx{disk: d}, nil
	})
}

func (tx *diskTx) Prepare(context.Context) error { return nil }

func (tx *diskTx) Commit(context.Context) error {
	next, err := tx.commit()
	if next.meanwhile != nil {
		next.meanwhile()
	}
	return err
}

func (tx *diskTx) commit() (next commit, err error) {
	d := tx.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, check := range tx.checks {
		if err := check(); err != nil {
			return commit{}, err
		}
	}
	next = commit{happens: true}
	if len(d.commits) > 0 {
		next, d.commits = d.commits[0], d.commits[1:]
	}
	if next.happens {
		for _, write := range tx.writes {
			write()
		}
	}
	if next.lost {
		return next, fmt.Errorf("%w: cable pulled", uow.ErrCommitUnknown)
	}
	tx.end()
	return next, nil
}

func (tx *diskTx) Rollback() {
	tx.disk.mu.Lock()
	defer tx.disk.mu.Unlock()
	tx.end()
}

func (tx *diskTx) end() {
	if !tx.ended {
		tx.ended = true
		tx.disk.open--
	}
}

func (tx *diskTx) Durable() bool { return true }
func (tx *diskTx) Err() error    { return nil }

var errLookup = errors.New("the disk does not answer")

func (d *disk) committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	if _, err := d.join(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lookupFails > 0 {
		d.lookupFails--
		return nil, errLookup
	}
	if d.unrecorded {
		return nil, uow.ErrNotRecorded
	}
	return slices.DeleteFunc(slices.Clone(commands), func(id uuid.UUID) bool { return !d.commands[id] }), nil
}

func (tx *diskTx) record(list []uowtest.Event) {
	tx.writes = append(tx.writes, func() {
		for _, e := range list {
			tx.disk.commands[e.Command] = true
		}
	})
}

// stage adds one change to the transaction.
func stage[T any](
	tx *diskTx, rows map[uuid.UUID]T, kind uow.ChangeKind, id uuid.UUID, version func(T) int64, before int64, after T, taken error,
) {
	tx.checks = append(tx.checks, func() error {
		row, exists := rows[id]
		switch {
		case kind == uow.Added && exists:
			return taken
		case kind != uow.Added && (!exists || version(row) != before):
			return uow.ErrConflict
		}
		return nil
	})
	tx.writes = append(tx.writes, func() {
		if kind == uow.Removed {
			delete(rows, id)
			return
		}
		rows[id] = after
	})
}
