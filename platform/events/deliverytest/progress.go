package deliverytest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// progressCases say what is kept about subscribers.
var progressCases = []testCase{
	{"a subscription comes back as it was", storesSubscriptions},
	{"two servers do not move one subscription at the same time", movesOnce},
	{"a delivery comes back as it was", storesDeliveries},
	{"of each aggregate the first delivery is due, and dead letters hold up nothing", dueInTurn},
	{"an event is known by its number and its id together", knowsEvents},
	{"nobody is found who is not there", findsNobody},
	{"deliveries are listed in pages, narrowed to the dead letters or to a subscriber", listsPages},
	{"deliveries with one number are listed once each", listsEqualNumbers},
	{"it is told how far subscribers have got", tellsProgress},
}

// do runs fn in a unit of work.
func (s *subject) do(fn func(ctx context.Context)) {
	s.t.Helper()
	require.NoError(s.t, s.work.Do(s.t.Context(), func(ctx context.Context) error {
		fn(ctx)
		return nil
	}))
}

func storesSubscriptions(t *testing.T, s *subject) {
	server := uuid.New()
	s.do(func(ctx context.Context) {
		for _, name := range []string{"b", "a"} {
			require.NoError(t, s.Subscriptions.Add(ctx, delivery.NewSubscription(name, 7)))
		}
	})
	s.do(func(ctx context.Context) {
		b, err := s.Subscriptions.Get(ctx, delivery.SubscriptionID("b"))
		require.NoError(t, err)
		require.NoError(t, b.Hold(server, noon, time.Minute))
		b.Pass(9)
	})
	found, err := s.Views.Subscriptions(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, delivery.SubscriptionState{ID: delivery.SubscriptionID("a"), Version: 1, Name: "a", Number: 7, HeldUntil: found[0].HeldUntil}, found[0])
	require.True(t, found[0].HeldUntil.IsZero())
	require.Equal(t, delivery.SubscriptionState{
		ID: delivery.SubscriptionID("b"), Version: 2, Name: "b", Number: 9, Holder: server, HeldUntil: noon.Add(time.Minute),
	}, found[1])
}

func movesOnce(t *testing.T, s *subject) {
	id := delivery.SubscriptionID("a")
	s.do(func(ctx context.Context) {
		require.NoError(t, s.Subscriptions.Add(ctx, delivery.NewSubscription("a", 0)))
	})
	runs := 0
	s.do(func(ctx context.Context) {
		a, err := s.Subscriptions.Get(ctx, id)
		require.NoError(t, err)
		if runs++; runs == 1 && !s.OneWriter {
			// Another server is faster.
			require.NoError(t, s.work.Do(context.Background(), func(ctx context.Context) error {
				other, err := s.Subscriptions.Get(ctx, id)
				other.Pass(5)
				return err
			}))
		}
		if a.Awaits(3) {
			a.Pass(3)
		}
	})
	found, err := s.Views.Subscriptions(t.Context())
	require.NoError(t, err)
	if !s.OneWriter {
		require.EqualValues(t, 5, found[0].Number)
		require.Equal(t, 2, runs)
	}
}

func storesDeliveries(t *testing.T, s *subject) {
	event := events.Numbered{Number: 8, Message: events.Message{
		ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 3, At: noon, Payload: []byte(`{"b": "ü \\ \"", "a":1.0}`),
	}}
	want := delivery.DeliveryState{
		ID: delivery.DeliveryID("a", event.ID), Version: 1, Subscriber: "a", Event: event, NextAt: noon,
	}
	s.do(func(ctx context.Context) {
		require.NoError(t, s.Deliveries.Add(ctx, delivery.PutAside("a", event, noon)))
	})
	all := func(onlyDead bool) []delivery.DeliveryState {
		t.Helper()
		found, err := s.Views.Deliveries(t.Context(), delivery.Filter{Dead: onlyDead}, page.Request{})
		require.NoError(t, err)
		require.Empty(t, found.Next)
		return found.Items
	}
	require.Equal(t, []delivery.DeliveryState{want}, all(false))
	require.Empty(t, all(true))
	s.do(func(ctx context.Context) {
		d, err := s.Deliveries.Get(ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, d.State())
		d.Fail(errors.New("“no”"), delivery.Patience{Attempts: 1}, noon)
	})
	want.Version, want.Attempts, want.Dead, want.Failure = 2, 1, true, "“no”"
	require.Equal(t, []delivery.DeliveryState{want}, all(true))
	s.do(func(ctx context.Context) { require.NoError(t, s.Deliveries.Remove(ctx, want.ID)) })
	require.Empty(t, all(false))
}

