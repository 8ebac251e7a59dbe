package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestKeepTime(t *testing.T) {
	t.Parallel()

	t.Run("opens and closes with the stamps of then", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		opens, ends := noon.Add(time.Hour), noon.Add(3*time.Hour)
		id := h.publish(uuid.New(), domain.Content{StartsAt: opens, Duration: 2 * time.Hour})
		next, planned, err := h.keepTime.Next(t.Context())
		require.NoError(t, err)
		require.True(t, planned)
		require.Equal(t, opens, next)

		h.clock.Set(opens.Add(-time.Microsecond))
		require.Zero(t, h.keep())
		h.clock.Set(noon.Add(72 * time.Hour))
		require.Equal(t, 1, h.keep())
		events, err := h.ledger.Events(t.Context(), id, app.EventRange{After: 1})
		require.NoError(t, err)
		require.Len(t, events, 2)
		require.Equal(t, domain.KindOpened, events[0].Kind)
		require.Equal(t, opens, events[0].At)
		require.Equal(t, domain.KindClosed, events[1].Kind)
		require.Equal(t, ends, events[1].At)
		require.Equal(t, domain.StatusUnsoldNoBids, h.state(id).Status)

		require.Zero(t, h.keep(), "once")
		_, planned, err = h.keepTime.Next(t.Context())
		require.NoError(t, err)
		require.False(t, planned)
	})
	t.Run("does more than fits into one unit of work", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		for range 230 {
			h.publish(uuid.New(), domain.Content{Duration: time.Hour})
		}
		h.clock.Advance(time.Hour)
		require.Equal(t, 230, h.keep())
	})
	t.Run("is not held up by a listing that cannot be closed", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{Duration: time.Hour})
		h.clock.Advance(time.Hour)
		stuck := uuid.New() // is on the schedule and not in the store
		keep := app.NewKeepTime(h.market, schedule{due: []uuid.UUID{stuck, id}})
		done, err := keep.Do(t.Context())
		require.Equal(t, 1, done)
		require.ErrorIs(t, err, domain.ErrListingNotFound)
		require.ErrorContains(t, err, stuck.String())
		require.Equal(t, domain.StatusUnsoldNoBids, h.state(id).Status)
	})
	t.Run("says so when it cannot find out what is due", func(t *testing.T) {
		t.Parallel()
		down := errors.New("the database is down")
		h := newHouse(t)
		_, err := app.NewKeepTime(h.market, schedule{err: down}).Do(t.Context())
		require.ErrorIs(t, err, down)
	})
}

func TestWhoComesAfterTheEndFindsItClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.publish(uuid.New(), domain.Content{StartsAt: noon.Add(time.Hour)})
	h.clock.Advance(2 * time.Hour)
	h.bid(id, uuid.New(), "20")
	require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindOpened, domain.KindBidPlaced}, h.kinds(id),
		"whoever comes first after the start notes that it opened")
	require.Zero(t, h.keep())
}

// keep lets the clock's work be done.
func (h *house) keep() int {
	h.t.Helper()
	done, err := h.keepTime.Do(h.t.Context())
	require.NoError(h.t, err)
	return done
}

// schedule always says the same.
type schedule struct {
	due []uuid.UUID
	err error
}

func (s schedule) Due(context.Context, time.Time, int) ([]uuid.UUID, error) {
	return append([]uuid.UUID{}, s.due...), s.err
}

func (s schedule) Next(context.Context) (time.Time, bool, error) { return time.Time{}, false, s.err }
