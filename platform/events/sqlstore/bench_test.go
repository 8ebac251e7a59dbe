package sqlstore_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/events/deliverytest"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
)

// market commits events, which a Deliverer in the same process delivers to somebody who looks at the time.
type market struct {
	b      *testing.B
	pool   *db.Pool
	work   *uow.Work
	outbox *sqlstore.Outbox
	bell   *delivery.Bell

	mu        sync.Mutex
	latencies []time.Duration
	handled   chan struct{}
}

func newMarket(b *testing.B, pool *db.Pool) *market {
	b.Helper()
	m := &market{b: b, pool: pool, outbox: sqlstore.NewOutbox(pool), handled: make(chan struct{}, 1_000_000)}
	m.bell = delivery.NewBell()
	m.work = uow.New(m.outbox, uow.Settings{})
	deliveries := sqlstore.NewDeliveries(pool)
	observer := events.Subscriber{Name: "observer", Kinds: []string{"a.v1"}, Handle: m.observe}
	metrics, err := delivery.NewMetrics(prometheus.NewRegistry())
	require.NoError(b, err)
	d, err := delivery.NewDeliverer(delivery.Parts{
		Work: m.work, Log: m.outbox, Subscriptions: sqlstore.NewSubscriptions(pool), Deliveries: deliveries, Bell: m.bell,
		Views:       sqlstore.NewViews(pool),
		Subscribers: []events.Subscriber{observer, deliverytest.Counting(deliveries, "counter", "a.v1")},
		Clock:       clock.NewReal(), Logger: zap.NewNop(), Metrics: metrics,
	})
	require.NoError(b, err)
	require.NoError(b, d.Start(b.Context()))
	b.Cleanup(d.Stop)
	return m
}

func (m *market) observe(_ context.Context, e events.Message) error {
	m.mu.Lock()
	m.latencies = append(m.latencies, time.Since(e.At))
	m.mu.Unlock()
	m.handled <- struct{}{}
	return nil
}

// commit commits an event that is stamped just before the commit, of which the latency is counted from.
func (m *market) commit(seq int64, aggregate uuid.UUID) {
	m.b.Helper()
	message := events.Message{ID: uuid.New(), Kind: "a.v1", Aggregate: aggregate, Seq: seq, Payload: []byte(`{"price":"10.00"}`)}
	require.NoError(m.b, m.work.Do(m.b.Context(), func(ctx context.Context) error {
		message.At = time.Now()
		return m.outbox.Append(ctx, []events.Message{message})
	}))
	m.bell.Ring() // as a unit does that an aggregate has recorded events in
}

// report tells the median and the 99th percentile in milliseconds.
func (m *market) report() {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.Sort(m.latencies)
	at := func(share float64) float64 {
		return m.latencies[int(share*float64(len(m.latencies)-1))].Seconds() * 1000
	}
	m.b.ReportMetric(at(0.5), "p50-ms")
	m.b.ReportMetric(at(0.99), "p99-ms")
}

func eachDatabase(b *testing.B, run func(b *testing.B, pool *db.Pool)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b, sqlstore.Migrations())) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b, sqlstore.Migrations())) })
}

// BenchmarkLatency is one event at a time, on a quiet server: from before its commit to its handler.
func BenchmarkLatency(b *testing.B) {
	eachDatabase(b, func(b *testing.B, pool *db.Pool) {
		b.Helper()
		m := newMarket(b, pool)
		aggregate := uuid.New()
		seq := int64(0)
		for b.Loop() {
			seq++
			m.commit(seq, aggregate)
			<-m.handled
			time.Sleep(15 * time.Millisecond) // quiet
		}
		m.report()
	})
}

// BenchmarkThroughput is a backlog of 10,000 events that two subscribers are given, one of which stores something for each.
func BenchmarkThroughput(b *testing.B) {
	const backlog = 10_000
	eachDatabase(b, func(b *testing.B, pool *db.Pool) {
		b.Helper()
		m := newMarket(b, pool)
		for b.Loop() {
			messages := make([]events.Message, backlog)
			for i := range messages {
				messages[i] = events.Message{ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: time.Now(), Payload: []byte(`{}`)}
			}
			require.NoError(b, m.work.Do(b.Context(), func(ctx context.Context) error { return m.outbox.Append(ctx, messages) }))
			for range backlog {
				<-m.handled
			}
		}
		b.ReportMetric(float64(backlog*b.N)/b.Elapsed().Seconds(), "events/s")
	})
}

// BenchmarkIdle counts what a server asks of its database while nothing happens. An operation is a second.
func BenchmarkIdle(b *testing.B) {
	eachDatabase(b, func(b *testing.B, pool *db.Pool) {
		b.Helper()
		newMarket(b, pool)
		before := pool.Stats()
		begun := time.Now()
		for b.Loop() {
			time.Sleep(time.Second)
		}
		spent := pool.Stats().Since(before)
		b.ReportMetric(float64(spent.Statements)/time.Since(begun).Seconds(), "statements/s")
	})
}
