package broker_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/broker"
	"github.com/gavelhq/gavel/platform/events/broker/brokertest"
)

// dial returns a client of NATS beside the servers.
func dial(t testing.TB, server *brokertest.Server) jetstream.JetStream {
	t.Helper()
	conn, err := nats.Connect(server.URL())
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	return js
}

// streamed returns the numbers and ids of the events in the stream, by the sequence of their messages.
func streamed(t testing.TB, js jetstream.JetStream, name string) map[uint64]string {
	t.Helper()
	stream, err := js.Stream(context.Background(), name)
	require.NoError(t, err)
	state := stream.CachedInfo().State
	found := map[uint64]string{}
	for seq := state.FirstSeq; seq <= state.LastSeq && state.Msgs > 0; seq++ {
		m, err := stream.GetMsg(context.Background(), seq)
		require.NoError(t, err)
		found[seq] = m.Header.Get("Gavel-Number") + " " + m.Header.Get(nats.MsgIdHdr)
	}
	return found
}

// logged returns the same of the log.
func (m *market) logged(after int64) map[uint64]string {
	m.t.Helper()
	all, err := m.Log.After(context.Background(), after, 1_000_000)
	require.NoError(m.t, err)
	found := map[uint64]string{}
	for _, e := range all {
		found[uint64(e.Number)] = uuidText(e)
	}
	return found
}

func uuidText(e events.Numbered) string { return numberText(e.Number) + " " + e.ID.String() }

// requireStreamed waits until the stream has every event of the log beyond that number, each in its place.
func (m *market) requireStreamed(js jetstream.JetStream, name string, after int64) {
	m.t.Helper()
	last, _, err := m.Log.Last(context.Background())
	require.NoError(m.t, err)
	m.eventually(func() bool {
		stream, err := js.Stream(context.Background(), name)
		return err == nil && stream.CachedInfo().State.LastSeq == uint64(last)
	}, "the stream ends with number %d", last)
	require.Equal(m.t, m.logged(after), streamed(m.t, js, name))
}

// TestEventsTravel lets two servers work that never poll: what happens on one reaches a subscriber that only the other works
// for, both ways.
func TestEventsTravel(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	for name, open := range map[string]func(t testing.TB) *market{"memory": inMemory, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, settings := open(t), newSettings(natsServer)
			a := m.connected(settings, never, m.counting("of a"))
			b := m.connected(settings, never, m.counting("of b"))
			for range 20 {
				a.trade(3)
				b.trade(3)
			}
			m.requireCounted("of a", "of b")
			before := a.carried("of a")
			b.trade(3)
			m.requireCounted("of a", "of b")
			require.EqualValues(t, 3, a.carried("of a")-before, "without a look into the log")
			m.requireStreamed(dial(t, natsServer), settings.Stream, 0)
		})
	}
}

// TestServersShareTheWork has three servers work for the same subscribers.
func TestServersShareTheWork(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	m, settings := onPostgres(t), newSettings(natsServer)
	var trading sync.WaitGroup
	for range 3 {
		s := m.connected(settings, 100*time.Millisecond, m.counting("one"), m.counting("two"))
		trading.Go(func() { s.trade(100) })
	}
	trading.Wait()
	m.requireCounted("one", "two")
	m.requireStreamed(dial(t, natsServer), settings.Stream, 0)
}