func dueInTurn(t *testing.T, s *subject) {
	a, b := uuid.New(), uuid.New()
	number := int64(0)
	put := func(subscriber string, aggregate uuid.UUID, next time.Time, dead bool) uuid.UUID {
		number++
		d := delivery.PutAside(subscriber, events.Numbered{Number: number, Message: events.Message{
			ID: uuid.New(), Kind: "a.v1", Aggregate: aggregate, Seq: number, At: noon, Payload: []byte("{}"),
		}}, next)
		if dead {
			d.Fail(errors.New("no"), delivery.Patience{Attempts: 1}, next)
		}
		s.do(func(ctx context.Context) { require.NoError(t, s.Deliveries.Add(ctx, d)) })
		return d.ID()
	}
	put("x", a, noon, true)
	firstOfA := put("x", a, noon.Add(2*time.Second), false)
	put("x", a, noon, false)
	firstOfB := put("x", b, noon.Add(time.Second), false)
	ofAnother := put("y", a, noon, false)

	due := func(subscriber string, now time.Time, limit int) []uuid.UUID {
		t.Helper()
		found, err := s.Views.Due(t.Context(), subscriber, now, limit)
		require.NoError(t, err)
		ids := make([]uuid.UUID, len(found))
		for i, d := range found {
			ids[i] = d.ID
		}
		return ids
	}
	require.Empty(t, due("x", noon.Add(time.Second-time.Microsecond), 10))
	require.Equal(t, []uuid.UUID{firstOfB}, due("x", noon.Add(time.Second), 10))
	require.Equal(t, []uuid.UUID{firstOfA, firstOfB}, due("x", noon.Add(2*time.Second), 10))
	require.Equal(t, []uuid.UUID{firstOfA}, due("x", noon.Add(2*time.Second), 1))
	require.Equal(t, []uuid.UUID{ofAnother}, due("y", noon, 10))
	next, err := s.Views.NextDue(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string]time.Time{"x": noon.Add(time.Second), "y": noon}, next)

	waits := func(subscriber string, aggregate uuid.UUID) (waits bool) {
		t.Helper()
		s.do(func(ctx context.Context) {
			var err error
			waits, err = s.Views.Waits(ctx, subscriber, aggregate)
			require.NoError(t, err)
		})
		return waits
	}
	require.True(t, waits("x", a))
	require.True(t, waits("x", b))
	require.False(t, waits("y", b))
	put("z", a, noon, true)
	require.False(t, waits("z", a), "nothing waits for a dead letter")
	_, err = s.Views.Waits(t.Context(), "x", a)
	require.ErrorIs(t, err, uow.ErrNoUnit)
}

func knowsEvents(t *testing.T, s *subject) {
	a := uuid.New()
	s.happens("a.v1", a, a)
	all := s.numbered()
	s.do(func(ctx context.Context) {
		d := delivery.PutAside("x", events.Numbered{Number: 1, Message: events.Message{ID: uuid.New(), Aggregate: a, Payload: []byte("{}")}}, noon)
		require.NoError(t, s.Deliveries.Add(ctx, d))
	})
	known := func(subscriber string, e events.Numbered, id uuid.UUID) (waits, known bool) {
		t.Helper()
		e.ID = id
		s.do(func(ctx context.Context) {
			var err error
			waits, known, err = s.Views.Known(ctx, subscriber, e)
			require.NoError(t, err)
		})
		return waits, known
	}
	for _, c := range []struct {
		subscriber   string
		event        events.Numbered
		id           uuid.UUID
		waits, known bool
	}{
		{"x", all[0], all[0].ID, true, true},
		{"y", all[1], all[1].ID, false, true},
		{"y", all[0], all[1].ID, false, false},
		{"y", events.Numbered{Number: all[1].Number + 1, Message: all[1].Message}, all[1].ID, false, false},
		{"x", all[1], uuid.New(), true, false},
	} {
		waits, known := known(c.subscriber, c.event, c.id)
		require.Equal(t, []bool{c.waits, c.known}, []bool{waits, known}, "%+v", c)
	}
	_, _, err := s.Views.Known(t.Context(), "x", all[0])
	require.ErrorIs(t, err, uow.ErrNoUnit)
}

func findsNobody(t *testing.T, s *subject) {
	s.do(func(ctx context.Context) {
		_, err := s.Subscriptions.Get(ctx, uuid.New())
		require.ErrorIs(t, err, delivery.ErrSubscriberNotFound)
		_, err = s.Deliveries.Get(ctx, uuid.New())
		require.ErrorIs(t, err, delivery.ErrDeliveryNotFound)
	})
}

