package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract"
	"github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/platform/events"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	platformmemory "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStores(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(*testing.T) contract.Store {
		db := platformmemory.NewDatabase()
		outbox := eventsmemory.NewOutbox(db)
		store := memory.NewStore(db)
		return contract.Store{
			Work:       uow.New(outbox, uow.Settings{}),
			Listings:   memory.NewListings(store, app.Message),
			Allowances: memory.NewAllowances(db),
			Views:      memory.NewViews(store),
			Ledger:     memory.NewLedger(store),
			Schedule:   memory.NewSchedule(store),
			Dealings:   memory.NewDealings(store),
			Watches:    memory.NewWatches(store),
			WatchLists: memory.NewWatchLists(store),
			Tellings:   memory.NewTellings(store),
			Roll:       memory.NewRoll(store),
			WatchViews: memory.NewWatchViews(store),
			Untold:     memory.NewUntold(store),
			Sales:      memory.NewSales(store, app.SaleMessage),
			SaleViews:  memory.NewSaleViews(store),
			Winners:    memory.NewWinners(store),
			Messages:   func(*testing.T) []events.Message { return outbox.Messages() },
			Waiting:    uowtest.WaitsAtCommit,
		}
	})
}