// TestNATSComesAndGoes starts servers while there is no NATS, and stops and starts it while they deliver.
func TestNATSComesAndGoes(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Stopped(t, nil)
	m, settings := inMemory(t), newSettings(natsServer)
	const poll = 20 * time.Millisecond
	a := m.serve(settings, poll, m.counting("of a"))
	b := m.serve(settings, poll, m.counting("of b"))
	a.trade(10)
	m.requireCounted("of a", "of b")
	require.EqualValues(t, 1, a.logs.FilterMessageSnippet("servers poll for them").Len(), "and one line says so")
	before, _, err := m.Log.Last(t.Context())
	require.NoError(t, err)

	natsServer.Start()
	a.awaitConnected(1)
	b.awaitConnected(1)
	for range 3 {
		stop := make(chan struct{})
		var trading sync.WaitGroup
		for _, s := range []*server{a, b} {
			aggregates := []uuid.UUID{uuid.New(), uuid.New()}
			trading.Go(func() {
				for {
					select {
					case <-stop:
						return
					case <-time.After(time.Millisecond):
						s.tradeOn(aggregates, 2)
					}
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		natsServer.Stop()
		a.awaitConnected(0)
		a.trade(10)
		close(stop)
		trading.Wait()
		m.requireCounted("of a", "of b") // without NATS
		require.Positive(t, a.metric("events_nats_behind"))
		natsServer.Start()
		a.awaitConnected(1)
		b.awaitConnected(1)
		m.requireStreamed(dial(t, natsServer), settings.Stream, before) // which was caught up with
		require.Zero(t, a.metric("events_nats_behind"))
	}
	b.trade(3)
	m.requireCounted("of a", "of b")
	m.requireStreamed(dial(t, natsServer), settings.Stream, before)
}

// TestSeveralServersFillOneStream has many servers publish the same events at the same time.
func TestSeveralServersFillOneStream(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	m, settings := inMemory(t), newSettings(natsServer)
	var servers []*server
	for i := range 4 {
		servers = append(servers, m.connected(settings, time.Millisecond, idle("idle "+numberText(int64(i)))))
	}
	var trading sync.WaitGroup
	for _, s := range servers {
		trading.Go(func() { s.trade(300) })
	}
	trading.Wait()
	m.requireStreamed(dial(t, natsServer), settings.Stream, 0)
	conflicts := 0.0
	for _, s := range servers {
		conflicts += s.metric("events_nats_conflicts_total")
	}
	t.Logf("1,200 events in their places, %v conflicts", conflicts)
}

// TestWhatIsDoneToTheStream purges it, deletes it and puts strange things in it, while two servers deliver.
func TestWhatIsDoneToTheStream(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	for name, harm := range map[string]func(t *testing.T, js jetstream.JetStream, stream string){
		"purged": func(t *testing.T, js jetstream.JetStream, name string) {
			t.Helper()
			stream, err := js.Stream(t.Context(), name)
			require.NoError(t, err)
			require.NoError(t, stream.Purge(t.Context()))
		},
		"deleted": func(t *testing.T, js jetstream.JetStream, name string) {
			t.Helper()
			require.NoError(t, js.DeleteStream(t.Context(), name))
		},
		"a message deleted": func(t *testing.T, js jetstream.JetStream, name string) {
			t.Helper()
			stream, err := js.Stream(t.Context(), name)
			require.NoError(t, err)
			require.NoError(t, stream.DeleteMsg(t.Context(), stream.CachedInfo().State.LastSeq))
		},
		"a message twice": func(t *testing.T, js jetstream.JetStream, name string) {
			t.Helper()
			stream, err := js.Stream(t.Context(), name)
			require.NoError(t, err)
			m, err := stream.GetMsg(t.Context(), stream.CachedInfo().State.LastSeq)
			require.NoError(t, err)
			m.Header.Del(nats.MsgIdHdr)
			m.Header.Del(nats.ExpectedLastSeqHdr)
			_, err = js.PublishMsg(t.Context(), &nats.Msg{Subject: m.Subject, Header: m.Header, Data: m.Data})
			require.NoError(t, err)
		},
		"something else": func(t *testing.T, js jetstream.JetStream, name string) {
			t.Helper()
			_, err := js.Publish(t.Context(), name+".events.a.v1", []byte("hello"))
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, settings := inMemory(t), newSettings(natsServer)
			a := m.connected(settings, 20*time.Millisecond, m.counting("of a"))
			b := m.connected(settings, 20*time.Millisecond, m.counting("of b"))
			a.trade(10)
			m.requireStreamed(dial(t, natsServer), settings.Stream, 0)
			harm(t, dial(t, natsServer), settings.Stream)
			a.trade(10)
			b.trade(10)
			m.requireCounted("of a", "of b")
		})
	}
}

// TestADeletedStreamIsMadeAnew, by a server that publishes.
func TestADeletedStreamIsMadeAnew(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	m, settings := inMemory(t), newSettings(natsServer)
	a := m.connected(settings, 20*time.Millisecond, m.counting("of a"))
	a.trade(5)
	js := dial(t, natsServer)
	m.requireStreamed(js, settings.Stream, 0)
	require.NoError(t, js.DeleteStream(t.Context(), settings.Stream))
	m.eventually(func() bool {
		a.trade(1)
		_, err := js.Stream(t.Context(), settings.Stream)
		return err == nil
	}, "the stream is made anew")
	a.awaitConnected(1)
	stream, err := js.Stream(t.Context(), settings.Stream)
	require.NoError(t, err)
	first := stream.CachedInfo().State.FirstSeq
	require.Greater(t, first, uint64(5), "with what happens from now on")
	a.trade(5)
	m.requireStreamed(js, settings.Stream, int64(first)-1)
}

// TestAnotherMarketsStream gives two markets one stream: whoever comes second polls, and nobody handles what happened to
// the other.
func TestAnotherMarketsStream(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	settings := newSettings(natsServer)
	ours, theirs := inMemory(t), inMemory(t)
	a := ours.connected(settings, 20*time.Millisecond, ours.counting("one"))
	b := theirs.connected(settings, 20*time.Millisecond, theirs.counting("one")) // the stream is still empty
	a.happens("z.v1", uuid.New())                                                // which passes by at b's, where nobody wants it
	ours.requireStreamed(dial(t, natsServer), settings.Stream, 0)
	b.trade(5)
	a.trade(20)
	theirs.requireCounted("one")
	ours.eventually(func() bool { return b.logs.FilterMessageSnippet("servers poll for them").Len() > 0 }, "it is noticed")
	delete(ours.seqs, onlyOther(ours.seqs, ours.counted("one")))
	ours.requireCounted("one")
	ours.requireStreamed(dial(t, natsServer), settings.Stream, 0)
}

// onlyOther returns the aggregate that has events and of which none is counted.
func onlyOther(seqs, counted map[uuid.UUID]int64) uuid.UUID {
	for id := range seqs {
		if seqs[id] == 1 && counted[id] == 0 {
			return id
		}
	}
	return uuid.Nil
}

// TestARestoredDatabase meets a stream that has more than it, and others, and polls.
func TestARestoredDatabase(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	settings := newSettings(natsServer)
	before := inMemory(t)
	a := before.connected(settings, 20*time.Millisecond, before.counting("one"))
	a.trade(30)
	before.requireStreamed(dial(t, natsServer), settings.Stream, 0)
	a.Stop()

	for name, events := range map[string]int{"that is behind the stream": 10, "that has gone past it": 60} {
		t.Run(name, func(t *testing.T) {
			m := inMemory(t)
			offline := settings
			offline.URL = "nats://127.0.0.1:1"
			old := m.serve(offline, never, m.counting("one"))
			old.trade(events)
			m.requireCounted("one")
			old.Stop()
			b := m.serve(settings, 20*time.Millisecond, m.counting("one"))
			m.eventually(func() bool { return b.logs.FilterMessageSnippet("servers poll for them").Len() > 0 }, "it is noticed")
			b.trade(10)
			m.requireCounted("one")
			require.Zero(t, b.metric("events_nats_published_total"))
			require.Zero(t, b.carried("one"))
		})
	}
}

// TestASlowSubscriber is blocked while more arrives than a server keeps in memory.
func TestASlowSubscriber(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	m, settings := inMemory(t), newSettings(natsServer)
	release := make(chan struct{})
	var blocked atomic.Bool
	handled := map[uuid.UUID]int{}
	slow := events.Subscriber{Name: "slow", Kinds: []string{"a.v1"}, Handle: func(_ context.Context, e events.Message) error {
		if blocked.CompareAndSwap(false, true) {
			<-release
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		handled[e.ID]++
		return nil
	}}
	const many = 4_500 // a server keeps 4,000 at most
	a := m.connected(settings, never, idle("idle"))
	b := m.connected(settings, never, slow)
	batch := make([]uuid.UUID, 500)
	for n := 0; n < many; n += len(batch) {
		for i := range batch {
			batch[i] = uuid.New()
		}
		a.happens("a.v1", batch...)
		if n == 0 {
			m.eventually(blocked.Load, "the first event is being handled")
		}
	}
	m.eventually(func() bool { return b.metric("events_nats_received_total") == many }, "all have arrived")
	close(release)
	m.eventually(func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return len(handled) == many
	}, "all are handled, though not all are in memory")
	require.Less(t, b.carried("slow"), float64(many))
}

// TestWhatTheLogHasForgotten is passed over in the stream: NATS was away for longer than events are kept.
func TestWhatTheLogHasForgotten(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	for name, forgotten := range map[string]int64{"in part": 20, "all": 25} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, settings := inMemory(t), newSettings(natsServer)
			a := m.connected(settings, 20*time.Millisecond, m.counting("one"))
			a.trade(10)
			js := dial(t, natsServer)
			m.requireStreamed(js, settings.Stream, 0)
			a.Stop()
			offline := settings
			offline.URL = "nats://127.0.0.1:1"
			b := m.serve(offline, never, m.counting("one"))
			b.trade(15)
			m.requireCounted("one")
			b.Stop()
			n, err := m.Log.Forget(t.Context(), forgotten, time.Now().Add(time.Hour), 1000)
			require.NoError(t, err)
			require.EqualValues(t, forgotten, n)

			c := m.connected(settings, 20*time.Millisecond, m.counting("one"))
			m.eventually(func() bool { return c.metric("events_nats_behind") == 0 }, "the stream is up to date")
			c.trade(5)
			m.requireCounted("one")
			m.requireStreamed(js, settings.Stream, forgotten)
		})
	}
}

