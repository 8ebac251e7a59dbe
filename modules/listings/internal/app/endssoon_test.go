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
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// tellWatchers runs the job and returns how many it told.
func (h *house) tellWatchers() int {
	h.t.Helper()
	told, err := h.watchers.Do(h.t.Context())
	require.NoError(h.t, err)
	return told
}

func TestWatchersAreToldOnceThatItEndsSoon(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, bob := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{Title: "A 12\" record", Duration: 3 * time.Hour})
	h.watches(id, alice)
	h.watches(id, bob)
	h.bid(id, bob, "20")
	end := noon.Add(3 * time.Hour)

	h.clock.Set(end.Add(-time.Hour - time.Microsecond))
	require.Zero(t, h.tellWatchers())
	h.clock.Set(end.Add(-time.Hour))
	require.Equal(t, 2, h.tellWatchers())
	require.Zero(t, h.tellWatchers())
	for _, member := range []uuid.UUID{alice, bob} {
		told := h.notices.of(member)
		require.Len(t, told, 1)
		require.Equal(t, profilesapi.Notice{
			ID: told[0].ID, Member: member, Kind: profilesapi.NoticeEndsSoon, Subject: `Ends soon: A 12" record`,
			Text: "“A 12\" record”, which you watch, ends on Sunday, 1 March 2026, 15:00 UTC.\n\n" +
				"The price is 10.00 USD. The next bid must be 11.00 USD or more.",
			About: id, Path: "/listings/" + id.String(), At: end.Add(-time.Hour),
		}, told[0])
	}
}

func TestALaterEndIsNotAnnouncedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice := uuid.New()
	id := h.publish(uuid.New(), domain.Content{
		Duration:  2 * time.Hour,
		SoftClose: domain.SoftClose{Window: 10 * time.Minute, Extension: 10 * time.Minute, Cap: time.Hour},
	})
	h.watches(id, alice)
	h.clock.Set(noon.Add(time.Hour))
	require.Equal(t, 1, h.tellWatchers())
	h.clock.Set(noon.Add(2*time.Hour - time.Minute))
	h.bid(id, uuid.New(), "20")
	require.True(t, h.state(id).EndsAt.After(noon.Add(2*time.Hour)), "it goes on")
	require.Zero(t, h.tellWatchers())
	require.Len(t, h.notices.of(alice), 1)
	h.unwatches(id, alice)
	h.watches(id, alice) // it still ends soon
	require.Zero(t, h.tellWatchers())
}

func TestWhoBeginsToWatchWhatEndsSoonIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	in, before := uuid.New(), uuid.New()
	long := h.publish(uuid.New(), domain.Content{
		Duration:  2 * time.Hour,
		SoftClose: domain.SoftClose{Window: time.Hour, Extension: time.Hour, Cap: 3 * time.Hour},
	})
	short := h.publish(uuid.New(), domain.Content{Duration: time.Hour})
	h.watches(short, before)
	h.clock.Set(noon.Add(time.Hour - time.Microsecond))
	h.watches(long, before)
	h.clock.Set(noon.Add(time.Hour))
	h.watches(long, in)
	require.Equal(t, 1, h.tellWatchers())
	require.Empty(t, h.notices.of(in))
	require.Len(t, h.notices.of(before), 1)
	require.Equal(t, long, h.notices.of(before)[0].About, "what was published with an hour to go is nobody told")
	h.clock.Set(noon.Add(time.Hour + time.Minute))
	h.bid(long, uuid.New(), "20")
	require.True(t, h.state(long).EndsAt.After(noon.Add(2*time.Hour)))
	h.clock.Set(h.state(long).EndsAt.Add(-time.Minute))
	require.Zero(t, h.tellWatchers(), "nor when the end moves")
}

