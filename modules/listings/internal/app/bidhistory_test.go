package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// shownBid is what the tests compare of a bid record.
type shownBid struct {
	Seq      int64
	BidderID uuid.UUID
	Maximum  int64
	Price    int64
	Standing app.BidStanding
	Reason   string
}

// history returns the bids on a listing as somebody sees them.
func (h *house) history(id uuid.UUID, viewer domain.Actor) []shownBid {
	h.t.Helper()
	bids, err := h.bids.Page(h.t.Context(), id, viewer, page.Request{})
	require.NoError(h.t, err)
	shown := make([]shownBid, len(bids.Items))
	secret := h.state(id).Secret
	for i, b := range bids.Items {
		shown[i] = shownBid{b.Seq, b.BidderID, b.Maximum.Minor, b.Price.Minor, b.Standing, string(b.RetractReason) + b.CancelReason}
		if b.BidderID != uuid.Nil {
			require.Equal(h.t, secret.AliasOf(b.BidderID), b.Bidder)
		}
		require.False(h.t, b.Bidder.IsZero())
	}
	return shown
}

func TestBidHistoryDisclosesToEachWhatIsHis(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, retractor, cancelled, loser, leader := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	id := h.publish(seller, domain.Content{})
	h.bid(id, retractor, "12")
	h.bid(id, cancelled, "14")
	h.bid(id, loser, "16")
	h.bid(id, leader, "30")
	require.NoError(t, h.retracting(id, retractor)())
	_, err := h.cancelBids.Do(t.Context(), app.CancelBidsCommand{Listing: id, By: by(seller), Bidder: cancelled, Reason: "no money"})
	require.NoError(t, err)

	wrong := string(domain.ReasonWrongAmount)
	none := uuid.Nil
	views := map[string]struct {
		viewer domain.Actor
		want   []shownBid
	}{
		"a visitor": {viewer: domain.Actor{}, want: []shownBid{
			{6, none, 0, 17_00, app.BidLive, ""},
			{5, none, 16_00, 15_00, app.BidLive, ""},
			{4, none, 0, 13_00, app.BidCancelled, ""},
			{3, none, 0, 10_00, app.BidRetracted, wrong},
		}},
		"the leader": {viewer: by(leader), want: []shownBid{
			{6, leader, 30_00, 17_00, app.BidLive, ""},
			{5, none, 16_00, 15_00, app.BidLive, ""},
			{4, none, 0, 13_00, app.BidCancelled, ""},
			{3, none, 0, 10_00, app.BidRetracted, wrong},
		}},
		"who retracted": {viewer: by(retractor), want: []shownBid{
			{6, none, 0, 17_00, app.BidLive, ""},
			{5, none, 16_00, 15_00, app.BidLive, ""},
			{4, none, 0, 13_00, app.BidCancelled, ""},
			{3, retractor, 12_00, 10_00, app.BidRetracted, wrong},
		}},
		"who was cancelled": {viewer: by(cancelled), want: []shownBid{
			{6, none, 0, 17_00, app.BidLive, ""},
			{5, none, 16_00, 15_00, app.BidLive, ""},
			{4, cancelled, 14_00, 13_00, app.BidCancelled, "no money"},
			{3, none, 0, 10_00, app.BidRetracted, wrong},
		}},
		"the seller, who sees who they are but not what they would pay": {viewer: by(seller), want: []shownBid{
			{6, leader, 0, 17_00, app.BidLive, ""},
			{5, loser, 16_00, 15_00, app.BidLive, ""},
			{4, cancelled, 0, 13_00, app.BidCancelled, "no money"},
			{3, retractor, 0, 10_00, app.BidRetracted, wrong},
		}},
		"a moderator, who sees the same": {viewer: moderator, want: []shownBid{
			{6, leader, 0, 17_00, app.BidLive, ""},
			{5, loser, 16_00, 15_00, app.BidLive, ""},
			{4, cancelled, 0, 13_00, app.BidCancelled, "no money"},
			{3, retractor, 0, 10_00, app.BidRetracted, wrong},
		}},
	}
	for name, test := range views {
		require.Equal(t, test.want, h.history(id, test.viewer), name)
	}

	h.clock.Advance(30 * 24 * time.Hour)
	require.Equal(t, views["a visitor"].want, h.history(id, domain.Actor{}), "until the log says that it is over")
	require.Equal(t, 1, h.keep())
	require.Equal(t, []shownBid{
		{6, none, 0, 17_00, app.BidLive, ""},
		{5, none, 16_00, 15_00, app.BidLive, ""},
		{4, none, 14_00, 13_00, app.BidCancelled, "no money"},
		{3, none, 12_00, 10_00, app.BidRetracted, wrong},
	}, h.history(id, domain.Actor{}), "then all is told but what the winner would have paid")
}

func TestBidHistoryPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := uuid.New()
	id, other, draft := h.publish(seller, domain.Content{}), h.publish(seller, domain.Content{}), h.draft(seller, domain.Content{})
	for i := range int64(5) {
		h.bid(id, uuid.New(), dollars(20_00+i*10_00).Decimal())
	}
	seqs := func(cursor page.Cursor) ([]int64, page.Cursor) {
		bids, err := h.bids.Page(t.Context(), id, domain.Actor{}, page.Request{Limit: 2, Cursor: cursor})
		require.NoError(t, err)
		var all []int64
		for _, b := range bids.Items {
			all = append(all, b.Seq)
		}
		return all, bids.Next
	}
	first, next := seqs("")
	require.Equal(t, []int64{7, 6}, first)
	h.bid(id, uuid.New(), "200")
	second, after := seqs(next)
	require.Equal(t, []int64{5, 4}, second, "new bids move nothing")
	third, end := seqs(after)
	require.Equal(t, []int64{3}, third)
	require.Empty(t, end)

	_, err := h.bids.Page(t.Context(), other, domain.Actor{}, page.Request{Cursor: next})
	require.ErrorIs(t, err, page.ErrInvalidCursor, "a cursor of another listing")
	_, err = h.bids.Page(t.Context(), id, domain.Actor{}, page.Request{Cursor: "nonsense"})
	require.ErrorIs(t, err, page.ErrInvalidCursor)

	own, err := h.bids.Page(t.Context(), draft, by(seller), page.Request{})
	require.NoError(t, err)
	require.Empty(t, own.Items)
	for _, viewer := range []domain.Actor{{}, by(uuid.New()), moderator} {
		_, err := h.bids.Page(t.Context(), draft, viewer, page.Request{})
		require.ErrorIs(t, err, domain.ErrListingNotFound)
	}
	_, err = h.bids.Page(t.Context(), uuid.New(), domain.Actor{}, page.Request{})
	require.ErrorIs(t, err, domain.ErrListingNotFound)
}
