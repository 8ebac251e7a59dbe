package memory_test

import (
	"testing"

	"github.com/gavelhq/gavel/platform/events/deliverytest"
	"github.com/gavelhq/gavel/platform/events/memory"
	database "github.com/gavelhq/gavel/platform/memory"
)

func TestDelivery(t *testing.T) {
	t.Parallel()
	deliverytest.Run(t, func(*testing.T) deliverytest.Store {
		db := database.NewDatabase()
		outbox := memory.NewOutbox(db)
		progress := memory.NewProgress(db, outbox)
		return deliverytest.Store{
			Outbox: outbox, Log: outbox, Subscriptions: memory.NewSubscriptions(progress),
			Deliveries: memory.NewDeliveries(progress), Views: progress,
		}
	})
}
