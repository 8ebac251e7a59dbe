package idempotencytest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/idempotency"
)

// forgettingCases say what is forgotten, and when.
var forgettingCases = []testCase{
	{"what was answered before the instant is forgotten, and nothing else", forgottenByAge},
	{"no more than the limit is forgotten, the oldest first", forgottenByLimit},
	{"two that forget at once forget everything once", forgottenAtOnce},
	{"a key is kept for as long as asked for, seven days at least", keptForDays},
	{"any number is forgotten, a batch at a time", forgottenInBatches},
	{"forgetting ends with its context", forgettingCancelled},
}

// aged returns so many answers, each a microsecond older than the one before it, the first a microsecond before noon.
func aged(n int) []idempotency.Remembered {
	answers := make([]idempotency.Remembered, n)
	for i := range answers {
		answers[i] = newAnswer()
		answers[i].At = noon.Add(-time.Duration(i+1) * time.Microsecond)
	}
	return answers
}

func forgottenByAge(t *testing.T, s *subject) {
	at := newAnswer()
	before := aged(1)[0]
	s.remember(t, at, before)
	for _, c := range []struct {
		instant time.Time
		want    int
	}{
		{noon.Add(-time.Microsecond), 0},
		{noon.Add(-time.Nanosecond), 1},
		{noon, 0},
		{noon.Add(time.Nanosecond), 1},
	} {
		n, err := s.Answers.Forget(t.Context(), c.instant, 10)
		require.NoError(t, err)
		require.Equal(t, c.want, n, "before %s", c.instant)
	}
}

func forgottenByLimit(t *testing.T, s *subject) {
	answers := aged(5)
	s.remember(t, answers...)
	for _, want := range []int{2, 2, 1, 0} {
		n, err := s.Answers.Forget(t.Context(), noon, 2)
		require.NoError(t, err)
		require.Equal(t, want, n)
		if want == 2 {
			answers = answers[:len(answers)-2]
			for _, a := range answers {
				_, ok := s.find(t, a.ID)
				require.True(t, ok, "the oldest go first")
			}
		}
	}
	_, ok := s.find(t, answers[0].ID)
	require.False(t, ok)
}

func forgottenAtOnce(t *testing.T, s *subject) {
	const all = 50
	s.remember(t, aged(all)...)
	type outcome struct {
		n   int
		err error
	}
	outcomes := make(chan outcome)
	for range 2 {
		go func() {
			n, err := s.Answers.Forget(t.Context(), noon, all)
			outcomes <- outcome{n, err}
		}()
	}
	one, other := <-outcomes, <-outcomes
	require.NoError(t, one.err)
	require.NoError(t, other.err)
	require.Equal(t, all, one.n+other.n)
}

func keptForDays(t *testing.T, s *subject) {
	for age, kept := range map[time.Duration]time.Duration{
		0:                                   idempotency.Kept, // what clients were promised
		idempotency.Kept - time.Microsecond: idempotency.Kept,
		idempotency.Kept:                    idempotency.Kept,
		2 * idempotency.Kept:                2 * idempotency.Kept,
	} {
		r := newRequest()
		first, err := s.ask(t, r)
		require.NoError(t, err)
		s.clock.Advance(kept)
		require.NoError(t, s.keys.Forget(t.Context(), age))
		again, err := s.ask(t, r)
		require.NoError(t, err)
		require.Equal(t, first, again, "exactly %s later it is still known", kept)

		s.clock.Advance(time.Microsecond)
		require.NoError(t, s.keys.Forget(t.Context(), age))
		anew, err := s.ask(t, r)
		require.NoError(t, err)
		require.NotEqual(t, first, anew, "a microsecond later it is not")
	}
}

func forgottenInBatches(t *testing.T, s *subject) {
	s.remember(t, aged(2001)...)
	s.clock.Advance(idempotency.Kept)
	require.NoError(t, s.keys.Forget(t.Context(), idempotency.Kept))
	require.Zero(t, s.rows(t))
}

func forgettingCancelled(t *testing.T, s *subject) {
	s.remember(t, aged(1)...)
	s.clock.Advance(idempotency.Kept)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.keys.Forget(ctx, idempotency.Kept), context.Canceled)
	require.Equal(t, 1, s.rows(t))
}
