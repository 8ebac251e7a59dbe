package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// retracting returns the command of a bidder.
func (h *house) retracting(listing, bidder uuid.UUID) func() error {
	return func() error {
		_, err := h.retract.Do(h.t.Context(), app.RetractBidsCommand{Listing: listing, Bidder: bidder, Reason: domain.ReasonWrongAmount})
		return err
	}
}

func TestRetractBids(t *testing.T) {
	t.Parallel()

	t.Run("takes back all bids early, and prices what is left", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{})
		third, second, leader := uuid.New(), uuid.New(), uuid.New()
		h.bid(id, third, "12")
		h.bid(id, second, "15")
		h.bid(id, leader, "20")
		h.bid(id, leader, "30")
		h.clock.Advance(time.Minute)
		got, err := h.retract.Do(t.Context(), app.RetractBidsCommand{Listing: id, Bidder: leader, Reason: domain.ReasonSellerUnreachable})
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(domain.Withdrawal{
			Bids: []int64{5, 6}, Price: dollars(13_00), NextMinimum: dollars(14_00), ReserveMet: true,
			EndsAt: noon.Add(7 * 24 * time.Hour), Seq: 7, At: noon.Add(time.Minute),
		}, got))
		require.Equal(t, second, h.state(id).Standing.Leader.Bidder)
	})
	t.Run("takes back only the newest bid late, and only for an hour", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{Duration: 24 * time.Hour})
		bidder := uuid.New()
		h.bid(id, bidder, "15")
		h.clock.Set(noon.Add(20 * time.Hour))
		h.bid(id, bidder, "20")
		h.clock.Advance(time.Hour + time.Microsecond)
		h.unchanged(id, domain.ErrTooLateToRetract, h.retracting(id, bidder))
		h.bid(id, bidder, "25")
		require.NoError(t, h.retracting(id, bidder)())
		require.EqualValues(t, 20_00, h.state(id).Standing.Leader.Max)
	})
	t.Run("counts three in thirty days over all listings", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		bidder := uuid.New()
		var last uuid.UUID
		for range 4 {
			last = h.publish(uuid.New(), domain.Content{Duration: 30 * 24 * time.Hour})
			h.bid(last, bidder, "20")
			if h.clock.Now().Before(noon.Add(3 * time.Hour)) {
				require.NoError(t, h.retracting(last, bidder)())
				h.clock.Advance(time.Hour)
			}
		}
		h.unchanged(last, domain.ErrTooManyRetractions, h.retracting(last, bidder))
		other := uuid.New()
		h.bid(last, other, "30")
		require.NoError(t, h.retracting(last, other)(), "others have allowances of their own")

		h.clock.Set(noon.Add(30*24*time.Hour - time.Microsecond))
		fresh := h.publish(uuid.New(), domain.Content{})
		h.bid(fresh, bidder, "20")
		h.unchanged(fresh, domain.ErrTooManyRetractions, h.retracting(fresh, bidder))
		h.clock.Set(noon.Add(30 * 24 * time.Hour))
		require.NoError(t, h.retracting(fresh, bidder)())
	})
	t.Run("spends nothing on what is refused", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		bidder := uuid.New()
		id := h.publish(uuid.New(), domain.Content{})
		for range 5 {
			h.unchanged(id, domain.ErrNothingToRetract, h.retracting(id, bidder))
		}
		h.bid(id, bidder, "20")
		require.NoError(t, h.retracting(id, bidder)())
	})
}

func TestCancelBids(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, bidder, other := uuid.New(), uuid.New(), uuid.New()
	id := h.publish(seller, domain.Content{})
	h.bid(id, other, "15")
	h.bid(id, bidder, "20")
	cancelling := func(who domain.Actor, whom uuid.UUID, reason string) func() error {
		return func() error {
			_, err := h.cancelBids.Do(t.Context(), app.CancelBidsCommand{Listing: id, By: who, Bidder: whom, Reason: reason})
			return err
		}
	}
	h.unchanged(id, domain.ErrNotOwner, cancelling(by(uuid.New()), bidder, "no money"))
	h.unchanged(id, domain.ErrInvalidReason, cancelling(by(seller), bidder, " "))
	h.unchanged(id, domain.ErrNothingToCancel, cancelling(by(seller), uuid.New(), "no money"))

	require.NoError(t, cancelling(by(seller), bidder, "no money")())
	require.Equal(t, other, h.state(id).Standing.Leader.Bidder)
	require.EqualValues(t, 10_00, h.state(id).Standing.Price)
	h.unchanged(id, domain.ErrBidderNotEligible, func() error {
		_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{Listing: id, Bidder: bidder, Maximum: usd("40")})
		return err
	})
	require.NoError(t, cancelling(moderator, other, "no money")())
	require.False(t, h.state(id).Standing.HasLeader())
}
