package readcache_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/readcache"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestOneListing(t *testing.T) {
	t.Parallel()

	t.Run("is asked for once, until it is as old as it may become", func(t *testing.T) {
		t.Parallel()
		h := open(t, true)
		lamp := h.keep(builders.Draft().Published())
		require.EqualValues(t, 1, h.asks(func() { h.read(lamp, guest) }))
		h.passes(atMost - 1)
		require.Zero(t, h.asks(func() { h.read(lamp, guest) }))
		h.passes(1)
		require.EqualValues(t, 1, h.asks(func() { h.read(lamp, guest) }))
	})

	t.Run("that another server changes is out of date for as long as it may be, and not longer", func(t *testing.T) {
		t.Parallel()
		h := open(t, true)
		lamp := h.keep(builders.Draft().Published())
		h.read(lamp, guest)
		require.NoError(t, h.bid(h.elsewhere, lamp, "20"))
		h.passes(atMost - 1)
		require.Zero(t, h.read(lamp, guest).Bids)
		h.passes(1)
		require.EqualValues(t, 1, h.read(lamp, guest).Bids)
	})

	t.Run("is fresh for everybody when whoever changed it on this server is answered", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		lamp := h.keep(builders.Draft().Published())
		for n := int64(1); n <= 3; n++ {
			require.NoError(t, h.bid(h.listings, lamp, []string{"20", "40", "60"}[n-1]))
			require.Equal(t, n, h.read(lamp, guest).Bids)
			require.Equal(t, n, h.read(lamp, domain.Actor{ID: builders.ID()}).Bids)
		}
	})

	t.Run("is fresh for members of a market with several servers, whatever is kept", func(t *testing.T) {
		t.Parallel()
		h := open(t, true)
		lamp := h.keep(builders.Draft().Published())
		h.read(lamp, guest)
		require.NoError(t, h.bid(h.elsewhere, lamp, "20"))
		member := domain.Actor{ID: builders.ID()}
		require.EqualValues(t, 1, h.read(lamp, member).Bids)
		require.EqualValues(t, 1, h.read(lamp, guest).Bids, "what a member was told is kept")
		require.EqualValues(t, 1, h.asks(func() { h.read(lamp, member) }))
	})

	t.Run("stays when a bid is refused, also beside one that is not", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		lamp, chair := h.keep(builders.Draft().Published()), h.keep(builders.Draft().Published())
		h.read(lamp, guest)
		h.read(chair, guest)
		require.Error(t, h.bid(h.listings, lamp, "0.01"))
		outcomes := h.work.DoAll(t.Context(), []uow.Command{
			{Run: bidding(h.listings, lamp, "0.01")}, {Run: bidding(h.listings, chair, "20")},
		})
		require.Error(t, outcomes[0])
		require.NoError(t, outcomes[1])
		require.Zero(t, h.asks(func() { h.read(lamp, guest) }))
		require.EqualValues(t, 1, h.asks(func() { h.read(chair, guest) }))
	})

	t.Run("closes at the microsecond, whatever is kept", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		lamp := h.keep(builders.Draft().Published().BidBy(builders.ID(), "20"))
		end := h.read(lamp, guest).EndsAt
		for at, want := range map[time.Time]domain.Status{
			end.Add(-time.Microsecond): domain.StatusOpen, end: domain.StatusSold,
		} {
			record, err := h.cache.Listing(t.Context(), lamp, guest, at)
			require.NoError(t, err)
			require.Equal(t, want, record.Status)
		}
		require.Zero(t, h.asks(func() { h.read(lamp, guest) }))
	})

	t.Run("names the leader to whom it may, out of what was read for somebody else", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		ben := builders.ID()
		b := builders.Draft().Published().BidBy(ben, "20")
		lamp := h.keep(b)
		for _, first := range []domain.Actor{guest, b.Seller(), {ID: ben}, {ID: builders.ID(), Moderator: true}} {
			h.passes(atMost)
			h.read(lamp, first)
			require.Zero(t, h.asks(func() {
				require.Zero(t, h.read(lamp, guest).LeaderID)
				require.Zero(t, h.read(lamp, domain.Actor{ID: builders.ID()}).LeaderID)
				require.Equal(t, ben, h.read(lamp, domain.Actor{ID: ben}).LeaderID)
				require.Equal(t, ben, h.read(lamp, b.Seller()).LeaderID)
			}))
		}
	})
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	for name, shared := range map[string]bool{"alone": false, "one of several servers": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, shared)
			b := builders.Draft().WithReserve("50")
			draft := h.keep(b)
			seller := b.Seller()
			for range 2 {
				require.EqualValues(t, 50_00, h.read(draft, seller).Reserve.Minor)
				for _, viewer := range []domain.Actor{guest, {ID: builders.ID()}, {ID: builders.ID(), Moderator: true}} {
					_, err := h.cache.Listing(t.Context(), draft, viewer, now)
					require.ErrorIs(t, err, domain.ErrListingNotFound)
					require.Empty(t, h.list(app.Filter{Seller: seller.ID}, now, viewer))
					require.Empty(t, h.list(app.Filter{}, now, viewer))
				}
				require.Equal(t, []uuid.UUID{draft}, h.list(app.Filter{Seller: seller.ID}, now, seller))
				require.Empty(t, h.list(app.Filter{}, now, seller))
			}
			kept := h.cache.Kept()
			require.Zero(t, kept.Listings)
		})
	}
}

