package deliverytest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// deliveringCases say what becomes of events that subscribers handle.
var deliveringCases = []testCase{
	{"every subscriber gets every event of its kinds, once and in order", deliversToAll},
	{"several servers deliver together, and each event counts once", deliversFromSeveral},
	{"what another server commits is delivered within a second, at the second look at most", hearsOfOthers},
	{"a server that is kept out asks once in the time for which it is", asksOnce},
	{"a server that is stopped leaves nothing behind, and another one goes on at once", deliversAfterStop},
	{"a new subscriber begins with the next event, or with the first if it wants the past", deliversThePast},
	{"a subscriber that is rewound gets everything again", deliversAgain},
	{"a subscriber that is rewound is not held up by what it could not handle before", deliversAgainPastDeadLetters},
	{"much that nobody wants passes by, and that is noted", deliversPastOthers},
}

// trade commits events of several aggregates from several goroutines.
func (s *subject) trade(each int, kinds ...string) {
	s.t.Helper()
	var busy sync.WaitGroup
	for range 3 {
		a, b := uuid.New(), uuid.New() // only this goroutine's, whose events happen one after the other
		busy.Go(func() {
			for i := range each {
				s.happens(kinds[i%len(kinds)], a, b)
			}
		})
	}
	busy.Wait()
}

func deliversToAll(t *testing.T, s *subject) {
	var others atomic.Int64
	s.deliverer(s.counting("one", "a.v1", "b.v1"), s.counting("two", "b.v1", "a.v1"), events.Subscriber{
		Name: "three", Kinds: []string{"b.v1"}, Handle: func(_ context.Context, m events.Message) error {
			if m.Kind != "b.v1" {
				others.Add(1)
			}
			return nil
		},
	})
	s.trade(20, "a.v1", "b.v1")
	s.requireAllCounted("one", "two")
	require.Zero(t, others.Load())
	left, err := Listed(t.Context(), s.Views, delivery.Filter{})
	require.NoError(t, err)
	for _, d := range left {
		require.True(t, d.Dead, "nothing is put aside: %v", d)
	}
}

func deliversFromSeveral(_ *testing.T, s *subject) {
	for range 3 {
		s.deliverer(s.counting("one", "a.v1"), s.counting("two", "a.v1"))
	}
	s.trade(20, "a.v1")
	s.requireAllCounted("one", "two")
}

func deliversAfterStop(t *testing.T, s *subject) {
	for range 5 {
		d := s.deliverer(s.counting("one", "a.v1"))
		s.trade(4, "a.v1")
		d.Stop()
	}
	begun := time.Now()
	s.deliverer(s.counting("one", "a.v1"))
	s.requireAllCounted("one")
	require.Less(t, time.Since(begun), patience)
	require.NotEmpty(t, s.seqs)
}

func deliversThePast(t *testing.T, s *subject) {
	before := s.happens("a.v1", uuid.New(), uuid.New())
	var late atomic.Int64
	modern := events.Subscriber{Name: "modern", Kinds: []string{"a.v1"}, Handle: func(_ context.Context, m events.Message) error {
		for _, old := range before {
			if m.ID == old.ID {
				late.Add(100)
			}
		}
		late.Add(1)
		return nil
	}}
	historian := s.counting("historian", "a.v1")
	historian.Past = true
	s.deliverer(modern, historian)
	s.happens("a.v1", uuid.New())
	s.requireAllCounted("historian")
	s.eventually(func() bool { return late.Load() != 0 }, "the next event is delivered")
	require.EqualValues(t, 1, late.Load())
}

func deliversAgain(t *testing.T, s *subject) {
	var handled atomic.Int64
	subscriber := events.Subscriber{Name: "one", Kinds: []string{"a.v1"}, Handle: func(context.Context, events.Message) error {
		handled.Add(1)
		return nil
	}}
	s.deliverer(subscriber)
	s.happens("a.v1", uuid.New(), uuid.New())
	s.eventually(func() bool { return handled.Load() == 2 }, "both are delivered")
	s.eventually(func() bool { return s.subscription("one").Number == s.start+2 }, "and that is stored")
	office, acts := s.office()
	require.NoError(t, office.Rewind(t.Context(), "one"))
	recorded, err := acts.Entries(t.Context(), audit.Filter{Acts: []string{"events.rewind"}}, page.Request{})
	require.NoError(t, err)
	require.Len(t, recorded.Items, 1)
	require.Equal(t, "one", recorded.Items[0].Detail)
	s.eventually(func() bool { return handled.Load() == 4 }, "both are delivered again, though nothing new has happened")
	require.ErrorIs(t, office.Rewind(t.Context(), "nobody"),
		delivery.ErrSubscriberNotFound)
}

func deliversAgainPastDeadLetters(t *testing.T, s *subject) {
	var handled, failed atomic.Int64
	poison := uuid.New()
	s.deliverer(events.Subscriber{Name: "one", Kinds: []string{"a.v1"}, Handle: func(_ context.Context, m events.Message) error {
		if m.Aggregate == poison {
			failed.Add(1)
			return errors.New("no")
		}
		handled.Add(1)
		return nil
	}})
	s.happens("a.v1", poison, uuid.New())
	s.eventually(func() bool { return len(s.dead("one")) == 1 && s.subscription("one").Number == s.start+2 }, "the one is a dead letter")
	office, _ := s.office()
	require.NoError(t, office.Rewind(t.Context(), "one"))
	s.eventually(func() bool { return handled.Load() == 2 }, "what follows is delivered again")
	s.eventually(func() bool { return failed.Load() == 2*int64(impatient.Attempts) }, "and the dead letter is tried again as often")
	s.eventually(func() bool { return len(s.dead("one")) == 1 }, "before it is one again")
}

