package deliverytest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// fixed is the clock of those who look after dead letters.
var fixed = clock.NewFixed(noon)

// failingCases say what becomes of events that a subscriber fails to handle.
var failingCases = []testCase{
	{"what fails is tried again, and has had no effect until it succeeds", triesAgain},
	{"what a subscriber prepares is read outside the unit of work that handles it, also when it is tried again", preparesOutside},
	{"a subscriber that always fails holds up nobody, and its events end as dead letters", holdsUpNobody},
	{"a dead letter that is tried again is delivered", deliversDeadLetters},
	{"later events of an aggregate wait for the one that fails", waitsInTurn},
	{"a subscriber that panics has failed", survivesPanics},
	{"who had what tried again is recorded, once", recordsRetries},
	{"every text of a failure can be stored", storesEveryFailure},
}

var errMoody = errors.New("not today")

func triesAgain(t *testing.T, s *subject) {
	var attempts sync.Map
	subscriber := s.counting("one", "a.v1")
	count := subscriber.Handle
	subscriber.Handle = func(ctx context.Context, m events.Message) error {
		if err := count(ctx, m); err != nil {
			return err
		}
		n, _ := attempts.LoadOrStore(m.ID, new(atomic.Int64))
		if m.Seq%3 == 1 && n.(*atomic.Int64).Add(1) < 3 {
			return errMoody // after the effect, which is to be undone
		}
		return nil
	}
	s.deliverer(subscriber, s.counting("two", "a.v1"))
	s.trade(6, "a.v1")
	s.requireAllCounted("one", "two")
	require.Empty(t, s.dead("one"))
}

func preparesOutside(t *testing.T, s *subject) {
	var attempts sync.Map
	subscriber := s.counting("one", "a.v1")
	count := subscriber.Handle
	subscriber.Handle = nil
	subscriber.Prepare = func(ctx context.Context, m events.Message) (func(context.Context) error, error) {
		nothing := uow.Command{Run: func(context.Context) error { return nil }}
		if err := s.work.DoAll(ctx, []uow.Command{nothing})[0]; errors.Is(err, uow.ErrNested) {
			t.Error("it is called inside a unit")
		}
		n, _ := attempts.LoadOrStore(m.ID, new(atomic.Int64))
		switch attempt := n.(*atomic.Int64).Add(1); {
		case m.Seq%3 == 1 && attempt == 1:
			return nil, errMoody
		case m.Seq%3 == 1 && attempt == 2:
			panic("not today either")
		}
		return func(ctx context.Context) error { return count(ctx, m) }, nil
	}
	s.deliverer(subscriber, s.counting("two", "a.v1"))
	s.trade(6, "a.v1")
	s.requireAllCounted("one", "two")
	require.Empty(t, s.dead("one"))
}

// grumpy returns a subscriber that fails while moody is true, and counts otherwise.
func (s *subject) grumpy(name string, moody *atomic.Bool) events.Subscriber {
	subscriber := s.counting(name, "a.v1")
	count := subscriber.Handle
	subscriber.Handle = func(ctx context.Context, m events.Message) error {
		if moody.Load() {
			return errMoody
		}
		return count(ctx, m)
	}
	return subscriber
}

func holdsUpNobody(t *testing.T, s *subject) {
	var moody atomic.Bool
	moody.Store(true)
	_, logs := s.observed(s.grumpy("grumpy", &moody), s.counting("one", "a.v1"))
	s.trade(3, "a.v1")
	s.requireAllCounted("one")
	s.eventually(func() bool { return len(s.dead("grumpy")) == 18 }, "every event is a dead letter in the end")
	for _, d := range s.dead("grumpy") {
		require.Equal(t, "not today", d.Failure)
		require.Equal(t, impatient.Attempts, d.Attempts)
	}
	s.eventually(func() bool { return logs.FilterMessageSnippet("waits as a dead letter").Len() == 18 }, "each is logged")
}

func deliversDeadLetters(t *testing.T, s *subject) {
	var moody atomic.Bool
	moody.Store(true)
	s.deliverer(s.grumpy("grumpy", &moody))
	a := uuid.New()
	s.happens("a.v1", a)
	s.happens("a.v1", a)
	s.eventually(func() bool { return len(s.dead("grumpy")) == 2 }, "both are dead letters")
	office, _ := s.office()
	moody.Store(false)
	n, err := office.RetryAll(t.Context(), "grumpy")
	require.NoError(t, err)
	require.Equal(t, 2, n)
	s.requireAllCounted("grumpy")
	require.Empty(t, s.dead("grumpy"))
	counters := len(s.counted("grumpy"))
	n, err = office.RetryAll(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, counters, n, "the counters are dead letters, too")
}

