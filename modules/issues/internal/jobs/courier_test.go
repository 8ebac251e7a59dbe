package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/jobs"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/mail"
)

// pile are letters that are due, and what becomes of each.
type pile struct {
	due      []uuid.UUID
	next     time.Time
	outcomes map[uuid.UUID]app.LetterReport
	broken   map[uuid.UUID]error
	tried    []uuid.UUID
}

func (p *pile) Next(context.Context) (time.Time, bool, error) { return p.next, len(p.due) > 0, nil }

func (p *pile) Due(context.Context, int) ([]uuid.UUID, error) { return p.due, nil }

func (p *pile) Do(_ context.Context, id uuid.UUID) (app.LetterReport, error) {
	p.tried = append(p.tried, id)
	report, found := p.outcomes[id]
	if !found {
		report.Outcome = app.LetterSent
	}
	report.Letter = id
	if p.broken[id] != nil {
		report.Outcome = ""
	}
	return report, p.broken[id]
}

func newCourier(t *testing.T, p *pile, c clock.Clock) (*jobs.Courier, *observer.ObservedLogs, *prometheus.Registry) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	registry := prometheus.NewPedanticRegistry()
	courier, err := jobs.NewCourier(p, c, zap.New(core), registry)
	require.NoError(t, err)
	return courier, logs, registry
}

func TestTheCourier(t *testing.T) {
	t.Parallel()
	errBroken := errors.New("broken")
	a, b, c := uuid.UUID{1}, uuid.UUID{2}, uuid.UUID{3}
	begun := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

	t.Run("holds up no start", func(t *testing.T) {
		t.Parallel()
		courier, _, _ := newCourier(t, &pile{due: []uuid.UUID{a}, next: begun.Add(-time.Hour)}, clock.NewVirtual(begun))
		next, planned, err := courier.Next(t.Context())
		require.NoError(t, err)
		require.True(t, planned)
		require.Equal(t, begun.Add(time.Second), next)
	})

	t.Run("mails the others after a dead mailbox", func(t *testing.T) {
		t.Parallel()
		p := &pile{due: []uuid.UUID{a, b, c}, broken: map[uuid.UUID]error{b: errBroken}, outcomes: map[uuid.UUID]app.LetterReport{
			a: {Outcome: app.LetterGivenUp, Failure: mail.ErrRefused, Domain: "example.org"},
		}}
		courier, logs, registry := newCourier(t, p, clock.NewVirtual(begun))
		sent, err := courier.Do(t.Context())
		require.ErrorIs(t, err, errBroken)
		require.Equal(t, 1, sent)
		require.Equal(t, []uuid.UUID{a, b, c}, p.tried)
		require.Len(t, logs.FilterMessage("a letter could not be mailed and is given up").All(), 1)
		require.Equal(t, 5, testutil.CollectAndCount(registry, "issues_letters_total"), "nothing is counted as nothing")
	})

	t.Run("rests when a server takes nothing", func(t *testing.T) {
		t.Parallel()
		virtual := clock.NewVirtual(begun)
		p := &pile{due: []uuid.UUID{a, b}, next: begun, outcomes: map[uuid.UUID]app.LetterReport{
			a: {Outcome: app.LetterPut, Failure: mail.ErrNoServer},
		}}
		courier, logs, _ := newCourier(t, p, virtual)
		for _, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			p.tried = nil
			_, err := courier.Do(t.Context())
			require.NoError(t, err)
			require.Equal(t, []uuid.UUID{a}, p.tried, "one of them tells")
			next, _, err := courier.Next(t.Context())
			require.NoError(t, err)
			require.Equal(t, virtual.Now().Add(pause*time.Second), next)
			virtual.Advance(pause * time.Second)
		}
		require.Len(t, logs.FilterMessage("a letter could not be mailed and is tried again").All(), 8)
		p.outcomes = nil
		_, err := courier.Do(t.Context())
		require.NoError(t, err)
		p.outcomes = map[uuid.UUID]app.LetterReport{a: {Outcome: app.LetterFailed, Failure: errBroken}}
		_, err = courier.Do(t.Context())
		require.NoError(t, err)
		next, _, err := courier.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, virtual.Now().Add(time.Second), next, "a success ends the series")
	})

	t.Run("begins no letter after a stop", func(t *testing.T) {
		t.Parallel()
		p := &pile{due: []uuid.UUID{a, b}}
		courier, _, _ := newCourier(t, p, clock.NewVirtual(begun))
		ctx, stop := context.WithCancel(t.Context())
		stop()
		_, err := courier.Do(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, p.tried)
	})
}
