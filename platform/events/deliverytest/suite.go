// Package deliverytest is what every store promises to those who deliver events, and what they make of it, as a suite.
package deliverytest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/platform/audit"
	auditlog "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/idempotency"
	answers "github.com/gavelhq/gavel/platform/idempotency/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// Store is what the suite is about. It is empty, but for the greatest number, which may be any.
type Store struct {
	Outbox        events.Outbox
	Log           delivery.Log
	Subscriptions delivery.Subscriptions
	Deliveries    delivery.Deliveries
	Views         delivery.Views
	// Carrier returns the carrier of another server; nil where servers poll.
	Carrier func(t *testing.T) delivery.Carrier
	// OneWriter says that units of work cannot overlap here.
	OneWriter bool
}

// testCase is one promise.
type testCase struct {
	name string
	run  func(t *testing.T, s *subject)
}

// Run runs the suite. It calls open for each of its cases, at the same time.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	for _, c := range slices.Concat(logCases, progressCases, deliveringCases, failingCases, committingCases, carryingCases, retiringCases) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, newSubject(t, open(t)))
		})
	}
}

// subject is a store and what happens on it.
type subject struct {
	Store
	t     *testing.T
	bell  *delivery.Bell
	work  *uow.Work
	start int64 // the greatest number before anything happened

	mu   sync.Mutex
	seqs map[uuid.UUID]int64 // of the aggregates
}

// noon is when everything happens that says no other time.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func newSubject(t *testing.T, store Store) *subject {
	t.Helper()
	s := &subject{Store: store, t: t, bell: delivery.NewBell(), seqs: map[uuid.UUID]int64{}}
	s.work = uow.New(store.Outbox, uow.Settings{Published: s.bell.Ring})
	var err error
	s.start, _, err = s.Log.Last(t.Context())
	require.NoError(t, err)
	return s
}

// happens commits an event of each of the aggregates, in this order, in one unit of work.
func (s *subject) happens(kind string, aggregates ...uuid.UUID) []events.Message {
	s.t.Helper()
	return s.happensAt(noon, kind, aggregates...)
}

func (s *subject) happensAt(at time.Time, kind string, aggregates ...uuid.UUID) []events.Message {
	s.t.Helper()
	messages := make([]events.Message, len(aggregates))
	s.mu.Lock()
	for i, aggregate := range aggregates {
		s.seqs[aggregate]++
		messages[i] = events.Message{
			ID: uuid.New(), Kind: kind, Aggregate: aggregate, Seq: s.seqs[aggregate], At: at, Payload: []byte(`{"b": "ü \\ \"", "a":1.0}`),
		}
	}
	s.mu.Unlock()
	s.commits(messages)
	return messages
}

func (s *subject) commits(messages []events.Message) {
	s.t.Helper()
	require.NoError(s.t, s.work.Do(s.t.Context(), func(ctx context.Context) error { return s.Outbox.Append(ctx, messages) }))
	s.bell.Ring() // the messages were not recorded by an aggregate
}

// numbered numbers all events and returns those that the case has made.
func (s *subject) numbered() []events.Numbered {
	s.t.Helper()
	for more := true; more; {
		var err error
		_, more, err = s.Log.Number(s.t.Context(), 10)
		if !errors.Is(err, uow.ErrConflict) {
			require.NoError(s.t, err)
		}
	}
	for {
		found, err := s.Log.After(s.t.Context(), s.start, 10_000)
		if !errors.Is(err, uow.ErrConflict) {
			require.NoError(s.t, err)
			return found
		}
	}
}

// deliverer starts a server that delivers to the subscribers, and stops it when the case ends.
func (s *subject) deliverer(subscribers ...events.Subscriber) *delivery.Deliverer {
	s.t.Helper()
	d, _ := s.observed(subscribers...)
	return d
}

// impatient gives up after the third attempt, soon.
var impatient = delivery.Patience{Attempts: 3, First: 2 * time.Millisecond, Longest: 4 * time.Millisecond}

