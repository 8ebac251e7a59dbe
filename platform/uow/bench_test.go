package uow_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/uow"
)

// BenchmarkDo is one command on one aggregate in memory: what the unit of work itself costs.
func BenchmarkDo(b *testing.B) {
	bank, id := newBank(), uuid.New()
	bank.open(id, 0)
	b.ReportAllocs()
	for b.Loop() {
		if err := bank.deposit(b.Context(), id, 1); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDoAll is 512 commands on 64 aggregates in one unit. An operation is a batch.
func BenchmarkDoAll(b *testing.B) {
	bank := newBank()
	commands := make([]uow.Command, 512)
	ids := make([]uuid.UUID, 64)
	for i := range ids {
		ids[i] = uuid.New()
		bank.open(ids[i], 0)
	}
	for i := range commands {
		id := ids[i%len(ids)]
		commands[i] = uow.Command{Hints: []uow.Hint{bank.accounts.Loads(id)}, Run: func(ctx context.Context) error {
			a, err := bank.accounts.Get(ctx, id)
			if err != nil {
				return err
			}
			a.Deposit(uuid.UUID{}, 1, noon)
			return nil
		}}
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range bank.work.DoAll(b.Context(), commands) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(commands))/b.Elapsed().Seconds(), "commands/s")
}
