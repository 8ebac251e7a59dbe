package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// forger shows a ledger in which somebody has changed an event.
type forger struct {
	app.Ledger
	listing uuid.UUID
	forge   func(*domain.Event)
}

func (f forger) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	events, err := f.Ledger.Events(ctx, id, wanted)
	for i := range events {
		if id == f.listing {
			f.forge(&events[i])
		}
	}
	return events, err
}

func TestVerifyLogs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var ids []uuid.UUID
	for range 120 { // more than are looked at in one moment of the store
		id := h.publish(uuid.New(), domain.Content{})
		h.bid(id, uuid.New(), "20")
		ids = append(ids, id)
	}
	h.draft(uuid.New(), domain.Content{})

	t.Run("tells of every log that verifies", func(t *testing.T) {
		t.Parallel()
		heads := map[uuid.UUID]domain.Head{}
		found, err := app.NewVerifyLogs(h.ledger).Do(t.Context(), app.VerifyLogsQuery{Each: func(id uuid.UUID, head domain.Head) error {
			heads[id] = head
			return nil
		}})
		require.NoError(t, err)
		require.Equal(t, app.LogsVerified{Listings: 120, Events: 360}, found)
		require.Len(t, heads, 120)
		require.Equal(t, h.state(ids[0]).Head, heads[ids[0]])
	})
	t.Run("finds the first bad event, and goes on", func(t *testing.T) {
		t.Parallel()
		ledger := forger{Ledger: h.ledger, listing: ids[7], forge: func(e *domain.Event) {
			if e.Kind == domain.KindBidPlaced {
				e.Sealed.Maximum++
			}
		}}
		told := 0
		found, err := app.NewVerifyLogs(ledger).Do(t.Context(), app.VerifyLogsQuery{Each: func(uuid.UUID, domain.Head) error {
			told++
			return nil
		}})
		require.NoError(t, err)
		require.EqualValues(t, 120, found.Listings)
		require.Equal(t, 119, told)
		require.Len(t, found.Flaws, 1)
		require.Equal(t, ids[7], found.Flaws[0].Listing)
		require.EqualValues(t, 3, found.Flaws[0].Seq)
		require.Equal(t, domain.ProblemOpening, found.Flaws[0].Problem)
	})
	t.Run("misses listings of which heads were saved", func(t *testing.T) {
		t.Parallel()
		gone := uuid.New()
		found, err := app.NewVerifyLogs(h.ledger).Do(t.Context(), app.VerifyLogsQuery{Saved: map[uuid.UUID][]domain.Head{
			gone: {{Seq: 3}}, ids[0]: {h.state(ids[0]).Head},
		}})
		require.NoError(t, err)
		require.Len(t, found.Flaws, 1)
		require.Equal(t, gone, found.Flaws[0].Listing)
		require.Equal(t, domain.ProblemMissing, found.Flaws[0].Problem)
	})
	t.Run("ends when it is told to", func(t *testing.T) {
		t.Parallel()
		full := errors.New("disk full")
		_, err := app.NewVerifyLogs(h.ledger).Do(t.Context(), app.VerifyLogsQuery{Each: func(uuid.UUID, domain.Head) error { return full }})
		require.ErrorIs(t, err, full)
	})
}