func (s *subject) subscription(name string) delivery.SubscriptionState {
	all, err := s.Views.Subscriptions(context.Background())
	if !errors.Is(err, uow.ErrConflict) {
		require.NoError(s.t, err)
	}
	for _, found := range all {
		if found.Name == name {
			return found
		}
	}
	return delivery.SubscriptionState{}
}

func deliversPastOthers(_ *testing.T, s *subject) {
	many := make([]uuid.UUID, 1200)
	for i := range many {
		many[i] = uuid.New()
	}
	d := s.deliverer(s.counting("one", "a.v1"))
	s.happens("b.v1", many...)
	s.eventually(func() bool { return s.subscription("one").Number >= s.start+1000 }, "it is noted now and then")
	s.happens("b.v1", many[:2]...)
	s.eventually(func() bool { last, more, _ := s.Log.Last(context.Background()); return last == s.start+1202 && !more }, "all are numbered")
	d.Stop()
	s.seqs = map[uuid.UUID]int64{}
	s.deliverer(s.counting("one", "a.v1"))
	s.happens("a.v1", uuid.New())
	s.requireAllCounted("one")
}

// watched is a log that counts how often a server looks for what others have committed.
type watched struct {
	delivery.Log
	looks atomic.Int64
}

func (w *watched) Last(ctx context.Context) (int64, bool, error) {
	w.looks.Add(1)
	return w.Log.Last(ctx)
}

// hearsOfOthers has a server whose clock stands still unless the test moves it, and whose bell nobody rings: whatever it
// gets to know, it has looked for.
func hearsOfOthers(t *testing.T, s *subject) {
	var handled atomic.Int64
	now, log := clock.NewVirtual(noon), &watched{Log: s.Log}
	metrics, err := delivery.NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	d, err := delivery.NewDeliverer(delivery.Parts{
		Work: s.work, Log: log, Subscriptions: s.Subscriptions, Deliveries: s.Deliveries, Views: s.Views, Bell: delivery.NewBell(),
		Clock: now, Logger: zap.NewNop(), Metrics: metrics,
		Subscribers: []events.Subscriber{{Name: "one", Kinds: []string{"a.v1"}, Handle: func(context.Context, events.Message) error {
			handled.Add(1)
			return nil
		}}},
	})
	require.NoError(t, err)
	require.NoError(t, d.Start(t.Context()))
	t.Cleanup(d.Stop)
	// It is idle when the numberer and the subscriber's goroutine wait for the clock.
	idle := func() {
		t.Helper()
		require.NoError(t, now.AwaitScheduled(t.Context(), 2))
	}
	idle()
	before := log.looks.Load()
	s.happens("a.v1", uuid.New())
	require.Zero(t, handled.Load(), "nobody has told it")

	const step = 10 * time.Millisecond
	for begun, passed := time.Now(), time.Duration(0); handled.Load() == 0; time.Sleep(time.Millisecond) {
		require.Less(t, time.Since(begun), patience, "it is never delivered")
		if idle(); passed < time.Second {
			passed += step
			now.Advance(step)
		}
	}
	require.LessOrEqual(t, log.looks.Load()-before, int64(2))
}

// asking counts how often it is asked for subscriptions outside of units of work.
type asking struct {
	delivery.Views
	asked atomic.Int64
}

func (a *asking) Subscriptions(ctx context.Context) ([]delivery.SubscriptionState, error) {
	a.asked.Add(1)
	return a.Views.Subscriptions(ctx)
}

// asksOnce has a server whose clock stands still unless the test moves it, while another works for its subscriber.
func asksOnce(t *testing.T, s *subject) {
	var handled atomic.Int64
	now, views := clock.NewVirtual(noon), &asking{Views: s.Views}
	parts := s.parts(impatient, zap.NewNop(), events.Subscriber{
		Name: "one", Kinds: []string{"a.v1"}, Handle: func(context.Context, events.Message) error {
			handled.Add(1)
			return nil
		},
	})
	parts.Clock, parts.Views = now, views
	parts.Settings.Poll, parts.Settings.Hold = time.Hour, time.Minute
	s.run(parts)
	s.do(func(ctx context.Context) {
		one, err := s.Subscriptions.Get(ctx, delivery.SubscriptionID("one"))
		require.NoError(t, err)
		require.NoError(t, one.Hold(uuid.New(), noon, time.Minute))
	})
	require.NoError(t, now.AwaitScheduled(t.Context(), 2))
	before := views.asked.Load()
	for range 20 {
		s.happens("a.v1", uuid.New())
		s.eventually(func() bool { last, more, err := s.Log.Last(t.Context()); return err == nil && !more && last > 0 }, "it is numbered")
		require.NoError(t, now.AwaitScheduled(t.Context(), 2))
		now.Advance(time.Second)
		time.Sleep(5 * time.Millisecond) // for a server that asks to do so
	}
	require.LessOrEqual(t, views.asked.Load()-before, int64(1))
	require.Zero(t, handled.Load())
	for range 2 {
		require.NoError(t, now.AwaitScheduled(t.Context(), 2))
		now.Advance(30 * time.Second)
	}
	s.eventually(func() bool { return handled.Load() == 20 }, "it goes on when the time is over")
}