// TestTheStreamIsAsTheSettingsSay, also when they change.
func TestTheStreamIsAsTheSettingsSay(t *testing.T) {
	t.Parallel()
	natsServer := brokertest.Start(t, nil)
	m, settings := inMemory(t), newSettings(natsServer)
	js := dial(t, natsServer)
	for _, age := range []time.Duration{time.Hour, time.Minute} {
		settings.MaxAge = age
		a := m.connected(settings, never, m.counting("one"))
		stream, err := js.Stream(t.Context(), settings.Stream)
		require.NoError(t, err)
		config := stream.CachedInfo().Config
		require.Equal(t, age, config.MaxAge)
		require.Equal(t, []string{settings.Stream + ".events.>"}, config.Subjects)
		require.Equal(t, jetstream.FileStorage, config.Storage)
		before := stream.CachedInfo().State.LastSeq
		a.trade(5)
		m.requireCounted("one")
		require.Eventually(t, func() bool { // who handles what happens in the same program does not wait for NATS
			info, err := stream.Info(t.Context())
			return err == nil && info.State.LastSeq >= before+5
		}, patience, 5*time.Millisecond)
		a.Stop()
	}
	found, err := broker.Check(t.Context(), settings, m.Log)
	require.NoError(t, err)
	require.True(t, found.Exists)
	require.EqualValues(t, 10, found.Last)
	require.Equal(t, time.Minute, found.MaxAge)
	_, err = broker.Check(t.Context(), settings, inMemory(t).Log)
	require.ErrorIs(t, err, broker.ErrForeign)
}
