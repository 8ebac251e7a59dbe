package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/page"
)

// list returns what the member watches, ended listings included.
func (h *house) list(member uuid.UUID) []uuid.UUID {
	h.t.Helper()
	found, err := h.watchLists.Watched(h.t.Context(), member, app.WatchFilter{Ended: true}, page.Request{Limit: 100}, h.clock.Now())
	require.NoError(h.t, err)
	ids := []uuid.UUID{}
	for _, w := range found.Items {
		ids = append(ids, w.ID)
	}
	return ids
}

func (h *house) unwatches(listing, member uuid.UUID) {
	h.t.Helper()
	require.NoError(h.t, h.unwatch.Do(h.t.Context(), app.UnwatchListingCommand{Listing: listing, Member: member}))
}

func TestWatchingAndUnwatchingChangesNothingTheSecondTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, bob := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{})
	require.Equal(t, noon, h.watches(id, alice))
	h.clock.Advance(time.Minute)
	require.Equal(t, noon, h.watches(id, alice), "it is on the list since then")
	require.Equal(t, noon.Add(time.Minute), h.watches(id, bob))
	require.Equal(t, []uuid.UUID{id}, h.list(alice))

	h.unwatches(id, alice)
	h.unwatches(id, alice)
	h.unwatches(uuid.New(), alice)
	require.Empty(t, h.list(alice))
	require.Equal(t, []uuid.UUID{id}, h.list(bob))
	require.Equal(t, noon.Add(time.Minute), h.watches(id, alice), "from the beginning")
}

func TestOnlyWhatIsOnTheMarketIsWatched(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	draft := h.draft(seller, domain.Content{})
	for name, c := range map[string]app.WatchListingCommand{
		"another's draft": {Listing: draft, Member: uuid.New()},
		"the own draft":   {Listing: draft, Member: seller},
		"nothing":         {Listing: uuid.New(), Member: seller},
	} {
		_, err := h.watch.Do(t.Context(), c)
		require.ErrorIs(t, err, domain.ErrListingNotFound, name)
		require.Empty(t, h.list(c.Member))
	}
	h.watches(h.publish(seller, domain.Content{}), seller)
	require.Len(t, h.list(seller), 1, "the own listing")
}

func TestWhoHasLeftBeginsToWatchNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, id, other := uuid.New(), h.publish(uuid.New(), domain.Content{}), h.publish(uuid.New(), domain.Content{})
	since := h.watches(id, alice)
	h.bidders.refused[alice] = domain.ErrBidderNotEligible
	_, err := h.watch.Do(t.Context(), app.WatchListingCommand{Listing: other, Member: alice})
	require.ErrorIs(t, err, domain.ErrBidderNotEligible)
	require.Equal(t, []uuid.UUID{id}, h.list(alice))
	require.Equal(t, since, h.watches(id, alice), "what is there already changes nothing")
}

func TestAWatchListHasRoomForSoMany(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, seller := uuid.New(), uuid.New()
	first := h.publish(seller, domain.Content{})
	h.watches(first, alice)
	for range domain.MaxWatches - 1 {
		h.watches(h.publish(seller, domain.Content{}), alice)
	}
	one, other := h.publish(seller, domain.Content{}), h.publish(seller, domain.Content{})
	refused := func() {
		t.Helper()
		_, err := h.watch.Do(t.Context(), app.WatchListingCommand{Listing: one, Member: alice})
		require.ErrorIs(t, err, domain.ErrTooManyWatches)
	}
	refused()
	h.watches(first, alice) // which is on the list
	h.watches(one, uuid.New())
	h.unwatches(first, alice)
	h.unwatches(first, alice) // gives room once
	h.watches(other, alice)
	refused()
}

func TestADeletedMembersWatchesAreForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	gone, stays := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{})
	for _, member := range []uuid.UUID{gone, stays} {
		h.watches(id, member)
		h.watches(h.publish(uuid.New(), domain.Content{}), member)
	}
	for range 2 { // an event may come again
		for _, member := range []uuid.UUID{gone, uuid.New()} {
			require.NoError(t, h.work.Do(t.Context(), func(ctx context.Context) error {
				return h.forget.Do(ctx, events.Message{Kind: profilesapi.KindDeleted, Aggregate: member})
			}))
		}
		require.Empty(t, h.list(gone))
		require.Len(t, h.list(stays), 2)
	}
	h.watches(id, gone) // nobody is deleted twice, but the count is from the beginning
}

func TestWatchesAreExportedInPortions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, seller := uuid.New(), uuid.New()
	for range 101 {
		h.watches(h.publish(seller, domain.Content{}), alice)
	}
	files, err := h.export().Export(t.Context(), alice)
	require.NoError(t, err)
	for _, id := range h.list(alice) {
		require.Contains(t, string(files[3].JSON), id.String())
	}
}
