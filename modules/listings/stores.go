package listings

import (
	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listingsmemory "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/platform/memory"
)

// Stores are the adapters behind the ports through which the module reads and writes its data.
type Stores struct {
	Listings   domain.Repository
	Allowances domain.RetractionAllowances
	Views      app.Views
	Showcase   app.Showcase
	Ledger     app.Ledger
	Schedule   app.Schedule
	Dealings   app.Dealings
	Watches    domain.Watches
	WatchLists domain.WatchLists
	Tellings   domain.Tellings
	Roll       app.Roll
	WatchViews app.WatchViews
	Untold     app.Untold
	Sales      domain.Sales
	SaleViews  app.SaleViews
	Winners    app.Winners
}

// NewMemoryStores returns stores that keep everything in db.
func NewMemoryStores(db *memory.Database) Stores {
	store := listingsmemory.NewStore(db)
	return Stores{
		Listings:   listingsmemory.NewListings(store, app.Message),
		Allowances: listingsmemory.NewAllowances(db),
		Views:      listingsmemory.NewViews(store),
		Showcase:   listingsmemory.NewViews(store),
		Ledger:     listingsmemory.NewLedger(store),
		Schedule:   listingsmemory.NewSchedule(store),
		Dealings:   listingsmemory.NewDealings(store),
		Watches:    listingsmemory.NewWatches(store),
		WatchLists: listingsmemory.NewWatchLists(store),
		Tellings:   listingsmemory.NewTellings(store),
		Roll:       listingsmemory.NewRoll(store),
		WatchViews: listingsmemory.NewWatchViews(store),
		Untold:     listingsmemory.NewUntold(store),
		Sales:      listingsmemory.NewSales(store, app.SaleMessage),
		SaleViews:  listingsmemory.NewSaleViews(store),
		Winners:    listingsmemory.NewWinners(store),
	}
}
