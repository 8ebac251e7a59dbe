package uow_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// accountsOn, ledgersOn and outboxOn are the disk's stores.
type (
	accountsOn struct{ disk *disk }
	ledgersOn  struct{ disk *disk }
	outboxOn   struct{ disk *disk }
)

func (s accountsOn) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]*uowtest.Account, error) {
	return read(ctx, s.disk, s.disk.accounts, ids, lock,
		func(a uowtest.AccountState) int64 { return a.Version }, uowtest.RestoreAccount)
}

func (s ledgersOn) Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]*uowtest.Ledger, error) {
	return read(ctx, s.disk, s.disk.ledgers, ids, lock,
		func(l uowtest.LedgerState) int64 { return l.Version }, uowtest.RestoreLedger)
}

// read restores what exists. What is to be locked must be as it was when the transaction commits.
func read[T, A any](
	ctx context.Context, d *disk, rows map[uuid.UUID]T, ids []uuid.UUID, lock bool, version func(T) int64, restore func(T) A,
) ([]A, error) {
	tx, err := d.join(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []A
	for _, id := range ids {
		row, ok := rows[id]
		if !ok {
			continue
		}
		found = append(found, restore(row))
		if lock {
			tx.checks = append(tx.checks, func() error {
				if now, ok := rows[id]; !ok || version(now) != version(row) {
					return uow.ErrConflict
				}
				return nil
			})
		}
	}
	return found, nil
}

func (s accountsOn) Save(ctx context.Context, changes []uow.Change[*uowtest.Account, uowtest.Event]) error {
	tx, err := s.disk.join(ctx)
	if err != nil {
		return err
	}
	version := func(a uowtest.AccountState) int64 { return a.Version }
	for _, c := range changes {
		var after uowtest.AccountState
		var before int64
		id := uuid.UUID{}
		if c.Kind != uow.Added {
			id, before = c.Before.ID(), c.Before.Version()
		}
		if c.Kind == uow.Checked {
			tx.checks = append(tx.checks, func() error {
				if now, ok := s.disk.accounts[id]; !ok || version(now) != before {
					return uow.ErrConflict
				}
				return nil
			})
			continue
		}
		if c.Kind != uow.Removed {
			id, after = c.After.ID(), c.After.State()
			tx.checks = append(tx.checks, func() error { return s.numberFree(after) })
		}
		stage(tx, s.disk.accounts, c.Kind, id, version, before, after, uowtest.ErrAccountExists)
		tx.record(c.Events)
	}
	return nil
}

func (s accountsOn) numberFree(a uowtest.AccountState) error {
	for id, other := range s.disk.accounts {
		if other.Number == a.Number && id != a.ID {
			return uowtest.ErrNumberTaken
		}
	}
	return nil
}

func (s ledgersOn) Save(ctx context.Context, changes []uow.Change[*uowtest.Ledger, uowtest.Event]) error {
	tx, err := s.disk.join(ctx)
	if err != nil {
		return err
	}
	version := func(l uowtest.LedgerState) int64 { return l.Version }
	for _, c := range changes {
		switch c.Kind {
		case uow.Added:
			stage(tx, s.disk.ledgers, c.Kind, c.After.ID(), version, 0, c.After.State(), uowtest.ErrLedgerExists)
		case uow.Changed:
			stage(tx, s.disk.ledgers, c.Kind, c.After.ID(), version, c.Before.Version(), c.After.State(), nil)
		case uow.Removed:
			stage(tx, s.disk.ledgers, c.Kind, c.Before.ID(), version, c.Before.Version(), uowtest.LedgerState{}, nil)
		}
		tx.record(c.Events)
	}
	return nil
}

func (s accountsOn) Committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	return s.disk.committed(ctx, commands)
}

func (s ledgersOn) Committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error) {
	return s.disk.committed(ctx, commands)
}

func (s outboxOn) Append(ctx context.Context, messages []events.Message) error {
	tx, err := s.disk.join(ctx)
	if err != nil {
		return err
	}
	tx.writes = append(tx.writes, func() { s.disk.messages = append(s.disk.messages, messages...) })
	return nil
}
