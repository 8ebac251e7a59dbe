package broker_test

import (
	"context"
	"maps"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/broker"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/events/deliverytest"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// market is a database that several servers share, and what has happened in it.
type market struct {
	t testing.TB
	deliverytest.Store

	mu   sync.Mutex
	seqs map[uuid.UUID]int64
}

func inMemory(t testing.TB) *market {
	t.Helper()
	db := memory.NewDatabase()
	outbox := eventsmemory.NewOutbox(db)
	progress := eventsmemory.NewProgress(db, outbox)
	return &market{t: t, seqs: map[uuid.UUID]int64{}, Store: deliverytest.Store{
		Outbox: outbox, Log: outbox, Subscriptions: eventsmemory.NewSubscriptions(progress),
		Deliveries: eventsmemory.NewDeliveries(progress), Views: progress,
	}}
}

func onPostgres(t testing.TB) *market {
	t.Helper()
	return onPool(t, dbtest.Postgres(t, sqlstore.Migrations()))
}

func onPool(t testing.TB, pool *db.Pool) *market {
	t.Helper()
	outbox := sqlstore.NewOutbox(pool)
	return &market{t: t, seqs: map[uuid.UUID]int64{}, Store: deliverytest.Store{
		Outbox: outbox, Log: outbox, Subscriptions: sqlstore.NewSubscriptions(pool), Deliveries: sqlstore.NewDeliveries(pool),
		Views: sqlstore.NewViews(pool),
	}}
}

// server is one of the servers of a market. Each has a bell of its own, as servers in processes of their own have.
type server struct {
	*market
	*delivery.Deliverer
	bell     *delivery.Bell
	work     *uow.Work
	registry *prometheus.Registry
	logs     *observer.ObservedLogs
}

// never is how often a server polls that is to hear of events through NATS alone.
const never = time.Hour

// serve starts a server that delivers to the subscribers and looks for what others have committed as often as poll says. It
// stops when the test ends.
func (m *market) serve(settings broker.Settings, poll time.Duration, subscribers ...events.Subscriber) *server {
	m.t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	s := &server{market: m, bell: delivery.NewBell(), logs: logs}
	s.work = uow.New(m.Outbox, uow.Settings{Published: s.bell.Ring})
	var carrier *broker.Carrier
	carrier, s.registry = newCarrier(m.t, settings, m.Log, zap.New(core))
	metrics, err := delivery.NewMetrics(s.registry)
	require.NoError(m.t, err)
	s.Deliverer, err = delivery.NewDeliverer(delivery.Parts{
		Work: s.work, Log: m.Log, Subscriptions: m.Subscriptions, Deliveries: m.Deliveries, Views: m.Views, Carrier: carrier,
		Subscribers: subscribers, Bell: s.bell, Clock: clock.NewReal(), Logger: zap.New(core), Metrics: metrics,
		Settings: delivery.Settings{Poll: poll},
	})
	require.NoError(m.t, err)
	require.NoError(m.t, s.Start(m.t.Context()))
	m.t.Cleanup(s.Stop)
	return s
}

// connected starts a server and waits until events travel.
func (m *market) connected(settings broker.Settings, poll time.Duration, subscribers ...events.Subscriber) *server {
	m.t.Helper()
	s := m.serve(settings, poll, subscribers...)
	s.awaitConnected(1)
	return s
}

func (s *server) awaitConnected(want float64) {
	s.t.Helper()
	s.eventually(func() bool { return s.metric("events_nats_connected") == want }, "NATS is connected or not")
}

// happens commits an event of each of the aggregates on this server, in one unit of work.
func (s *server) happens(kind string, aggregates ...uuid.UUID) {
	s.t.Helper()
	messages := make([]events.Message, len(aggregates))
	s.mu.Lock()
	for i, a := range aggregates {
		s.seqs[a]++
		messages[i] = events.Message{ID: uuid.New(), Kind: kind, Aggregate: a, Seq: s.seqs[a], At: time.Now(), Payload: []byte(`{"price": "10.00"}`)}
	}
	s.mu.Unlock()
	require.NoError(s.t, s.work.Do(context.Background(), func(ctx context.Context) error { return s.Outbox.Append(ctx, messages) }))
	s.bell.Ring()
}

// trade commits n events of a few aggregates, one after the other.
func (s *server) trade(n int) {
	s.t.Helper()
	s.tradeOn([]uuid.UUID{uuid.New(), uuid.New(), uuid.New()}, n)
}

// tradeOn commits n events of the aggregates, which are only the caller's.
func (s *server) tradeOn(aggregates []uuid.UUID, n int) {
	s.t.Helper()
	for i := range n {
		s.happens("a.v1", aggregates[i%len(aggregates)])
	}
}

// counting returns a subscriber that counts the events of the kind a.v1.
func (m *market) counting(name string) events.Subscriber {
	return deliverytest.Counting(m.Deliveries, name, "a.v1")
}

// idle returns a subscriber that nothing is for.
func idle(name string) events.Subscriber {
	return events.Subscriber{Name: name, Kinds: []string{"none.v1"}, Handle: func(context.Context, events.Message) error { return nil }}
}

// counted returns what a subscriber has counted.
func (m *market) counted(name string) map[uuid.UUID]int64 {
	m.t.Helper()
	dead, err := deliverytest.Listed(context.Background(), m.Views, delivery.Filter{Dead: true})
	require.NoError(m.t, err)
	return deliverytest.Counted(dead, name)
}

// requireCounted waits until the subscribers have counted every event, once and in its turn.
func (m *market) requireCounted(names ...string) {
	m.t.Helper()
	for _, name := range names {
		m.eventually(func() bool { return maps.Equal(m.seqs, m.counted(name)) }, "%s counts every event once: %v", name, m.seqs)
	}
}

func (m *market) eventually(happens func() bool, what string, args ...any) {
	m.t.Helper()
	require.Eventuallyf(m.t, happens, patience, 5*time.Millisecond, what, args...)
}

// metric returns the sum of a metric of the server.
func (s *server) metric(name string) (sum float64) {
	s.t.Helper()
	families, err := s.registry.Gather()
	require.NoError(s.t, err)
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == name {
				sum += m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
	}
	return sum
}

// carried returns how many events a subscriber has handled that came from NATS.
func (s *server) carried(subscriber string) (n float64) {
	s.t.Helper()
	families, err := s.registry.Gather()
	require.NoError(s.t, err)
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == "events_handled_total" && label(m, "subscriber") == subscriber && label(m, "from") == "carrier" {
				n += m.GetCounter().GetValue()
			}
		}
	}
	return n
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

func numberText(n int64) string { return strconv.FormatInt(n, 10) }
