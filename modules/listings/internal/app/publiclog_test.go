package app_test

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// publicLog returns the public log of a listing.
func (h *house) publicLog(id uuid.UUID) (app.PublishedLog, []domain.PublicEvent) {
	h.t.Helper()
	log, err := h.log.Of(h.t.Context(), id)
	require.NoError(h.t, err)
	var events []domain.PublicEvent
	for e, err := range log.Events {
		require.NoError(h.t, err)
		events = append(events, e)
	}
	return log, events
}

// opened returns the maxima that a log opens, in minor units, by seq.
func opened(events []domain.PublicEvent) map[int64]int64 {
	maxima := map[int64]int64{}
	for _, e := range events {
		if e.Opened.Maximum != nil {
			maxima[e.Seq] = e.Opened.Maximum.Amount
		}
	}
	return maxima
}

func TestPublicLog(t *testing.T) {
	t.Parallel()

	t.Run("verifies, and opens what lost", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{Reserve: usd("14")})
		loser, retractor, leader := uuid.New(), uuid.New(), uuid.New()
		h.bid(id, retractor, "12") // 3
		h.bid(id, loser, "15")     // 4
		h.bid(id, leader, "20")    // 5
		h.bid(id, leader, "30")    // 6
		require.NoError(t, h.retracting(id, retractor)())

		log, events := h.publicLog(id)
		require.Equal(t, id, log.Listing)
		require.Equal(t, "USD", log.Currency.Code)
		require.Equal(t, h.state(id).Head, log.Head)
		chain := domain.NewChain(id)
		for _, e := range events {
			require.NoError(t, chain.NextPublic(e))
		}
		require.NoError(t, chain.End(log.Head))
		require.Equal(t, map[int64]int64{4: 15_00}, opened(events))

		h.clock.Advance(30 * 24 * time.Hour)
		_, events = h.publicLog(id)
		require.Equal(t, map[int64]int64{4: 15_00}, opened(events), "until the log says that it is over")
		require.Equal(t, 1, h.keep())
		_, events = h.publicLog(id)
		require.Equal(t, map[int64]int64{3: 12_00, 4: 15_00}, opened(events), "the winner's stay closed for good")
	})
	t.Run("is read in portions, and only as far as it went when it was asked for", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{})
		for i := range int64(1234) {
			h.bid(id, uuid.New(), dollars(20_00+i*10_00).Decimal())
		}
		log, err := h.log.Of(t.Context(), id)
		require.NoError(t, err)
		next := int64(1)
		for e, err := range log.Events {
			require.NoError(t, err)
			require.Equal(t, next, e.Seq)
			if next == 1000 {
				h.bid(id, uuid.New(), "900000") // somebody bids while somebody reads
			}
			next++
		}
		require.EqualValues(t, 1236, next-1)
		require.Equal(t, 500, h.ledger.most)
	})
	t.Run("can be left in the middle", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{})
		log, err := h.log.Of(t.Context(), id)
		require.NoError(t, err)
		next, stop := iter.Pull2(log.Events)
		_, err, ok := next()
		require.NoError(t, err)
		require.True(t, ok)
		stop()
	})
	t.Run("says when it cannot be read on", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{})
		log, err := h.log.Of(t.Context(), id)
		require.NoError(t, err)
		h.ledger.broken = errors.New("the database is down")
		var failures []error
		for _, err := range log.Events {
			failures = append(failures, err)
		}
		require.Equal(t, []error{h.ledger.broken}, failures)
	})
	t.Run("does not exist for drafts, not even for their seller", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		_, err := h.log.Of(t.Context(), h.draft(uuid.New(), domain.Content{}))
		require.ErrorIs(t, err, domain.ErrListingNotFound)
		_, err = h.log.Of(t.Context(), uuid.New())
		require.ErrorIs(t, err, domain.ErrListingNotFound)
	})
}
