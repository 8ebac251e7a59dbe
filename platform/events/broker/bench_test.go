package broker_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/broker"
	"github.com/gavelhq/gavel/platform/events/broker/brokertest"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
)

// pair is a server on which something happens, and another that works for who wants to know it.
type pair struct {
	*market
	a, b      *server
	pools     []*db.Pool
	latencies []time.Duration
	handled   chan struct{}
}

func newPair(b *testing.B, settings broker.Settings, connected bool) *pair {
	b.Helper()
	url := dbtest.PostgresURL(b, sqlstore.Migrations())
	p := &pair{handled: make(chan struct{}, 1_000_000)}
	observer := events.Subscriber{Name: "observer", Kinds: []string{"a.v1"}, Handle: func(_ context.Context, e events.Message) error {
		p.latencies = append(p.latencies, time.Since(e.At)) // one at a time
		p.handled <- struct{}{}
		return nil
	}}
	serve := func(s events.Subscriber) *server {
		pool := dbtest.Open(b, db.Settings{URL: url})
		p.pools = append(p.pools, pool)
		m := onPool(b, pool)
		if connected {
			return m.connected(settings, 0, s)
		}
		return m.serve(settings, 0, s)
	}
	p.b, p.a = serve(observer), serve(idle("idle"))
	return p
}

// eachWay runs a benchmark with NATS between two servers, and where there is none.
func eachWay(b *testing.B, run func(b *testing.B, p *pair)) {
	b.Helper()
	b.Run("nats", func(b *testing.B) { run(b, newPair(b, newSettings(brokertest.Start(b, nil)), true)) })
	b.Run("polling", func(b *testing.B) {
		run(b, newPair(b, broker.Settings{URL: "nats://127.0.0.1:1", Stream: "none", Replicas: 1, MaxAge: time.Hour}, false))
	})
}

// BenchmarkLatency is one event at a time, from before its commit on one server to its handler on another.
func BenchmarkLatency(b *testing.B) {
	eachWay(b, func(b *testing.B, p *pair) {
		b.Helper()
		aggregate := uuid.New()
		for b.Loop() {
			p.a.happens("a.v1", aggregate)
			<-p.handled
			time.Sleep(15 * time.Millisecond) // quiet
		}
		p.b.Stop()
		slices.Sort(p.latencies)
		at := func(share float64) float64 {
			return p.latencies[int(share*float64(len(p.latencies)-1))].Seconds() * 1000
		}
		b.ReportMetric(at(0.5), "p50-ms")
		b.ReportMetric(at(0.99), "p99-ms")
	})
}

// BenchmarkThroughput is 10,000 events, in units of work of 100, which another server is to handle.
func BenchmarkThroughput(b *testing.B) {
	eachWay(b, func(b *testing.B, p *pair) {
		b.Helper()
		const many = 10_000
		before := []db.Stats{p.pools[0].Stats(), p.pools[1].Stats()}
		for b.Loop() {
			for range many / 100 {
				messages := make([]events.Message, 100)
				for i := range messages {
					messages[i] = events.Message{ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: time.Now(), Payload: []byte(`{}`)}
				}
				require.NoError(b, p.a.work.Do(b.Context(), func(ctx context.Context) error { return p.a.Outbox.Append(ctx, messages) }))
				p.a.bell.Ring()
			}
			for range many {
				<-p.handled
			}
		}
		n := float64(many * b.N)
		b.ReportMetric(n/b.Elapsed().Seconds(), "events/s")
		statements := p.pools[0].Stats().Since(before[0]).Statements + p.pools[1].Stats().Since(before[1]).Statements
		b.ReportMetric(float64(statements)/n, "statements/event")
		b.ReportMetric(p.b.carried("observer")/n, "carried/event")
		b.ReportMetric(p.a.metric("events_nats_conflicts_total")+p.b.metric("events_nats_conflicts_total"), "conflicts")
	})
}

// BenchmarkRelay is a backlog of 10,000 events that the stream does not have yet.
func BenchmarkRelay(b *testing.B) {
	natsServer := brokertest.Start(b, nil)
	for b.Loop() {
		b.StopTimer()
		m, settings := inMemory(b), newSettings(natsServer)
		first := m.connected(settings, never, idle("idle")) // makes the stream
		first.Stop()
		offline := settings
		offline.URL = "nats://127.0.0.1:1"
		s := m.serve(offline, never, idle("idle"))
		batch := make([]uuid.UUID, 10_000)
		for i := range batch {
			batch[i] = uuid.New()
		}
		s.happens("a.v1", batch...)
		s.Stop()
		b.StartTimer()
		late := m.serve(settings, never, idle("idle"))
		m.eventually(func() bool { return late.metric("events_nats_published_total") == 10_000 }, "all are published")
	}
	b.ReportMetric(float64(10_000*b.N)/b.Elapsed().Seconds(), "events/s")
}
