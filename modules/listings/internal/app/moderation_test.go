package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestCancelListing(t *testing.T) {
	t.Parallel()
	cancelling := func(h *house, id uuid.UUID, who domain.Actor, reason string) func() error {
		return func() error {
			return h.cancel.Do(t.Context(), app.CancelListingCommand{Listing: id, By: who, Reason: reason})
		}
	}
	t.Run("lets the seller until a bid stands and twelve hours are left", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		early, late, empty := h.publish(seller, domain.Content{}), h.publish(seller, domain.Content{}), h.publish(seller, domain.Content{})
		h.bid(early, uuid.New(), "20")
		h.bid(late, uuid.New(), "20")
		h.clock.Set(noon.Add(7*24*time.Hour - 12*time.Hour))
		require.NoError(t, cancelling(h, early, by(seller), "")())
		require.Equal(t, domain.StatusCancelled, h.state(early).Status)
		h.clock.Advance(time.Microsecond)
		h.unchanged(late, domain.ErrTooLateToCancel, cancelling(h, late, by(seller), ""))
		require.NoError(t, cancelling(h, empty, by(seller), "")())
		require.NoError(t, cancelling(h, late, moderator, "stolen goods")())
		h.unchanged(late, domain.ErrListingNotOpen, cancelling(h, late, moderator, "stolen goods"))
	})
	t.Run("refuses others, and moderators who do not say why", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{})
		h.unchanged(id, domain.ErrNotOwner, cancelling(h, id, by(uuid.New()), ""))
		h.unchanged(id, domain.ErrInvalidReason, cancelling(h, id, moderator, ""))
	})
}

func TestFreezeAndUnfreeze(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	id := h.publish(seller, domain.Content{Duration: time.Hour})
	h.bid(id, uuid.New(), "20")
	freezing := func(who domain.Actor) func() error {
		return func() error {
			return h.freeze.Do(t.Context(), app.FreezeListingCommand{Listing: id, By: who, Reason: "fraud"})
		}
	}
	unfreezing := func(who domain.Actor) func() error {
		return func() error {
			return h.unfreeze.Do(t.Context(), app.UnfreezeListingCommand{Listing: id, By: who, Reason: "all is well"})
		}
	}
	h.unchanged(id, domain.ErrNotModerator, freezing(by(seller)))
	h.unchanged(id, domain.ErrListingNotFrozen, unfreezing(moderator))
	require.NoError(t, freezing(moderator)())
	h.unchanged(id, domain.ErrListingFrozen, freezing(moderator))
	h.unchanged(id, domain.ErrNotModerator, unfreezing(by(seller)))

	h.clock.Advance(3 * time.Hour)
	done, err := h.keepTime.Do(t.Context())
	require.NoError(t, err)
	require.Zero(t, done, "the end passing does not close it")

	require.NoError(t, unfreezing(moderator)())
	require.Equal(t, noon.Add(27*time.Hour), h.state(id).EndsAt)
	h.bid(id, uuid.New(), "30")
	h.clock.Set(noon.Add(27 * time.Hour))
	done, err = h.keepTime.Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, done)
	require.Equal(t, domain.StatusSold, h.state(id).Status)
}
