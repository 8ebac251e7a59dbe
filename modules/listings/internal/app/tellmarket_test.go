package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/events"
)

// hear hands every event to the subscriber that it has not got yet.
func (h *house) hear() {
	h.t.Helper()
	for _, m := range h.outbox.Messages()[h.delivered:] {
		require.NoError(h.t, h.handle(m))
		h.delivered++
	}
}

// handle hands one event to the subscriber, in a unit of its own.
func (h *house) handle(m events.Message) error {
	switch m.Kind {
	case listingsapi.KindBidPlaced, listingsapi.KindBidsRetracted, listingsapi.KindBidsCancelled, listingsapi.KindBought,
		listingsapi.KindCancelled, listingsapi.KindClosed:
		return h.work.Do(h.t.Context(), func(ctx context.Context) error { return h.news.Do(ctx, m) })
	}
	return nil
}

func (h *house) close() {
	h.t.Helper()
	_, err := h.keepTime.Do(h.t.Context())
	require.NoError(h.t, err)
}

type kinds = map[uuid.UUID][]profilesapi.NoticeKind

func TestWhoIsOutbidIsToldOncePerMinute(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, bob := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{Title: "A chair"})
	h.clock.Set(noon.Add(10 * time.Second))
	h.bid(id, alice, "20")
	h.hear()
	require.Empty(t, h.notices.everybody())
	h.bid(id, bob, "30") // alice is outbid
	h.clock.Advance(10 * time.Second)
	h.bid(id, alice, "25") // and stays so
	h.bid(id, bob, "100")  // which changes nothing for her
	h.hear()
	require.Equal(t, kinds{alice: {profilesapi.NoticeOutbid}}, h.notices.everybody())
	told := h.notices.of(alice)[0]
	require.Equal(t, profilesapi.Notice{
		ID: told.ID, Member: alice, Kind: profilesapi.NoticeOutbid, Subject: "You have been outbid: A chair",
		Text: "Somebody else leads on “A chair” since Sunday, 1 March 2026, 12:00 UTC. The price is 21.00 USD.\n\n" +
			"To lead again, bid 22.00 USD or more before it ends on Sunday, 8 March 2026, 12:00 UTC.",
		About: id, Path: "/listings/" + id.String(), At: noon.Add(10 * time.Second), MailAt: noon.Add(time.Minute),
	}, told)

	h.clock.Set(noon.Add(40 * time.Second))
	h.bid(id, alice, "200")
	h.clock.Set(noon.Add(time.Minute - time.Microsecond))
	h.bid(id, bob, "300")
	h.hear()
	require.Len(t, h.notices.of(alice), 1, "in the same minute")
	require.Contains(t, h.notices.of(alice)[0].Text, "The price is 201.00 USD", "in later words")
	h.clock.Set(noon.Add(time.Minute))
	h.bid(id, alice, "400")
	h.bid(id, bob, "500")
	h.hear()
	require.Len(t, h.notices.of(alice), 2, "in the next one")
	require.Equal(t, noon.Add(2*time.Minute), h.notices.of(alice)[1].MailAt)
}

func TestWhoLeadsAgainWithinTheMinuteIsNotLeftWithOldNews(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by    func(h *house, id, alice, bob uuid.UUID)
		after time.Duration
		want  string
	}{
		"by a bid": {func(h *house, id, alice, _ uuid.UUID) { h.bid(id, alice, "50") }, time.Minute - time.Microsecond, "You lead again"},
		"because the other one retracts": {
			func(h *house, id, _, bob uuid.UUID) { require.NoError(h.t, h.retracting(id, bob)()) }, time.Minute - time.Microsecond, "You lead again",
		},
		"by a bid in the next minute": {func(h *house, id, alice, _ uuid.UUID) { h.bid(id, alice, "50") }, time.Minute, "You have been outbid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			alice, bob := uuid.New(), uuid.New()
			id := h.publish(uuid.New(), domain.Content{})
			h.bid(id, alice, "20")
			h.bid(id, bob, "30")
			h.hear()
			h.clock.Set(noon.Add(c.after))
			c.by(h, id, alice, bob)
			h.hear()
			told := h.notices.of(alice)
			require.Len(t, told, 1)
			require.Contains(t, told[0].Subject, c.want)
		})
	}
}

