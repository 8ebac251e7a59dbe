// Package issuestest is the module's seam for tests of the whole program: it swaps the module's stores.
package issuestest

import (
	"errors"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues"
	"github.com/gavelhq/gavel/platform/memory"
)

// InMemory swaps every store of the module for one in memory; they commit together. The start fails if they end up
// unused.
func InMemory() fx.Option {
	stores := issues.NewMemoryStores(memory.NewDatabase())
	return fx.Options(
		fx.Replace(stores),
		fx.Invoke(func(used issues.Stores) error {
			if used != stores {
				return errors.New("swap the stores of issues: the graph uses others")
			}
			return nil
		}),
	)
}
