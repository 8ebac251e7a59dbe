package verify_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
)

// spoiled is a ledger in which one event is not as it was logged.
type spoiled struct {
	app.Ledger
	seq   int64
	spoil func(e *domain.Event) error
}

func (l spoiled) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	events, err := l.Ledger.Events(ctx, id, wanted)
	for i := range events {
		if events[i].Seq == l.seq {
			if err := l.spoil(&events[i]); err != nil {
				return nil, err
			}
		}
	}
	return events, err
}

func TestLongLogsAreReadInPortions(t *testing.T) {
	t.Parallel()
	p := onMemory()
	id := p.publish(t, "A lamp")
	const bids = 2100
	for minor := int64(20_00); minor < 20_00+bids; minor++ {
		require.NoError(t, p.bid(t.Context(), id, "anna", usd.Money(minor).Decimal()))
	}
	report := p.verify(t, verify.Options{})
	require.NoError(t, report.Err())
	require.Equal(t, int64(bids+2), report.Events)

	cases := map[string]struct {
		seq  int64
		do   func(e *domain.Event) error
		want domain.Problem
	}{
		"the last of a portion":   {1000, func(e *domain.Event) error { e.After.Price++; return nil }, domain.ProblemHash},
		"the first of the next":   {1001, func(e *domain.Event) error { e.After.Price++; return nil }, domain.ProblemHash},
		"what makes no sense":     {1500, func(*domain.Event) error { return app.ErrUnreadable }, domain.ProblemMalformed},
		"the last makes no sense": {bids + 2, func(*domain.Event) error { return app.ErrUnreadable }, domain.ProblemMalformed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := verify.New(spoiled{p.ledger, c.seq, c.do}).Run(t.Context(), verify.Options{})
			require.NoError(t, err)
			require.Len(t, report.Flaws, 1)
			report.Flaws[0].Detail = ""
			require.Empty(t, cmp.Diff(verify.Flaw{Listing: id, Seq: c.seq, Problem: string(c.want)}, report.Flaws[0]))
			require.Equal(t, c.seq-1, report.Events)
		})
	}
}

func TestWhatTheStoreReportsIsNoFlaw(t *testing.T) {
	t.Parallel()
	p := onMemory()
	p.play(t, "A lamp")
	broken := spoiled{p.ledger, 3, func(*domain.Event) error { return context.DeadlineExceeded }}
	_, err := verify.New(broken).Run(t.Context(), verify.Options{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