// A server hears of the last microsecond of a minute when the mail about that minute has left.
func TestWhatIsHeardAfterTheMinuteIsToldAllTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, bob := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{})
	h.bid(id, alice, "20")
	h.bid(id, bob, "30")
	h.hear()
	h.clock.Set(noon.Add(time.Minute - time.Microsecond))
	h.bid(id, alice, "200")
	h.bid(id, bob, "300")
	h.clock.Set(noon.Add(time.Minute))
	h.hear()
	told := h.notices.of(alice)
	require.Contains(t, told[0].Text, "The price is 21.00 USD")
	require.Contains(t, told[len(told)-1].Text, "The price is 201.00 USD")
}

func TestWhoLeadsForTheFirstTimeIsToldNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, bob := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{})
	h.bid(id, alice, "30")
	h.bid(id, bob, "20")
	require.NoError(t, h.retracting(id, alice)())
	h.bid(id, alice, "19")
	h.hear()
	require.Empty(t, h.notices.everybody(), "neither of them was outbid by anybody while he led")
}

func TestTheEndIsToldToEverybodyWhomItConcerns(t *testing.T) {
	t.Parallel()
	seller, winner, loser, gone, out := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	bids := func(h *house, id uuid.UUID) {
		h.bid(id, gone, "10")
		require.NoError(h.t, h.retracting(id, gone)())
		h.bid(id, out, "11")
		_, err := h.cancelBids.Do(h.t.Context(), app.CancelBidsCommand{Listing: id, Bidder: out, By: by(seller), Reason: "He does not pay."})
		require.NoError(h.t, err)
		h.bid(id, winner, "40")
		h.bid(id, loser, "20")
		h.bid(id, loser, "30")
	}
	for name, c := range map[string]struct {
		content domain.Content
		happens func(h *house, id uuid.UUID)
		want    kinds
		texts   map[uuid.UUID]string
	}{
		"sold": {
			happens: func(h *house, id uuid.UUID) { bids(h, id) },
			want:    kinds{seller: {"sold"}, winner: {"won"}, loser: {"lost"}, out: {"cancelled"}},
			texts:   map[uuid.UUID]string{seller: "31.00 USD", winner: "31.00 USD", loser: "31.00 USD", out: "cancelled your bids"},
		},
		"below the reserve": {
			content: domain.Content{Reserve: usd("77")},
			happens: func(h *house, id uuid.UUID) { bids(h, id) },
			want:    kinds{seller: {"unsold"}, winner: {"lost"}, loser: {"lost"}, out: {"cancelled"}},
			texts:   map[uuid.UUID]string{seller: "does not meet your reserve", winner: "its reserve was not met"},
		},
		"without a bid": {
			happens: func(*house, uuid.UUID) {},
			want:    kinds{seller: {"unsold"}},
			texts:   map[uuid.UUID]string{seller: "without a bid"},
		},
		"bought at once by a bidder": {
			content: domain.Content{BuyNow: usd("100"), Reserve: usd("90")},
			happens: func(h *house, id uuid.UUID) {
				bids(h, id)
				_, err := h.buyNow.Do(h.t.Context(), app.BuyNowCommand{Listing: id, Buyer: loser})
				require.NoError(h.t, err)
			},
			want:  kinds{seller: {"sold"}, loser: {"won"}, winner: {"lost"}, out: {"cancelled"}},
			texts: map[uuid.UUID]string{loser: "100.00 USD", winner: "100.00 USD"},
		},
		"called off by a moderator": {
			happens: func(h *house, id uuid.UUID) {
				bids(h, id)
				require.NoError(h.t, h.cancel.Do(h.t.Context(), app.CancelListingCommand{Listing: id, By: moderator, Reason: "It is not his."}))
			},
			want:  kinds{seller: {"cancelled"}, winner: {"cancelled"}, loser: {"cancelled"}, out: {"cancelled"}},
			texts: map[uuid.UUID]string{seller: "A moderator", winner: "was called off"},
		},
		"called off by the seller": {
			happens: func(h *house, id uuid.UUID) {
				bids(h, id)
				require.NoError(h.t, h.cancel.Do(h.t.Context(), app.CancelListingCommand{Listing: id, By: by(seller), Reason: "It broke."}))
			},
			want: kinds{winner: {"cancelled"}, loser: {"cancelled"}, out: {"cancelled"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			id := h.publish(seller, c.content)
			c.happens(h, id)
			h.clock.Advance(8 * 24 * time.Hour)
			h.close()
			h.hear()
			require.Equal(t, c.want, h.notices.everybody())
			for member, text := range c.texts {
				require.Contains(t, h.notices.of(member)[0].Text, text)
			}
			for member := range c.want {
				for _, n := range h.notices.of(member) {
					for _, secret := range []string{"77", "90.00", "40.00", "It is not his", "It broke", "does not pay"} {
						require.NotContains(t, n.Subject+n.Text, secret)
					}
					require.Equal(t, "/listings/"+id.String(), n.Path)
				}
			}
			for _, m := range h.outbox.Messages() { // as after a rewind
				require.NoError(t, h.handle(m))
			}
			require.Equal(t, c.want, h.notices.everybody(), "and nobody twice")
		})
	}
}

// crowd makes a listing with so many bidders, closes it and returns them without the winner.
func (h *house) crowd(bidders int) (id uuid.UUID, losers []uuid.UUID) {
	id = h.publish(uuid.New(), domain.Content{})
	for i := range bidders {
		losers = append(losers, uuid.New())
		h.bid(id, losers[i], fmt.Sprint(20+2*i))
	}
	h.clock.Advance(8 * 24 * time.Hour)
	h.close()
	return id, losers[:bidders-1]
}

// lost returns how many of the members were told that they have lost.
func (h *house) lost(members []uuid.UUID) (told int) {
	for _, member := range members {
		for _, n := range h.notices.of(member) {
			if n.Kind == profilesapi.NoticeLost {
				told++
			}
		}
	}
	return told
}

func TestTheBiddersOfALargeListingAreToldInPortions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ bidders, portions int }{{99, 0}, {100, 0}, {101, 1}, {250, 2}} {
		t.Run(fmt.Sprint(c.bidders), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			_, losers := h.crowd(c.bidders)
			h.hear()
			at := h.lost(losers)
			require.LessOrEqual(t, at, 100)
			require.GreaterOrEqual(t, at, min(99, len(losers)), "the first portion at once")
			portions, err := h.more.Do(t.Context())
			require.NoError(t, err)
			require.Equal(t, c.portions, portions)
			require.Equal(t, len(losers), h.lost(losers))
			require.LessOrEqual(t, h.notices.most, 102, "with the seller and the winner")
			portions, err = h.more.Do(t.Context())
			require.NoError(t, err)
			require.Zero(t, portions)
		})
	}
}

