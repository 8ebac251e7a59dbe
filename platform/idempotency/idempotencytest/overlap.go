package idempotencytest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// overlapCases say what happens when one request comes twice at once, as a client's that has lost patience.
var overlapCases = []testCase{
	{"of two equal requests one is done, and both get its answer", twoEqual},
	{"of two different requests under one key one is done, and the other refused", twoDifferent},
	{"of twenty equal requests one is done", twentyEqual},
	{"a request that is refused because of its own twin gets the twin's answer", refusedByTwin},
}

// overlap forces a request into the middle of another, which had found no answer, and returns what each got.
func (s *subject) overlap(t *testing.T, first, second idempotency.Request) (one, other created, err, otherErr error) {
	t.Helper()
	runs, err := uowtest.Overlap(t, s.Work, s.Waiting, func(ctx context.Context, meet func()) (err error) {
		one, err = idempotency.Do(ctx, s.keys, first, func(ctx context.Context) (created, error) {
			meet()
			return s.create(ctx)
		})
		return err
	}, func() error {
		other, otherErr = s.ask(t, second)
		return nil
	})
	s.Waiting.RequireRuns(t, runs, false)
	return one, other, err, otherErr
}

func twoEqual(t *testing.T, s *subject) {
	r := newRequest()
	one, other, err, otherErr := s.overlap(t, r, r)
	require.NoError(t, err)
	require.NoError(t, otherErr)
	require.NotZero(t, one.ID)
	require.Equal(t, one, other)
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

func twoDifferent(t *testing.T, s *subject) {
	r := newRequest()
	different := r
	different.Body = "another"
	_, _, err, otherErr := s.overlap(t, r, different)
	if s.Waiting.BothProceed(false) {
		err, otherErr = otherErr, err // the one inside went first
	}
	require.NoError(t, err)
	require.ErrorIs(t, otherErr, idempotency.ErrConflict)
	require.NotErrorIs(t, otherErr, uow.ErrConflict, "it was not tried until the deadline")
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

func twentyEqual(t *testing.T, s *subject) {
	const requests = 20
	r := newRequest()
	type outcome struct {
		answer created
		err    error
	}
	start, outcomes := make(chan struct{}), make(chan outcome, requests)
	for range requests {
		go func() {
			<-start
			answer, err := s.ask(t, r)
			outcomes <- outcome{answer, err}
		}()
	}
	close(start)
	seen, failed := map[created]bool{}, error(nil)
	for range requests {
		o := <-outcomes
		seen[o.answer], failed = true, errors.Join(failed, o.err)
	}
	require.NoError(t, failed)
	require.Len(t, seen, 1)
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

// errTaken refuses who wants what another has.
var errTaken = fault.New(fault.Conflict, "taken", "Somebody has that.")

func refusedByTwin(t *testing.T, s *subject) {
	r := newRequest()
	var taken atomic.Bool
	var twin created
	begun, done := make(chan struct{}), make(chan error, 1)
	meet := sync.OnceFunc(func() {
		go func() {
			close(begun)
			answer, err := s.ask(t, r)
			twin = answer
			taken.Store(err == nil)
			done <- err
		}()
		<-begun
		if s.Waiting.BothProceed(false) {
			done <- <-done
		}
	})
	answer, repeated, err := idempotency.InUnit(t.Context(), s.Work, s.keys, r, func(ctx context.Context) (created, error) {
		meet()
		if taken.Load() {
			return created{}, errTaken
		}
		return s.create(ctx)
	})
	require.NoError(t, err)
	require.NoError(t, <-done)
	require.Equal(t, twin, answer)
	require.Equal(t, s.Waiting.BothProceed(false), repeated, "the one that went first was not")
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}
