package deliverytest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/audit"
	auditlog "github.com/gavelhq/gavel/platform/audit/memory"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
)

// retiringCases say what becomes of subscribers that the program has no more.
var retiringCases = []testCase{
	{"for a retired subscriber events are kept until it is forgotten, with all that waits for it", forgetsRetired},
	{"a subscriber that somebody works for is not forgotten", forgetsNobodyInUse},
	{"a server says at its start who is retired", saysWhoIsRetired},
}

// retirement returns one from a program with a subscriber called "present", at noon, and the record of what is done there.
func (s *subject) retirement() (*delivery.Retirement, audit.View) {
	acts := auditlog.NewLog(memory.NewDatabase())
	roll := delivery.NewRoll([]events.Subscriber{{Name: "present"}})
	return delivery.NewRetirement(s.work, s.Log, s.Subscriptions, s.Deliveries, s.Views, acts, fixed, roll), acts
}

// subscribed stores that the subscriber has got everything up to the number.
func (s *subject) subscribed(name string, number int64) {
	s.t.Helper()
	s.do(func(ctx context.Context) {
		require.NoError(s.t, s.Subscriptions.Add(ctx, delivery.NewSubscription(name, number)))
	})
}

func forgetsRetired(t *testing.T, s *subject) {
	const many = page.MaxLimit + 1
	s.happens("a.v1", uuid.New(), uuid.New(), uuid.New())
	last := s.numbered()[2].Number
	s.subscribed("gone", last-2)
	s.subscribed("present", last)
	put := func(subscriber string) {
		s.do(func(ctx context.Context) {
			d := delivery.PutAside(subscriber, events.Numbered{Number: last - 2, Message: events.Message{
				ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: []byte("{}"),
			}}, noon)
			d.Fail(errors.New("no"), delivery.Patience{Attempts: 1}, noon)
			require.NoError(t, s.Deliveries.Add(ctx, d))
		})
	}
	for range many {
		put("gone")
	}
	put("present")
	prune := delivery.ForgetDelivered(s.Log, s.Views, clock.NewFixed(noon.Add(time.Hour)), time.Minute).Run
	require.NoError(t, prune(t.Context()))
	require.Len(t, s.numbered(), 2, "those are kept that it has not got")

	retirement, acts := s.retirement()
	lost, err := retirement.Forget(t.Context(), "gone")
	require.NoError(t, err)
	require.Equal(t, delivery.Lost{Subscriber: "gone", Number: last - 2, Behind: 2, Deliveries: many}, lost)
	require.Empty(t, s.dead("gone"))
	require.Len(t, s.dead("present"), 1)
	require.Empty(t, s.subscription("gone"))
	require.NotEmpty(t, s.subscription("present"))
	require.NoError(t, prune(t.Context()))
	require.Empty(t, s.numbered())

	recorded, err := acts.Entries(t.Context(), audit.Filter{Acts: []string{"events.forget"}}, page.Request{})
	require.NoError(t, err)
	require.Len(t, recorded.Items, 2, "one for each portion")
	for _, entry := range recorded.Items {
		require.Equal(t, delivery.SubscriptionID("gone"), entry.Target)
		require.Contains(t, entry.Detail, "gone: ")
	}
	_, err = retirement.Forget(t.Context(), "gone")
	require.ErrorIs(t, err, delivery.ErrSubscriberNotFound)
}

func forgetsNobodyInUse(t *testing.T, s *subject) {
	s.subscribed("present", s.start)
	s.subscribed("older", s.start)
	hold := func(until time.Time) {
		s.do(func(ctx context.Context) {
			older, err := s.Subscriptions.Get(ctx, delivery.SubscriptionID("older"))
			require.NoError(t, err)
			older.Release(older.State().Holder)
			require.NoError(t, older.Hold(uuid.New(), noon, until.Sub(noon)))
		})
	}
	retirement, acts := s.retirement()
	for _, name := range []string{"present", "older"} {
		hold(noon.Add(time.Microsecond))
		_, err := retirement.Forget(t.Context(), name)
		require.ErrorIs(t, err, delivery.ErrSubscriberInUse, name)
		require.NotEmpty(t, s.subscription(name))
	}
	recorded, err := acts.Entries(t.Context(), audit.Filter{}, page.Request{})
	require.NoError(t, err)
	require.Empty(t, recorded.Items)
	hold(noon)
	_, err = retirement.Forget(t.Context(), "older")
	require.NoError(t, err)
	require.Empty(t, s.subscription("older"))
}

func saysWhoIsRetired(t *testing.T, s *subject) {
	s.subscribed("gone", s.start)
	_, logs := s.observed(s.counting("present", "a.v1"))
	said := logs.FilterMessageSnippet("events forget gone").All()
	require.Len(t, said, 1)
	require.Equal(t, zap.WarnLevel, said[0].Level)
	require.Equal(t, "gone", said[0].ContextMap()["subscriber"])
	require.Empty(t, logs.FilterMessageSnippet("events forget present").All())
}
