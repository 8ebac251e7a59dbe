package deliverytest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/uow"
)

// committingCases say what becomes of events whose units of work cannot be committed.
var committingCases = []testCase{
	{"what cannot be committed together is committed apart", commitsApart},
	{"an event that loses every race to commit is put aside, and those around it are handled", func(t *testing.T, s *subject) {
		putsAside(t, s, fmt.Errorf("%w: poison", uow.ErrConflict))
	}},
	{"an event that the store refuses at the commit is put aside, and those around it are handled", func(t *testing.T, s *subject) {
		putsAside(t, s, errors.New("refused: poison"))
	}},
}

// tray is a resource of a unit of work that some events cannot be committed with.
type tray struct {
	events []uuid.UUID // their aggregates
	refuse func(aggregates []uuid.UUID) error
}

func (r *tray) Prepare(context.Context) error { return r.refuse(r.events) }
func (r *tray) Commit(context.Context) error  { return nil }
func (r *tray) Rollback()                     {}
func (r *tray) Durable() bool                 { return false }
func (r *tray) Err() error                    { return nil }

// refusing starts a server whose subscriber "one", which counts, has units that refuse to commit, and returns what it logs.
func (s *subject) refusing(patience delivery.Patience, refuse func(aggregates []uuid.UUID) error) *observer.ObservedLogs {
	s.t.Helper()
	subscriber := s.counting("one", "a.v1")
	subscriber.Past = true
	count := subscriber.Handle
	subscriber.Handle = func(ctx context.Context, m events.Message) error {
		r, err := uow.Join(ctx, s, func(context.Context, bool) (*tray, error) { return &tray{refuse: refuse}, nil })
		if err != nil {
			return err
		}
		r.events = append(r.events, m.Aggregate)
		return count(ctx, m)
	}
	core, logs := observer.New(zap.DebugLevel)
	parts := s.parts(patience, zap.New(core), subscriber)
	parts.Work = uow.New(s.Outbox, uow.Settings{Deadline: 300 * time.Millisecond, Published: s.bell.Ring})
	s.run(parts)
	return logs
}

func commitsApart(t *testing.T, s *subject) {
	s.happens("a.v1", uuid.New(), uuid.New(), uuid.New(), uuid.New())
	endless := delivery.Patience{Attempts: 1_000_000, First: time.Millisecond, Longest: time.Millisecond}
	logs := s.refusing(endless, func(aggregates []uuid.UUID) error {
		if len(aggregates) > 1 {
			return fmt.Errorf("%w: too much at once", uow.ErrConflict)
		}
		return nil
	})
	s.requireAllCounted("one")
	require.Empty(t, s.dead("one"))
	require.Positive(t, logs.FilterMessage("events cannot be delivered").FilterFieldKey("error").Len(), "it says that it was held up")
	s.eventually(func() bool { return logs.FilterMessage("events are delivered again").Len() > 0 }, "and that it goes on")
}

func putsAside(t *testing.T, s *subject, refusal error) {
	poison := uuid.New()
	s.happens("a.v1", uuid.New(), uuid.New(), poison, uuid.New())
	s.refusing(impatient, func(aggregates []uuid.UUID) error {
		if slices.Contains(aggregates, poison) {
			return refusal
		}
		return nil
	})
	s.eventually(func() bool { return len(s.dead("one")) == 1 }, "the one is a dead letter in the end")
	dead := s.dead("one")[0]
	require.Equal(t, poison, dead.Event.Aggregate)
	require.Equal(t, impatient.Attempts, dead.Attempts)
	if !errors.Is(refusal, uow.ErrConflict) { // the time may be over while a unit that has lost begins again
		require.Contains(t, dead.Failure, "poison")
	}
	delete(s.seqs, poison)
	s.requireAllCounted("one")
	s.happens("a.v1", uuid.New())
	s.requireAllCounted("one")
}
