package deliverytest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
)

// logCases say how events get their numbers.
var logCases = []testCase{
	{"events get numbers without gaps, and come back as they were", numbers},
	{"numbers agree with the order of each aggregate, whatever the times say", numbersAndAggregates},
	{"an event that is committed later gets a later number", numbersAndCommits},
	{"many that number at once leave no gap", numbersAtOnce},
	{"events are read a page at a time", pages},
	{"old events are forgotten up to a number, without a look at all others", forgetting},
}

func numbers(t *testing.T, s *subject) {
	require.Empty(t, s.numbered())
	a := uuid.New()
	committed := s.happens("a.v1", a, uuid.New(), a)
	found := s.numbered()
	require.Len(t, found, 3)
	byID := map[uuid.UUID]events.Message{}
	for i, m := range found {
		require.Equal(t, s.start+int64(i)+1, m.Number)
		byID[m.ID] = m.Message
	}
	for _, m := range committed {
		require.Equal(t, m, byID[m.ID])
	}
	last, more, err := s.Log.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, s.start+3, last)
	require.False(t, more)
	last, more, err = s.Log.Number(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, s.start+3, last)
	require.False(t, more)
}

func numbersAndAggregates(t *testing.T, s *subject) {
	a, b := uuid.New(), uuid.New()
	for i := range 40 { // more than are numbered at once; the clock of one server runs behind
		s.happensAt(noon.Add(-time.Duration(i)*time.Hour), "a.v1", a, b, a)
	}
	s.requireInOrder(s.numbered(), 120)
}

// requireInOrder requires that the events of each aggregate come in their order, all of them.
func (s *subject) requireInOrder(found []events.Numbered, n int) {
	s.t.Helper()
	require.Len(s.t, found, n)
	seqs := map[uuid.UUID]int64{}
	for i, m := range found {
		require.Equal(s.t, s.start+int64(i)+1, m.Number)
		require.Equal(s.t, seqs[m.Aggregate]+1, m.Seq)
		seqs[m.Aggregate]++
	}
}

func numbersAndCommits(t *testing.T, s *subject) {
	early, late := uuid.New(), uuid.New()
	s.happensAt(noon.Add(time.Hour), "a.v1", early)
	require.Len(t, s.numbered(), 1)
	s.happensAt(noon, "a.v1", late) // was stamped before, and took long
	found := s.numbered()
	require.Len(t, found, 2)
	require.Equal(t, late, found[1].Aggregate)
}

func numbersAtOnce(t *testing.T, s *subject) {
	a := uuid.New()
	var busy sync.WaitGroup
	for range 4 {
		busy.Go(func() {
			for range 20 {
				_, _, err := s.Log.Number(context.Background(), 3)
				_ = err // a conflict: another one has numbered
			}
		})
	}
	for range 30 {
		s.happens("a.v1", a, uuid.New())
	}
	busy.Wait()
	s.requireInOrder(s.numbered(), 60)
}

func pages(t *testing.T, s *subject) {
	for range 5 {
		s.happens("a.v1", uuid.New())
	}
	all := s.numbered()
	for from := range 5 {
		found, err := s.Log.After(t.Context(), s.start+int64(from), 2)
		require.NoError(t, err)
		require.Equal(t, all[from:min(from+2, 5)], found)
	}
	found, err := s.Log.After(t.Context(), s.start+5, 2)
	require.NoError(t, err)
	require.Empty(t, found)
}

func forgetting(t *testing.T, s *subject) {
	for hour := range 5 {
		s.happensAt(noon.Add(time.Duration(hour)*time.Hour), "a.v1", uuid.New())
	}
	all := s.numbered()
	forget := func(number int64, before time.Time, limit, want int) {
		t.Helper()
		n, err := s.Log.Forget(t.Context(), number, before, limit)
		require.NoError(t, err)
		require.Equal(t, want, n)
		all = all[want:]
		require.Equal(t, all, s.numbered())
	}
	forget(s.start+5, noon, 10, 0)
	forget(s.start+1, noon.Add(9*time.Hour), 10, 1)
	forget(s.start+5, noon.Add(9*time.Hour), 1, 1)
	forget(s.start+5, noon.Add(3*time.Hour), 10, 1)
	s.happens("a.v1", uuid.New())
	found := s.numbered()
	require.Len(t, found, 3)
	require.Equal(t, s.start+6, found[2].Number, "no number is given again")
	all = found
	forget(s.start+6, noon.Add(time.Hour), 2, 0) // the last is old enough, but it is not among the first two
}