func listsPages(t *testing.T, s *subject) {
	var stored []delivery.DeliveryState
	for _, subscriber := range []string{"b", "a.z", "a", "a.Z"} {
		for _, number := range []int64{7, 1 << 40, 2, 30} {
			d := delivery.PutAside(subscriber, events.Numbered{Number: number, Message: events.Message{
				ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: []byte("{}"),
			}}, noon)
			if number%2 == 0 {
				d.Fail(errors.New("no"), delivery.Patience{Attempts: 1}, noon)
			}
			s.do(func(ctx context.Context) { require.NoError(t, s.Deliveries.Add(ctx, d)) })
			kept := d.State()
			kept.Version = 1
			stored = append(stored, kept)
		}
	}
	slices.SortFunc(stored, func(a, b delivery.DeliveryState) int {
		return cmp.Or(cmp.Compare(a.Subscriber, b.Subscriber), cmp.Compare(a.Event.Number, b.Event.Number))
	})
	for _, filter := range []delivery.Filter{
		{}, {Dead: true}, {Subscriber: "a"}, {Subscriber: "a.z", Dead: true}, {Subscriber: "nobody"}, {Subscriber: "A"},
	} {
		want := []delivery.DeliveryState{}
		for _, d := range stored {
			if (d.Dead || !filter.Dead) && (filter.Subscriber == "" || filter.Subscriber == d.Subscriber) {
				want = append(want, d)
			}
		}
		for _, limit := range []int{1, 3, 4, 16, 100} {
			got, request := []delivery.DeliveryState{}, page.Request{Limit: limit}
			for more := true; more; more = request.Cursor != "" {
				found, err := s.Views.Deliveries(t.Context(), filter, request)
				require.NoError(t, err)
				require.LessOrEqual(t, len(found.Items), limit)
				got, request.Cursor = append(got, found.Items...), found.Next
			}
			require.Equal(t, want, got, "%+v by %d", filter, limit)
		}
		listed, err := Listed(t.Context(), s.Views, filter)
		require.NoError(t, err)
		require.Equal(t, want, listed)
	}
	for name, cursor := range map[string]page.Cursor{
		"of another list":        page.Encode("audit", delivery.Key{Subscriber: "a", Number: 7}),
		"with a NUL in its name": page.Encode("deliveries", delivery.Key{Subscriber: "a\x00", Number: 7}),
		"of nothing":             "?",
	} {
		_, err := s.Views.Deliveries(t.Context(), delivery.Filter{}, page.Request{Cursor: cursor})
		require.ErrorIs(t, err, page.ErrInvalidCursor, "a cursor %s", name)
	}
}

// listsEqualNumbers has more deliveries with one number than a page can hold. A log gives no number twice, but a database
// that was put back may give those again that dead letters from before have.
func listsEqualNumbers(t *testing.T, s *subject) {
	const many = 2*page.MaxLimit + 3
	want := map[uuid.UUID]bool{}
	s.do(func(ctx context.Context) {
		for range many {
			d := delivery.PutAside("a", events.Numbered{Number: 7, Message: events.Message{
				ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: []byte("{}"),
			}}, noon)
			require.NoError(t, s.Deliveries.Add(ctx, d))
			want[d.ID()] = true
		}
	})
	for _, limit := range []int{7, page.MaxLimit} {
		got := map[uuid.UUID]bool{}
		for request := (page.Request{Limit: limit}); ; {
			found, err := s.Views.Deliveries(t.Context(), delivery.Filter{}, request)
			require.NoError(t, err)
			for _, d := range found.Items {
				require.False(t, got[d.ID], "a delivery is on two pages")
				got[d.ID] = true
			}
			if request.Cursor = found.Next; request.Cursor == "" {
				break
			}
		}
		require.Equal(t, want, got, "by %d", limit)
	}
}

func tellsProgress(t *testing.T, s *subject) {
	s.happens("a.v1", uuid.New(), uuid.New(), uuid.New())
	last := s.numbered()[2].Number
	s.do(func(ctx context.Context) {
		require.NoError(t, s.Subscriptions.Add(ctx, delivery.NewSubscription("b", last-2)))
		require.NoError(t, s.Subscriptions.Add(ctx, delivery.NewSubscription("a", last)))
	})
	progress, err := delivery.ProgressOf(t.Context(), s.Log, s.Views)
	require.NoError(t, err)
	require.Equal(t, []delivery.Progress{
		{Subscriber: "a", Number: last}, {Subscriber: "b", Number: last - 2, Behind: 2},
	}, progress)
}