// late is a server that takes time between finding bidders, the first time, and telling them.
type late struct {
	app.Untold
	meanwhile func()
}

func (l *late) Bidders(ctx context.Context, listing, after uuid.UUID, limit int) ([]uuid.UUID, uuid.UUID, error) {
	live, last, err := l.Untold.Bidders(ctx, listing, after, limit)
	if meanwhile := l.meanwhile; meanwhile != nil {
		l.meanwhile = nil
		meanwhile()
	}
	return live, last, err
}

func TestTwoServersTellBiddersOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, losers := h.crowd(350)
	h.hear()
	last := slices.MaxFunc(losers, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	slow := &late{Untold: h.untold, meanwhile: func() { // another server tells the second and the third hundred
		h.notices.refuse(last, errors.New("no room"))
		portions, err := h.more.Do(t.Context())
		require.Error(t, err)
		require.Equal(t, 2, portions)
		h.notices.refuse(last, nil)
	}}
	portions, err := app.NewTellBidders(h.market, slow, h.news).Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, portions, "what is left; the second hundred is told already")
	require.Equal(t, len(losers), h.lost(losers))

	_, losers = h.crowd(150)
	h.hear()
	slow.meanwhile = func() {
		_, err := h.more.Do(t.Context())
		require.NoError(t, err)
	}
	portions, err = app.NewTellBidders(h.market, slow, h.news).Do(t.Context())
	require.NoError(t, err)
	require.Zero(t, portions, "everybody is told already")
	require.Equal(t, len(losers), h.lost(losers))
}

func TestALargeListingWhoseBiddersCannotBeToldHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	stuck, losers := h.crowd(120)
	_, others := h.crowd(120)
	h.hear()
	last := slices.MaxFunc(losers, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	h.notices.refuse(last, errors.New("no room"))
	_, err := h.more.Do(t.Context())
	require.ErrorContains(t, err, "no room")
	require.ErrorContains(t, err, stuck.String())
	require.Equal(t, len(others), h.lost(others))
	require.Less(t, h.lost(losers), len(losers))
	h.notices.refuse(last, nil)
	_, err = h.more.Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, len(losers), h.lost(losers))
}

func TestNewsThatMakesNoSenseIsAnError(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, payload := range []string{"", "{}", "null", `{"listing_id": 7}`, `{"listing_id": "` + uuid.NewString() + `"}`} {
		for _, kind := range []string{listingsapi.KindBidPlaced, listingsapi.KindClosed} {
			require.ErrorContains(t, h.handle(events.Message{Kind: kind, Payload: []byte(payload)}), "read "+kind)
		}
	}
	require.Empty(t, h.notices.everybody())
}
