package idempotencytest

import (
	"context"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// storingCases say what becomes of answers.
var storingCases = []testCase{
	{"an answer is found as it was given, byte by byte", roundTrip},
	{"an answer belongs to the store, not to those who gave or found it", answersAreCopies},
	{"nothing stays of a unit that failed", rolledBack},
	{"answers are for units of work", unitsOnly},
	{"a second answer under one id is refused", answeredOnce},
}

// newAnswer returns an answer that was given at noon.
func newAnswer() idempotency.Remembered {
	id := newID()
	return idempotency.Remembered{ID: id, Body: sha256.Sum256(id[:]), Answer: []byte(`{"a":1}`), At: noon}
}

func roundTrip(t *testing.T, s *subject) {
	one, other := newAnswer(), newAnswer()
	one.Answer = []byte(`{"b": "\"ü\" \\ \u0000 🏺",  "a":1.0}`)
	one.At = time.Date(2026, 10, 25, 2, 30, 0, 123_456_999, time.FixedZone("", 2*60*60))
	s.remember(t, one, other)
	found, ok := s.find(t, one.ID)
	require.True(t, ok)
	one.At = time.Date(2026, 10, 25, 0, 30, 0, 123_456_000, time.UTC)
	require.Equal(t, one, found)
	found, ok = s.find(t, other.ID)
	require.True(t, ok)
	require.Equal(t, other, found)

	found, ok = s.find(t, newID())
	require.False(t, ok)
	require.Zero(t, found)
}

func answersAreCopies(t *testing.T, s *subject) {
	answer := newAnswer()
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		err := s.Answers.Remember(ctx, answer)
		answer.Answer[0] = '['
		return err
	}))
	found, _ := s.find(t, answer.ID)
	require.Equal(t, byte('{'), found.Answer[0])
	found.Answer[0] = '['
	found, _ = s.find(t, answer.ID)
	require.Equal(t, byte('{'), found.Answer[0])
}

func rolledBack(t *testing.T, s *subject) {
	refused, panicked, cancelled := newAnswer(), newAnswer(), newAnswer()
	require.ErrorIs(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		return errors.Join(s.Answers.Remember(ctx, refused), errRefused)
	}), errRefused)
	require.Panics(t, func() {
		_ = s.Work.Do(t.Context(), func(ctx context.Context) error {
			_ = s.Answers.Remember(ctx, panicked)
			panic("at the wrong moment")
		})
	})
	ctx, cancel := context.WithCancel(t.Context())
	require.ErrorIs(t, s.Work.Do(ctx, func(ctx context.Context) error {
		cancel()
		return s.Answers.Remember(ctx, cancelled)
	}), context.Canceled)
	for _, answer := range []idempotency.Remembered{refused, panicked, cancelled} {
		_, ok := s.find(t, answer.ID)
		require.False(t, ok)
	}
}

func unitsOnly(t *testing.T, s *subject) {
	_, _, err := s.Answers.Find(t.Context(), newID())
	require.ErrorIs(t, err, uow.ErrNoUnit)
	require.ErrorIs(t, s.Answers.Remember(t.Context(), newAnswer()), uow.ErrNoUnit)
	var kept context.Context
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		kept = ctx
		return nil
	}))
	_, _, err = s.Answers.Find(kept, newID())
	require.ErrorIs(t, err, uow.ErrEnded)
	require.ErrorIs(t, s.Answers.Remember(kept, newAnswer()), uow.ErrEnded)
	require.Zero(t, s.rows(t))
}

func answeredOnce(t *testing.T, s *subject) {
	first, second := newAnswer(), newAnswer()
	second.ID = first.ID
	require.ErrorIs(t, s.Work.Do(t.Context(), s.remembering(first, second)), uow.ErrAlreadyAdded)
	s.remember(t, first)
	require.ErrorIs(t, s.Work.Do(t.Context(), s.remembering(second)), uow.ErrAlreadyAdded, "it ran again and knew")
	found, _ := s.find(t, first.ID)
	require.Equal(t, first, found)
}