func TestWhatIsKeptHasNoSecrets(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	lamp := h.keep(builders.Draft().WithReserve("500").Published().BidBy(builders.ID(), "123.45").BidBy(builders.ID(), "99.99"))
	h.read(lamp, guest)
	h.openAt(now, guest)
	states := h.cache.KeptStates()
	require.Len(t, states, 2)
	for _, s := range states {
		require.True(t, s.Standing.HasLeader())
		require.Zero(t, s.Standing.Leader.Max)
		require.Zero(t, s.Standing.RunnerUp)
		require.Zero(t, s.Terms.Reserve)
	}
}

func TestFirstPages(t *testing.T) {
	t.Parallel()

	t.Run("are asked for once, by the same question", func(t *testing.T) {
		t.Parallel()
		h := open(t, true)
		h.keep(builders.Draft().Published())
		question := app.Filter{Statuses: []domain.Status{domain.StatusSold, domain.StatusOpen}}
		same := app.Filter{
			Statuses: []domain.Status{domain.StatusOpen, domain.StatusSold, domain.StatusOpen}, Sort: app.SortEndingSoon,
		}
		require.EqualValues(t, 1, h.asks(func() { h.list(question, now, guest) }))
		h.passes(atMost - 1)
		require.Zero(t, h.asks(func() { h.list(same, now, guest) }))
		h.passes(1)
		require.EqualValues(t, 1, h.asks(func() { h.list(same, now, guest) }))
	})

	t.Run("show a bid that this server has committed", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		lamp, chair := h.keep(builders.Draft().Published()), h.keep(builders.Draft().Titled("Chair").Published())
		chairs := app.Filter{Words: "chair"}
		h.openAt(now, guest)
		h.list(chairs, now, guest)
		require.NoError(t, h.bid(h.listings, lamp, "20"))
		found, err := h.cache.Listings(t.Context(), app.Filter{}, guest, page.Request{}, now)
		require.NoError(t, err)
		require.EqualValues(t, 1, found.Items[0].Bids)
		require.Zero(t, h.asks(func() { require.Equal(t, []uuid.UUID{chair}, h.list(chairs, now, guest)) }), "of the others nothing has changed")
	})

	t.Run("show at once what is new on them", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		require.Empty(t, h.openAt(now, guest))
		lamp := h.keep(builders.Draft().Published())
		require.Equal(t, []uuid.UUID{lamp}, h.openAt(now, guest))
	})

	t.Run("ordered by the latest end change when a bid moves an end", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		soft := func() *builders.Listing {
			return builders.Draft().SoftClosing(2*time.Hour, 2*time.Hour, 24*time.Hour).Lasting(2 * time.Hour)
		}
		soon := h.keep(soft().Lasting(90 * time.Minute).Published())
		later := h.keep(soft().Published())
		last := app.Filter{Sort: app.SortEndedLast}
		first := func() uuid.UUID {
			found, err := h.cache.Listings(t.Context(), last, guest, page.Request{Limit: 1}, now)
			require.NoError(t, err)
			return found.Items[0].ID
		}
		require.Equal(t, later, first())
		require.NoError(t, h.bid(h.listings, soon, "20"))
		require.Equal(t, soon, first(), "its end has moved behind the other's")
	})

	t.Run("hold until the clock changes a status", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		lamp := h.keep(builders.Draft().Lasting(2 * time.Hour).Published())
		late := h.keep(builders.Draft().Starting(2 * time.Hour).Published())
		end := builders.Epoch.Add(2 * time.Hour)
		require.Equal(t, []uuid.UUID{lamp}, h.openAt(now, guest))
		require.Zero(t, h.asks(func() { require.Equal(t, []uuid.UUID{lamp}, h.openAt(end.Add(-time.Microsecond), guest)) }))
		require.Equal(t, []uuid.UUID{late}, h.openAt(end, guest), "one has ended, and one has begun")
		require.Equal(t, []uuid.UUID{lamp}, h.openAt(now, guest), "what was read for later is no answer for earlier")
	})

	t.Run("of lists that are somebody's own, of names of instants and after cursors are not kept", func(t *testing.T) {
		t.Parallel()
		h := open(t, false)
		b := builders.Draft().Published()
		h.keep(b)
		seller := b.Seller()
		for name, ask := range map[string]func() error{
			"own": func() error {
				_, err := h.cache.Listings(t.Context(), app.Filter{Seller: seller.ID}, seller, page.Request{}, now)
				return err
			},
			"instants": func() error {
				_, err := h.cache.Listings(t.Context(), app.Filter{EndsAfter: now}, guest, page.Request{}, now)
				return err
			},
			"cursors": func() error {
				key := app.ListingKey{At: now.UnixMicro(), ID: seller.ID}
				_, err := h.cache.Listings(t.Context(), app.Filter{}, guest, page.Request{Cursor: page.Encode("listings/ending", key)}, now)
				return err
			},
		} {
			require.NoError(t, ask(), name)
			require.Zero(t, h.cache.Kept().Pages, name)
		}
		_, err := h.cache.Listings(t.Context(), app.Filter{}, guest, page.Request{Cursor: "nonsense"}, now)
		require.ErrorIs(t, err, page.ErrInvalidCursor)
	})
}

