package platformtest

import (
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/events"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
)

// InMemory swaps the platform's own stores, which is the outbox, for ones in memory. The start fails if one of them ends
// up unused.
func InMemory() fx.Option {
	return Swap[events.Outbox](outbox.NewOutbox(memory.NewDatabase()))
}
