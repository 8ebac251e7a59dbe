// Package profilestest is the module's seam for tests of the whole program: it swaps the module's stores.
package profilestest

import (
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// InMemory swaps every store of the module for one in memory; they commit together. The start fails if one of them ends
// up unused.
func InMemory() fx.Option {
	stores := profiles.NewMemoryStores(memory.NewDatabase())
	return fx.Options(
		platformtest.Swap(stores.Accounts),
		platformtest.Swap(stores.Profiles),
		platformtest.Swap(stores.Settings),
		platformtest.Swap(stores.TakenHandles),
		platformtest.Swap(stores.Sessions),
		platformtest.Swap(stores.APITokens),
		platformtest.Swap(stores.Devices),
		platformtest.Swap(stores.Throttles),
		platformtest.Swap(stores.Blocks),
		platformtest.Swap(stores.Invitations),
		platformtest.Swap(stores.Administrators),
		platformtest.Swap(stores.Views),
		platformtest.Swap(stores.Credentials),
		platformtest.Swap(stores.Standings),
		platformtest.Swap(stores.Leftovers),
	)
}