func TestWhatIsHeardOfOtherServers(t *testing.T) {
	t.Parallel()
	heard := func(kind string, listing uuid.UUID, seq int64) events.Message {
		return events.Message{Kind: kind, Aggregate: listing, Seq: seq}
	}

	t.Run("drops the listing and where it is shown", func(t *testing.T) {
		t.Parallel()
		h := open(t, true)
		lamp, chair := h.keep(builders.Draft().Published()), h.keep(builders.Draft().Published())
		h.read(lamp, guest)
		h.read(chair, guest)
		h.openAt(now, guest)
		require.NoError(t, h.bid(h.elsewhere, lamp, "20"))
		h.cache.Heard(heard(listingsapi.KindBidPlaced, lamp, h.seq(lamp)))
		require.EqualValues(t, 1, h.asks(func() { require.EqualValues(t, 1, h.read(lamp, guest).Bids) }))
		require.EqualValues(t, 1, h.asks(func() { h.openAt(now, guest) }))
		require.Zero(t, h.asks(func() { h.read(chair, guest) }))
	})

	t.Run("is no news when this server has committed it", func(t *testing.T) {
		t.Parallel()
		h := open(t, true)
		lamp := h.keep(builders.Draft().Published())
		require.NoError(t, h.bid(h.listings, lamp, "20"))
		h.read(lamp, guest)
		last := h.seq(lamp)
		for seq := range last {
			h.cache.Heard(heard(listingsapi.KindBidPlaced, lamp, seq+1))
			require.Zero(t, h.asks(func() { h.read(lamp, guest) }))
		}
		h.cache.Heard(heard(listingsapi.KindBidPlaced, lamp, last+1))
		require.EqualValues(t, 1, h.asks(func() { h.read(lamp, guest) }))
	})

	t.Run("changes all pages unless it is a bid, and none if no view shows it", func(t *testing.T) {
		t.Parallel()
		h := open(t, true)
		h.keep(builders.Draft().Published())
		for kind, want := range map[string]int64{
			listingsapi.KindBidPlaced: 0, listingsapi.KindPublished: 1, listingsapi.KindFrozen: 1, listingsapi.KindClosed: 1,
			listingsapi.KindSalePaid: 0, "profiles.renamed.v1": 0,
		} {
			h.openAt(now, guest)
			h.cache.Heard(heard(kind, builders.ID(), 1))
			require.Equal(t, want, h.asks(func() { h.openAt(now, guest) }), kind)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	parts := h.cache.Parts
	var lamps []uuid.UUID
	for range 20 {
		lamps = append(lamps, h.keep(builders.Draft().Described(strings.Repeat("lamp ", 400)).Published()))
	}
	fill := func(t *testing.T, c *readcache.Cache) readcache.Kept {
		t.Helper()
		for i, lamp := range lamps {
			_, err := c.Listing(t.Context(), lamp, guest, now)
			require.NoError(t, err)
			_, err = c.Listings(t.Context(), app.Filter{}, guest, page.Request{Limit: i + 1}, now)
			require.NoError(t, err)
		}
		require.Zero(t, c.Kept().Asking)
		return c.Kept()
	}

	t.Run("by number", func(t *testing.T) {
		t.Parallel()
		c := readcache.NewBounded(parts, 7, 1<<30, 5, 1<<30)
		kept := fill(t, c)
		require.Equal(t, 7, kept.Listings)
		require.Equal(t, 5, kept.Pages)
	})

	t.Run("by weight, of which a listing has at least what its texts take", func(t *testing.T) {
		t.Parallel()
		c := readcache.NewBounded(parts, 1000, 35_000, 1000, 500_000)
		kept := fill(t, c)
		require.LessOrEqual(t, kept.ListingsWeight, 35_000)
		require.Greater(t, kept.ListingsWeight, 30_000)
		require.Equal(t, kept.ListingsWeight/3000, kept.Listings)
		require.LessOrEqual(t, kept.PagesWeight, 500_000)
		require.Greater(t, kept.PagesWeight, 400_000)
	})

	t.Run("one answer has at most an eighth of it", func(t *testing.T) {
		t.Parallel()
		kept := fill(t, readcache.NewBounded(parts, 1000, 8*3000, 1000, 8*3000))
		require.Zero(t, kept.Listings)
		require.Zero(t, kept.Pages)
	})

	t.Run("what pages show is forgotten with them", func(t *testing.T) {
		t.Parallel()
		c := readcache.NewBounded(parts, 1000, 1<<30, 1000, 1<<30)
		require.NotZero(t, fill(t, c).Shown)
		c.Heard(events.Message{Kind: listingsapi.KindPublished, Aggregate: builders.ID(), Seq: 1})
		kept := c.Kept()
		require.Zero(t, kept.Pages)
		require.Zero(t, kept.PagesWeight)
		require.Zero(t, kept.Shown)
	})
}

func TestTurnedOff(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	lamp := h.keep(builders.Draft().Published())
	off := readcache.New(readcache.Parts{Views: h.store.Views, Showcase: h.store})
	require.Same(t, h.elsewhere, off.Watch(h.elsewhere))
	for n := int64(1); n <= 2; n++ {
		require.NoError(t, h.bid(h.elsewhere, lamp, []string{"20", "40"}[n-1]))
		record, err := off.Listing(t.Context(), lamp, guest, now)
		require.NoError(t, err)
		require.Equal(t, n, record.Bids)
		found, err := off.Listings(t.Context(), app.Filter{}, guest, page.Request{}, now)
		require.NoError(t, err)
		require.Equal(t, n, found.Items[0].Bids)
	}
	require.Zero(t, off.Kept().Listings)
}