func TestWhatDoesNotGoOnIsNotAnnounced(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice := uuid.New()
	publish := func() uuid.UUID {
		id := h.publish(uuid.New(), domain.Content{Duration: 3 * time.Hour, BuyNow: usd("50")})
		h.watches(id, alice)
		return id
	}
	frozen, cancelled, bought := publish(), publish(), publish()
	require.NoError(t, h.freeze.Do(t.Context(), app.FreezeListingCommand{Listing: frozen, By: moderator, Reason: "Why not."}))
	require.NoError(t, h.cancel.Do(t.Context(), app.CancelListingCommand{Listing: cancelled, By: moderator, Reason: "Why not."}))
	_, err := h.buyNow.Do(t.Context(), app.BuyNowCommand{Listing: bought, Buyer: uuid.New()})
	require.NoError(t, err)
	h.clock.Set(noon.Add(150 * time.Minute))
	require.Zero(t, h.tellWatchers())

	bob := uuid.New()
	h.watches(frozen, bob) // while it stands still
	require.NoError(t, h.unfreeze.Do(t.Context(), app.UnfreezeListingCommand{Listing: frozen, By: moderator, Reason: "It is his."}))
	require.Zero(t, h.tellWatchers(), "it has another day now")
	h.clock.Set(h.state(frozen).EndsAt.Add(-time.Hour))
	require.Equal(t, 2, h.tellWatchers())
	require.Len(t, h.notices.of(alice), 1)
	require.Len(t, h.notices.of(bob), 1)
}

func TestOneWhoCannotBeToldHoldsUpNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.publish(uuid.New(), domain.Content{Duration: 2 * time.Hour})
	var all []uuid.UUID
	for range 150 { // more than one unit of work tells
		all = append(all, uuid.New())
		h.watches(id, all[len(all)-1])
	}
	h.notices.refuse(all[7], errors.New("no room"))
	h.clock.Set(noon.Add(time.Hour))
	told, err := h.watchers.Do(t.Context())
	require.ErrorContains(t, err, "no room")
	require.ErrorContains(t, err, domain.WatchID(all[7], id).String())
	require.Equal(t, 149, told)
	require.Empty(t, h.notices.of(all[7]))
	h.notices.refuse(all[7], nil)
	require.Equal(t, 1, h.tellWatchers())
	for _, member := range all {
		require.Len(t, h.notices.of(member), 1)
	}
}

// TestTwoServersTellWatchersOnce lets another server tell while this one has found what is to be told.
func TestTwoServersTellWatchersOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, gone := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{Duration: 2 * time.Hour})
	h.watches(id, alice)
	h.watches(id, gone)
	h.clock.Set(noon.Add(time.Hour))
	found, err := h.untold.EndingSoon(t.Context(), h.clock.Now(), h.clock.Now().Add(time.Hour), 10)
	require.NoError(t, err)
	require.Len(t, found, 2)
	h.unwatches(id, gone)
	slow := h.slowly(found)
	require.Equal(t, 1, h.tellWatchers())
	told, err := slow.Do(t.Context())
	require.NoError(t, err)
	require.Zero(t, told)
	require.Len(t, h.notices.of(alice), 1)
	require.Empty(t, h.notices.of(gone))
}

// getting are listings of which, if need be, nobody gets one to change it.
type getting struct {
	domain.Repository
	refused error
}

func (g *getting) Get(ctx context.Context, id uuid.UUID) (*domain.Listing, error) {
	if g.refused != nil {
		return nil, g.refused
	}
	return g.Repository.Get(ctx, id)
}

func TestWhoOnlyReadsAListingDoesNotLockIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer, watcher := uuid.New(), uuid.New(), uuid.New()
	sold := h.buy(seller, buyer)
	id := h.publish(seller, domain.Content{Duration: 2 * time.Hour})
	h.listings.(*getting).refused = errors.New("somebody bids on it")

	h.watches(id, watcher)
	h.clock.Set(noon.Add(time.Hour))
	require.Equal(t, 1, h.tellWatchers())
	h.deliver()
	require.Equal(t, buyer, h.sale(sold).Buyer)
}
