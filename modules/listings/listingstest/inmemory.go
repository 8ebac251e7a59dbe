// Package listingstest is the module's seam for tests of the whole program: it swaps the module's stores, trades on its
// market (Market, Trader) and looks behind the scenes (Auditor).
package listingstest

import (
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// InMemory swaps every store of the module for one in memory; they commit together. The start fails if one of them ends
// up unused.
func InMemory() fx.Option {
	stores := listings.NewMemoryStores(memory.NewDatabase())
	return fx.Options(
		platformtest.Swap(stores.Listings),
		platformtest.Swap(stores.Allowances),
		platformtest.Swap(stores.Views),
		platformtest.Swap(stores.Showcase),
		platformtest.Swap(stores.Ledger),
		platformtest.Swap(stores.Schedule),
		platformtest.Swap(stores.Dealings),
		platformtest.Swap(stores.Watches),
		platformtest.Swap(stores.WatchLists),
		platformtest.Swap(stores.WatchViews),
		platformtest.Swap(stores.Sales),
		platformtest.Swap(stores.SaleViews),
		platformtest.Swap(stores.Tellings),
		platformtest.Swap(stores.Roll),
		platformtest.Swap(stores.Untold),
		platformtest.Swap(stores.Winners),
	)
}
