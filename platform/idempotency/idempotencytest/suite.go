// Package idempotencytest says what a store of remembered answers promises, as a suite that every adapter runs.
package idempotencytest

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// Store is what an adapter gives to one case of the suite: a store of its own, empty.
type Store struct {
	Work    *uow.Work
	Answers idempotency.Answers
	// Waiting says how units of this adapter meet, which decides how the suite can make two overlap.
	Waiting uowtest.Waiting
}

// testCase is one promise.
type testCase storetest.Promise[*subject]

// Run checks that an adapter keeps every promise. open is called once for each case, from several goroutines.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	newSubject := func(t *testing.T) *subject {
		t.Helper()
		store, now := open(t), clock.NewVirtual(noon)
		return &subject{Store: store, clock: now, keys: idempotency.NewKeys(store.Answers, now)}
	}
	storetest.RunPromises(t, newSubject, map[string][]testCase{
		"storing":    storingCases,
		"repeating":  repeatingCases,
		"overlap":    overlapCases,
		"batches":    batchCases,
		"forgetting": forgettingCases,
	})
}

// noon is when the suite begins.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var errRefused = errors.New("refused")

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// subject is a store with what the cases do to it.
type subject struct {
	Store
	clock *clock.Virtual
	keys  *idempotency.Keys
}

// created is what the suite's commands answer: what they made.
type created struct {
	ID uuid.UUID `json:"id"`
}

// newRequest returns a request that no other case makes.
func newRequest() idempotency.Request {
	return idempotency.Request{Member: newID(), Operation: "create thing", Key: "key", Body: map[string]string{"name": "Thing"}}
}

// make runs a command in the unit of work in ctx that makes something, which is a row that made counts.
func (s *subject) make(ctx context.Context, r idempotency.Request) (created, error) {
	return idempotency.Do(ctx, s.keys, r, s.create)
}

// create makes something.
func (s *subject) create(ctx context.Context) (created, error) {
	thing := created{ID: newID()}
	return thing, s.Answers.Remember(ctx, idempotency.Remembered{ID: thing.ID, Answer: []byte("{}"), At: s.clock.Now()})
}

// ask makes the request in a unit of work of its own.
func (s *subject) ask(t *testing.T, r idempotency.Request) (answer created, err error) {
	t.Helper()
	err = s.Work.Do(t.Context(), func(ctx context.Context) (err error) {
		answer, err = s.make(ctx, r)
		return err
	})
	return answer, err
}

// rows forgets everything and returns how much that was: everything made, and every answer.
func (s *subject) rows(t *testing.T) int {
	t.Helper()
	n, err := s.Answers.Forget(t.Context(), s.clock.Now().Add(time.Hour), math.MaxInt32)
	require.NoError(t, err)
	return n
}

// find looks for an answer in a unit of work of its own.
func (s *subject) find(t *testing.T, id uuid.UUID) (found idempotency.Remembered, ok bool) {
	t.Helper()
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) (err error) {
		found, ok, err = s.Answers.Find(ctx, id)
		return err
	}))
	return found, ok
}

// remember stores answers in one unit of work.
func (s *subject) remember(t *testing.T, answers ...idempotency.Remembered) {
	t.Helper()
	require.NoError(t, s.Work.Do(t.Context(), s.remembering(answers...)))
}

// remembering returns a command that stores answers.
func (s *subject) remembering(answers ...idempotency.Remembered) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, a := range answers {
			if err := s.Answers.Remember(ctx, a); err != nil {
				return err
			}
		}
		return nil
	}
}
