package sqlstore_test

import (
	"testing"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events/deliverytest"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
)

func TestDelivery(t *testing.T) {
	t.Parallel()
	schema, tables := []db.Migrations{sqlstore.Migrations()}, []string{"event_deliveries", "event_subscriptions", "outbox"}
	storetest.OnEveryDatabase(t, schema, tables, func(t *testing.T, open func(*testing.T) *db.Pool) {
		t.Helper()
		deliverytest.Run(t, func(t *testing.T) deliverytest.Store {
			t.Helper()
			pool := open(t)
			outbox := sqlstore.NewOutbox(pool)
			return deliverytest.Store{
				Outbox: outbox, Log: outbox, Subscriptions: sqlstore.NewSubscriptions(pool), Deliveries: sqlstore.NewDeliveries(pool),
				Views: sqlstore.NewViews(pool), OneWriter: pool.Dialect() == db.SQLite,
			}
		})
	})
}

func TestTheSchemaIsTheSameInBothDialects(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, sqlstore.Migrations())
}
