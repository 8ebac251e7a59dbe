package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/page"
)

// recorded returns what the audit log says, the oldest first, without the entries' ids.
func (h *house) recorded() []audit.Entry {
	h.t.Helper()
	found, err := h.acts.Entries(h.t.Context(), audit.Filter{}, page.Request{Limit: page.MaxLimit})
	require.NoError(h.t, err)
	entries := make([]audit.Entry, len(found.Items))
	for i, e := range found.Items {
		e.ID = uuid.Nil
		entries[len(entries)-1-i] = e
	}
	return entries
}

func TestActsOfModeratorsAreRecorded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, bidder := uuid.New(), uuid.New()
	id := h.publish(seller, domain.Content{})
	h.bid(id, bidder, "20")
	freeze := func() error {
		return h.freeze.Do(t.Context(), app.FreezeListingCommand{Listing: id, By: moderator, Reason: "fraud?\nmaybe", Key: "f"})
	}
	require.NoError(t, freeze())
	h.clock.Advance(time.Minute)
	require.NoError(t, freeze(), "the same command under the same key")
	require.NoError(t, h.unfreeze.Do(t.Context(), app.UnfreezeListingCommand{Listing: id, By: moderator, Reason: "all is well"}))
	h.clock.Advance(time.Minute)
	_, err := h.cancelBids.Do(t.Context(), app.CancelBidsCommand{Listing: id, Bidder: bidder, By: moderator, Reason: "a shill"})
	require.NoError(t, err)
	h.clock.Advance(time.Minute)
	require.NoError(t, h.cancel.Do(t.Context(), app.CancelListingCommand{Listing: id, By: moderator, Reason: "stolen goods"}))

	act := func(minutes time.Duration, name, reason, detail string) audit.Entry {
		return audit.Entry{At: noon.Add(minutes * time.Minute), Actor: moderator.ID, Act: name, Target: id, Reason: reason, Detail: detail}
	}
	require.Equal(t, []audit.Entry{
		act(0, "listings.freeze", "fraud? maybe", ""),
		act(1, "listings.unfreeze", "all is well", ""),
		act(2, "listings.cancel_bids", "a shill", "bidder "+bidder.String()),
		act(3, "listings.cancel", "stolen goods", ""),
	}, h.recorded())
}

func TestOnlyWhatModeratorsDoAsModeratorsIsRecorded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bidder := uuid.New()
	id := h.publish(moderator.ID, domain.Content{})
	h.bid(id, bidder, "20")
	h.unchanged(id, domain.ErrNotModerator, func() error {
		return h.freeze.Do(t.Context(), app.FreezeListingCommand{Listing: id, By: by(bidder), Reason: "fraud"})
	})
	h.unchanged(id, domain.ErrInvalidReason, func() error {
		return h.freeze.Do(t.Context(), app.FreezeListingCommand{Listing: id, By: moderator})
	})
	_, err := h.cancelBids.Do(t.Context(), app.CancelBidsCommand{Listing: id, Bidder: bidder, By: moderator, Reason: "no money"})
	require.NoError(t, err)
	early := h.publish(moderator.ID, domain.Content{})
	require.NoError(t, h.cancel.Do(t.Context(), app.CancelListingCommand{Listing: early, By: moderator}))
	require.Empty(t, h.recorded(), "his own listings, as any seller could, and what was refused")

	h.clock.Set(noon.Add(7*24*time.Hour - time.Hour))
	require.NoError(t, h.cancel.Do(t.Context(), app.CancelListingCommand{Listing: id, By: moderator, Reason: "stolen goods"}))
	require.Len(t, h.recorded(), 1, "too late for a seller")
}
