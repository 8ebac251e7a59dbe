package contract

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// dealingCases say what a member is told about himself.
var dealingCases = []testCase{
	{"whoever sells has to do with it until it is over", sellersDealings},
	{"whoever bids has to do with it while a bid of his counts", biddersDealings},
	{"no more dealings are told than were asked for", dealingsLimited},
	{"a seller's listings are read in portions, drafts and all", soldInPortions},
	{"a bidder's events are read in portions, over all listings or one", bidsInPortions},
}

// running returns what a member has to do with, by listing.
func (s *subject) running(t *testing.T, member uuid.UUID, now time.Time) map[uuid.UUID]app.Part {
	t.Helper()
	found, err := s.Dealings.Running(t.Context(), member, now, 100)
	require.NoError(t, err)
	parts := map[uuid.UUID]app.Part{}
	for _, d := range found {
		require.NotContains(t, parts, d.Listing)
		require.Equal(t, s.state(t, d.Listing).Title, d.Title)
		parts[d.Listing] = d.Part
	}
	return parts
}

func sellersDealings(t *testing.T, s *subject) {
	for name, made := range states(t) {
		state := s.keep(t, made).State
		for _, now := range instantsAround(state) {
			status := state.Phase().At(now)
			parts := s.running(t, state.Seller, now)
			if status == domain.StatusScheduled || status == domain.StatusOpen {
				require.Equal(t, app.PartSeller, parts[state.ID], "%s at %s", name, now)
			} else {
				require.NotContains(t, parts, state.ID, "%s at %s", name, now)
			}
		}
	}
}

func biddersDealings(t *testing.T, s *subject) {
	alice, bob := newID(), newID()
	listing := func() *builders.Listing { return builders.Draft().Published() }
	cases := map[string]struct {
		listing    *builders.Listing
		alice, bob app.Part
	}{
		"leading and outbid":         {listing().BidBy(alice, "20").BidBy(bob, "30"), app.PartBidder, app.PartLeader},
		"three bids, one behind":     {listing().BidBy(alice, "20").BidBy(bob, "30").BidBy(alice, "25"), app.PartBidder, app.PartLeader},
		"retracted":                  {listing().BidBy(alice, "20").BidBy(bob, "30").RetractedBy(alice), "", app.PartLeader},
		"retracted twice, bid again": {listing().BidBy(alice, "20").RetractedBy(alice).BidBy(bob, "30").BidBy(alice, "20.50"), app.PartBidder, app.PartLeader},
		"cancelled":                  {listing().BidBy(alice, "20").BidBy(bob, "30").WithBidsCancelled(bob), app.PartLeader, ""},
		"the listing cancelled":      {listing().BidBy(alice, "20").Cancelled(), "", ""},
		"frozen":                     {listing().BidBy(alice, "20").Frozen(), app.PartLeader, ""},
		"bought by another":          {builders.Draft().WithReserve("50").WithBuyNow("60").Published().BidBy(alice, "20").BoughtBy(bob), "", ""},
	}
	want := map[string]map[uuid.UUID]app.Part{"alice": {}, "bob": {}}
	for name, c := range cases {
		s.keep(t, c.listing)
		for who, part := range map[string]app.Part{"alice": c.alice, "bob": c.bob} {
			if part != "" {
				want[who][c.listing.ID()] = part
			}
		}
		require.Equal(t, want["alice"], s.running(t, alice, builders.Epoch), name)
		require.Equal(t, want["bob"], s.running(t, bob, builders.Epoch), name)
	}
	require.Empty(t, s.running(t, newID(), builders.Epoch))

	later := s.running(t, alice, builders.Epoch.AddDate(1, 0, 0))
	require.Equal(t, map[uuid.UUID]app.Part{cases["frozen"].listing.ID(): app.PartLeader}, later, "what is frozen does not end")
	end := s.state(t, cases["leading and outbid"].listing.ID()).EndsAt
	require.Len(t, s.running(t, alice, end.Add(-time.Microsecond)), len(want["alice"]))
	require.Len(t, s.running(t, alice, end), 1)
}