func recordsRetries(t *testing.T, s *subject) {
	office, acts := s.office()
	admin := uuid.New()
	put := func(number int64, attempts int) uuid.UUID {
		d := delivery.PutAside("one", events.Numbered{Number: number, Message: events.Message{
			ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: []byte("{}"),
		}}, noon)
		d.Fail(errMoody, delivery.Patience{Attempts: attempts}, noon)
		s.do(func(ctx context.Context) { require.NoError(t, s.Deliveries.Add(ctx, d)) })
		return d.ID()
	}
	dead, waiting := put(1, 1), put(2, 2)
	require.ErrorIs(t, office.Retry(t.Context(), delivery.RetryCommand{Delivery: uuid.New()}), delivery.ErrDeliveryNotFound)
	require.ErrorIs(t, office.Retry(t.Context(), delivery.RetryCommand{Delivery: waiting}), delivery.ErrDeliveryNotDead)
	again := delivery.RetryCommand{By: admin, Delivery: dead, Key: "k"}
	for range 2 {
		require.NoError(t, office.Retry(t.Context(), again), "under its key it may be repeated")
	}
	again.Delivery = waiting
	require.ErrorIs(t, office.Retry(t.Context(), again), idempotency.ErrConflict)
	again.Key, again.Delivery = "", dead
	require.ErrorIs(t, office.Retry(t.Context(), again), delivery.ErrDeliveryNotDead)

	recorded, err := acts.Entries(t.Context(), audit.Filter{}, page.Request{})
	require.NoError(t, err)
	require.Len(t, recorded.Items, 1, "what was refused is not recorded, nor what was repeated")
	entry := recorded.Items[0]
	require.Equal(t, audit.Entry{
		ID: entry.ID, At: entry.At, Actor: admin, Act: "events.retry", Target: dead, Detail: "one a.v1",
	}, entry)
}

func storesEveryFailure(t *testing.T, s *subject) {
	failures := map[string]string{ // of which is kept
		strings.Repeat("x", 1000):       strings.Repeat("x", 1000),
		strings.Repeat("x", 1001):       strings.Repeat("x", 1000),
		strings.Repeat("x", 999) + "üü": strings.Repeat("x", 999),
		"a\x00b\xff\n\tc":               "ab\uFFFD\n\tc",
	}
	number := int64(0)
	for failure, kept := range failures {
		number++
		d := delivery.PutAside("one", events.Numbered{Number: number, Message: events.Message{
			ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: []byte("{}"),
		}}, noon)
		d.Fail(errors.New(failure), impatient, noon)
		s.do(func(ctx context.Context) { require.NoError(t, s.Deliveries.Add(ctx, d)) })
		s.do(func(ctx context.Context) {
			stored, err := s.Deliveries.Get(ctx, d.ID())
			require.NoError(t, err)
			require.Equal(t, kept, stored.State().Failure)
		})
	}
}

func waitsInTurn(t *testing.T, s *subject) {
	var moody atomic.Bool
	moody.Store(true)
	a, b := uuid.New(), uuid.New()
	subscriber := s.counting("one", "a.v1")
	count := subscriber.Handle
	var early atomic.Int64
	subscriber.Handle = func(ctx context.Context, m events.Message) error {
		if m.Aggregate == a && m.Seq == 1 && moody.Load() {
			return errMoody
		}
		if m.Aggregate == a && moody.Load() {
			early.Add(1)
		}
		return count(ctx, m)
	}
	s.patient(delivery.Patience{Attempts: 1_000_000, First: time.Millisecond, Longest: time.Millisecond}, zap.NewNop(), subscriber)
	s.happens("a.v1", a)
	s.happens("a.v1", a, b)
	s.happens("a.v1", a, b)
	s.eventually(func() bool { return s.counted("one")[b] == 2 }, "those of others pass by")
	require.NotContains(t, s.counted("one"), a)
	require.Zero(t, early.Load())
	moody.Store(false)
	s.requireAllCounted("one")
}

func survivesPanics(t *testing.T, s *subject) {
	s.deliverer(events.Subscriber{Name: "wild", Kinds: []string{"a.v1"}, Handle: func(context.Context, events.Message) error {
		panic("oh")
	}}, s.counting("one", "a.v1"))
	s.happens("a.v1", uuid.New())
	s.requireAllCounted("one")
	s.eventually(func() bool { return len(s.dead("wild")) == 1 }, "it waits as a dead letter")
	require.Contains(t, s.dead("wild")[0].Failure, "panic: oh")
}
