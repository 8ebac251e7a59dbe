// Package profilestest is the module's seam for tests of the whole program: it swaps the module's stores.
package profilestest

import (
	"errors"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/platform/memory"
)

// InMemory swaps every store of the module for one in memory; they commit together. The start fails if they end up
// unused.
func InMemory() fx.Option {
	stores := profiles.NewMemoryStores(memory.NewDatabase())
	return fx.Options(
		fx.Replace(stores),
		fx.Invoke(func(used profiles.Stores) error {
			if used != stores {
				return errors.New("swap the stores of members: the graph uses others")
			}
			return nil
		}),
	)
}