func (s *subject) observed(subscribers ...events.Subscriber) (*delivery.Deliverer, *observer.ObservedLogs) {
	s.t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	d := s.patient(impatient, zap.New(core), subscribers...)
	return d, logs
}

// patient starts a server with that patience, and stops it when the case ends.
func (s *subject) patient(patience delivery.Patience, log *zap.Logger, subscribers ...events.Subscriber) *delivery.Deliverer {
	s.t.Helper()
	parts := s.parts(patience, log, subscribers...)
	if s.Carrier != nil {
		parts.Carrier = s.Carrier(s.t)
	}
	return s.run(parts)
}

// parts are those of a server.
func (s *subject) parts(patience delivery.Patience, log *zap.Logger, subscribers ...events.Subscriber) delivery.Parts {
	s.t.Helper()
	metrics, err := delivery.NewMetrics(prometheus.NewRegistry())
	require.NoError(s.t, err)
	return delivery.Parts{
		Work: s.work, Log: s.Log, Subscriptions: s.Subscriptions, Deliveries: s.Deliveries, Views: s.Views,
		Subscribers: subscribers, Bell: s.bell, Clock: clock.NewReal(), Logger: log, Metrics: metrics,
		Settings: delivery.Settings{Patience: patience, Poll: 10 * time.Millisecond},
	}
}

// run starts a server, and stops it when the case ends.
func (s *subject) run(parts delivery.Parts) *delivery.Deliverer {
	s.t.Helper()
	d, err := delivery.NewDeliverer(parts)
	require.NoError(s.t, err)
	require.NoError(s.t, d.Start(s.t.Context()))
	s.t.Cleanup(d.Stop)
	return d
}

// counting returns a subscriber that counts in the store the events of each aggregate.
func (s *subject) counting(name string, kinds ...string) events.Subscriber {
	return Counting(s.Deliveries, name, kinds...)
}

// counted returns how many events of each aggregate the subscriber has handled.
func (s *subject) counted(name string) map[uuid.UUID]int64 { return Counted(s.allDead(), name) }

// requireAllCounted waits until the subscribers have handled every event, once and in order.
func (s *subject) requireAllCounted(names ...string) {
	s.t.Helper()
	for _, name := range names {
		require.EventuallyWithT(s.t, func(c *assert.CollectT) { require.Equal(c, s.seqs, s.counted(name), name) }, patience, 5*time.Millisecond)
	}
}

// patience is how long a case waits for what must happen.
const patience = 30 * time.Second

// eventually waits for something that must happen.
func (s *subject) eventually(happens func() bool, what string) {
	s.t.Helper()
	require.Eventually(s.t, happens, patience, 2*time.Millisecond, what)
}

// dead returns the dead letters of the subscriber.
func (s *subject) dead(name string) []delivery.DeliveryState {
	s.t.Helper()
	return slices.DeleteFunc(s.allDead(), func(d delivery.DeliveryState) bool { return d.Subscriber != name })
}

// allDead returns the dead letters of everybody. Where nothing but serializable transactions is known, a reader may have to
// try again.
func (s *subject) allDead() []delivery.DeliveryState {
	for {
		all, err := Listed(context.Background(), s.Views, delivery.Filter{Dead: true})
		if !errors.Is(err, uow.ErrConflict) {
			require.NoError(s.t, err)
			return all
		}
	}
}

// Listed returns all deliveries that the filter keeps. Errors: what the store reports.
func Listed(ctx context.Context, views delivery.Views, filter delivery.Filter) ([]delivery.DeliveryState, error) {
	listed := []delivery.DeliveryState{}
	for d, err := range delivery.All(ctx, views, filter) {
		if err != nil {
			return nil, err
		}
		listed = append(listed, d)
	}
	return listed, nil
}

// office returns an office over the store, and the record of what is done there.
func (s *subject) office() (*delivery.Office, audit.View) {
	db := memory.NewDatabase()
	acts := auditlog.NewLog(db)
	keys := idempotency.NewKeys(answers.NewAnswers(db), fixed)
	return delivery.NewOffice(s.work, s.Subscriptions, s.Deliveries, s.Views, acts, keys, fixed), acts
}
