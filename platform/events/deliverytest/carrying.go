package deliverytest

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
)

// carryingCases say what becomes of events that are carried from server to server, well or badly.
var carryingCases = []testCase{
	{"what is carried is delivered without a look into the log", deliversCarried},
	{"what is carried is heard by witnesses, on a server that handles nothing of it, too", tellsWitnesses},
	{"what is carried twice, in disorder or with gaps changes nothing", deliversInOrder},
	{"what is lost on the way is handled all the same", deliversLost},
	{"what is carried and is not in the log is handled by nobody", refusesForeign},
	{"what passes by and is not in the log hides nothing", passesForeign},
}

// hand is a delivery.Carrier that brings what a case hands to it.
type hand struct {
	arrived func(events.Numbered)
	doubted func()
	ready   chan struct{}
	last    atomic.Int64
}

func newHand() *hand { return &hand{ready: make(chan struct{})} }

func (h *hand) Numbered(last int64) { h.last.Store(last) }

func (h *hand) Carry(ctx context.Context, arrived func(events.Numbered), doubted func()) {
	h.arrived, h.doubted = arrived, doubted
	close(h.ready)
	<-ctx.Done()
}

// carried starts a server that never looks for events by itself, and returns the hand that brings them.
func (s *subject) carried(poll time.Duration, subscribers ...events.Subscriber) *hand {
	s.t.Helper()
	h := newHand()
	parts := s.parts(impatient, zap.NewNop(), subscribers...)
	parts.Carrier, parts.Settings.Poll, parts.Bell = h, poll, delivery.NewBell()
	s.run(parts)
	<-h.ready
	return h
}

func deliversCarried(_ *testing.T, s *subject) {
	h := s.carried(time.Hour, s.counting("one", "a.v1"))
	s.happens("b.v1", uuid.New())
	s.seqs = map[uuid.UUID]int64{} // which nobody wants
	s.trade(5, "a.v1")
	for _, e := range s.numbered() {
		h.arrived(e)
	}
	s.requireAllCounted("one")
}

func tellsWitnesses(t *testing.T, s *subject) {
	var heard []events.Message
	h := newHand()
	parts := s.parts(impatient, zap.NewNop(), s.counting("one", "c.v1"))
	parts.Carrier, parts.Settings.Poll, parts.Bell = h, time.Hour, delivery.NewBell()
	parts.Witnesses = []events.Witness{{Name: "all", Heard: func(m events.Message) { heard = append(heard, m) }}}
	s.run(parts)
	<-h.ready
	s.trade(3, "a.v1")
	all := s.numbered()
	for _, e := range all {
		h.arrived(e)
	}
	require.Len(t, heard, len(all))
	for i, e := range all {
		require.Equal(t, e.Message, heard[i])
	}
}

func deliversInOrder(_ *testing.T, s *subject) {
	h := s.carried(5*time.Millisecond, s.counting("one", "a.v1"), s.counting("two", "b.v1", "a.v1"))
	for range 20 {
		s.trade(2, "a.v1")
		all := s.numbered()
		all = all[max(len(all)-20, 0):]
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, e := range slices.Concat(all[len(all)/3:], all) {
			h.arrived(e)
		}
	}
	s.requireAllCounted("one", "two")
}

func deliversLost(t *testing.T, s *subject) {
	h := s.carried(time.Hour, s.counting("one", "a.v1"))
	for range 3 {
		before := len(s.numbered())
		s.trade(4, "a.v1")
		all := s.numbered()
		require.Greater(t, len(all), before+2)
		for i, e := range all[before:] {
			if before == 0 || i > 1 { // the first events are carried, and later on all but two
				h.arrived(e)
			}
		}
	}
	s.requireAllCounted("one")
}

func refusesForeign(t *testing.T, s *subject) {
	var handled atomic.Int64
	h := s.carried(5*time.Millisecond, s.counting("one", "a.v1"), events.Subscriber{
		Name: "two", Kinds: []string{"a.v1"}, Handle: func(_ context.Context, m events.Message) error {
			if string(m.Payload) == `"foreign"` {
				handled.Add(1)
			}
			return nil
		},
	})
	for i := range 20 {
		for ahead := range int64(3) {
			h.arrived(events.Numbered{Number: s.start + int64(i) + 1 + ahead, Message: events.Message{
				ID: uuid.New(), Kind: "a.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: []byte(`"foreign"`),
			}})
		}
		time.Sleep(time.Millisecond)
		s.happens("a.v1", uuid.New())
	}
	s.requireAllCounted("one")
	require.Zero(t, handled.Load())
}

func passesForeign(_ *testing.T, s *subject) {
	h := s.carried(5*time.Millisecond, s.counting("one", "a.v1"))
	for i := range 5 {
		h.arrived(events.Numbered{Number: s.start + int64(i) + 1, Message: events.Message{
			ID: uuid.New(), Kind: "b.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: []byte(`"foreign"`),
		}})
	}
	time.Sleep(10 * time.Millisecond)
	s.trade(1, "a.v1")
	h.doubted() // as a carrier says that compares
	s.requireAllCounted("one")
}
