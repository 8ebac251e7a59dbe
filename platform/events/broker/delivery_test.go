package broker_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events/broker"
	"github.com/gavelhq/gavel/platform/events/broker/brokertest"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/events/deliverytest"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
)

// newSettings returns those of a stream of its own.
func newSettings(server *brokertest.Server) broker.Settings {
	return broker.Settings{URL: server.URL(), Stream: "s-" + uuid.NewString(), Replicas: 1, MaxAge: time.Hour}
}

func newCarrier(t testing.TB, settings broker.Settings, log delivery.Log, logger *zap.Logger) (*broker.Carrier, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewRegistry()
	metrics, err := broker.NewMetrics(registry)
	require.NoError(t, err)
	return broker.NewCarrier(settings, log, logger, metrics), registry
}

// carriers returns a maker of carriers that share a stream.
func carriers(server *brokertest.Server, log delivery.Log) func(t *testing.T) delivery.Carrier {
	settings := newSettings(server)
	return func(t *testing.T) delivery.Carrier {
		t.Helper()
		c, _ := newCarrier(t, settings, log, zap.NewNop())
		return c
	}
}

// TestDelivery has NATS carry what every store promises.
func TestDelivery(t *testing.T) {
	t.Parallel()
	server := brokertest.Start(t, nil)
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		deliverytest.Run(t, func(*testing.T) deliverytest.Store {
			db := memory.NewDatabase()
			outbox := eventsmemory.NewOutbox(db)
			progress := eventsmemory.NewProgress(db, outbox)
			return deliverytest.Store{
				Outbox: outbox, Log: outbox, Subscriptions: eventsmemory.NewSubscriptions(progress),
				Deliveries: eventsmemory.NewDeliveries(progress), Views: progress, Carrier: carriers(server, outbox),
			}
		})
	})
	schema, tables := []db.Migrations{sqlstore.Migrations()}, []string{"event_deliveries", "event_subscriptions", "outbox"}
	storetest.OnEveryDatabase(t, schema, tables, func(t *testing.T, open func(*testing.T) *db.Pool) {
		t.Helper()
		deliverytest.Run(t, func(t *testing.T) deliverytest.Store {
			t.Helper()
			pool := open(t)
			outbox := sqlstore.NewOutbox(pool)
			return deliverytest.Store{
				Outbox: outbox, Log: outbox, Subscriptions: sqlstore.NewSubscriptions(pool), Deliveries: sqlstore.NewDeliveries(pool),
				Views: sqlstore.NewViews(pool), OneWriter: pool.Dialect() == db.SQLite, Carrier: carriers(server, outbox),
			}
		})
	})
}