func dealingsLimited(t *testing.T, s *subject) {
	member, other := newID(), newID()
	var all []*builders.Listing
	for range 3 {
		all = append(all,
			builders.Draft().By(member).Published(),
			builders.Draft().Published().BidBy(member, "20").RetractedBy(member),
			builders.Draft().Published().BidBy(member, "20").BidBy(other, "30"))
	}
	s.storeAll(t, all)
	parts := func(limit int) (parts []app.Part) {
		found, err := s.Dealings.Running(t.Context(), member, builders.Epoch, limit)
		require.NoError(t, err)
		for _, d := range found {
			parts = append(parts, d.Part)
		}
		require.True(t, slices.IsSortedFunc(found, func(a, b app.Dealing) int {
			return cmp.Or(-cmp.Compare(a.Part, b.Part), slices.Compare(a.Listing[:], b.Listing[:]))
		}))
		return parts
	}
	whole := []app.Part{app.PartSeller, app.PartSeller, app.PartSeller, app.PartBidder, app.PartBidder, app.PartBidder}
	for limit := 1; limit <= len(whole)+1; limit++ {
		require.Equal(t, whole[:min(limit, len(whole))], parts(limit), "limit %d", limit)
	}
}

func soldInPortions(t *testing.T, s *subject) {
	seller := newID()
	draft := func() *builders.Listing { return builders.Draft().By(seller) }
	all := []*builders.Listing{
		draft().WithReserve("50"), draft().Published(), draft().Published().Appended("More."),
		draft().Published().BidBy(newID(), "20").After(30 * day).Closed(), draft(),
	}
	s.keep(t, builders.Draft())
	want := map[uuid.UUID]domain.State{}
	for _, l := range all {
		want[l.ID()] = s.keep(t, l).State
	}
	var after uuid.UUID
	for left := len(all); left > 0; {
		states, err := s.Dealings.Sold(t.Context(), seller, after, 2)
		require.NoError(t, err)
		require.Len(t, states, min(2, left))
		for _, state := range states {
			require.Positive(t, slices.Compare(state.ID[:], after[:]))
			requireSameState(t, want[state.ID], state)
			after = state.ID
			left--
		}
	}
	states, err := s.Dealings.Sold(t.Context(), seller, after, 2)
	require.NoError(t, err)
	require.Empty(t, states)
}

func bidsInPortions(t *testing.T, s *subject) {
	alice, bob := newID(), newID()
	first := builders.Draft().Published().BidBy(alice, "20").BidBy(bob, "30").BidBy(alice, "40").RetractedBy(alice)
	second := builders.Draft().Published().BidBy(bob, "20").BidBy(alice, "30").WithBidsCancelled(alice)
	third := builders.Draft().WithBuyNow("60").Published().BoughtBy(alice)
	var want []domain.Event
	for _, l := range []*builders.Listing{first, second, third} {
		for _, e := range s.keep(t, l).Log {
			if e.Sealed.Bidder == alice {
				want = append(want, e)
			}
		}
	}
	slices.SortFunc(want, func(a, b domain.Event) int {
		return cmp.Or(slices.Compare(a.Listing[:], b.Listing[:]), cmp.Compare(a.Seq, b.Seq))
	})
	require.Len(t, want, 6)

	read := func(ctx context.Context, wanted app.BidsRange) (all []domain.Event) {
		for {
			events, err := s.Dealings.Bids(ctx, alice, wanted)
			require.NoError(t, err)
			if len(events) == 0 {
				return all
			}
			require.LessOrEqual(t, len(events), wanted.Limit)
			all = append(all, events...)
			last := events[len(events)-1]
			wanted.AfterListing, wanted.AfterSeq = last.Listing, last.Seq
		}
	}
	for limit := 1; limit <= 7; limit++ {
		requireSameEvents(t, want, read(t.Context(), app.BidsRange{Limit: limit}))
	}
	one := slices.DeleteFunc(slices.Clone(want), func(e domain.Event) bool { return e.Listing != first.ID() })
	requireSameEvents(t, one, read(t.Context(), app.BidsRange{Listing: first.ID(), Limit: 2}))
}
