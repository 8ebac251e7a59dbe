package platformtest

import (
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/audit"
	auditlog "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/memory"
)

// InMemory swaps the platform's own stores, which are the outbox and how far it was delivered, the audit log and the answers
// under idempotency keys, for ones in memory. The start fails if one of them ends up unused.
//
// Each has a database of its own. A unit of work locks them in the order in which it came to them: the answers, and how far
// an event was delivered, before all else, the outbox last. In one database they would be locked first by one unit and last
// by the next.
func InMemory() fx.Option {
	log := auditlog.NewLog(memory.NewDatabase())
	box := outbox.NewOutbox(memory.NewDatabase())
	progress := outbox.NewProgress(memory.NewDatabase(), box)
	return fx.Options(
		Swap[events.Outbox](box),
		Swap[delivery.Log](box),
		Swap[delivery.Subscriptions](outbox.NewSubscriptions(progress)),
		Swap[delivery.Deliveries](outbox.NewDeliveries(progress)),
		Swap[delivery.Views](progress),
		Swap[audit.Log](log),
		Swap[audit.View](log),
		Swap[idempotency.Answers](answers.NewAnswers(memory.NewDatabase())),
	)
}
