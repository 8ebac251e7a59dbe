package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
)

// fieldsOf returns what a fault says about single fields.
func fieldsOf(t *testing.T, err error) []map[string]string {
	t.Helper()
	fields, ok := fault.Of(err).Fields()["errors"].([]map[string]string)
	require.True(t, ok, "%v", err)
	return fields
}

func TestPlaceBid(t *testing.T) {
	t.Parallel()

	t.Run("answers where the bid stands", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{Reserve: usd("18")})
		end := noon.Add(7 * 24 * time.Hour)
		first, second := uuid.New(), uuid.New()

		require.Empty(t, cmp.Diff(domain.BidAnswer{
			Result: domain.ResultLeading, Price: dollars(10_00), NextMinimum: dollars(11_00), OwnMaximum: dollars(15_00),
			EndsAt: end, Seq: 3, At: noon, Why: domain.WhyReserveNotMet,
		}, h.bid(id, first, "15")))
		h.clock.Advance(time.Second)
		require.Empty(t, cmp.Diff(domain.BidAnswer{
			Result: domain.ResultOutbid, Price: dollars(15_00), NextMinimum: dollars(16_00), OwnMaximum: dollars(15_00),
			EndsAt: end, Seq: 4, At: noon.Add(time.Second), Why: domain.WhyEarlierEqualMaximum,
		}, h.bid(id, second, "15")))
		require.Empty(t, cmp.Diff(domain.BidAnswer{
			Result: domain.ResultLeading, Price: dollars(18_00), NextMinimum: dollars(19_00), OwnMaximum: dollars(50_00),
			ReserveMet: true, EndsAt: end, Seq: 5, At: noon.Add(time.Second),
		}, h.bid(id, second, "50")))
	})

	refusals := map[string]struct {
		prepare func(h *house, id, seller, bidder uuid.UUID)
		maximum domain.Offer
		want    error
	}{
		"frozen": {
			prepare: func(h *house, id, _, _ uuid.UUID) {
				require.NoError(h.t, h.freeze.Do(h.t.Context(), app.FreezeListingCommand{Listing: id, By: moderator, Reason: "fraud"}))
			},
			maximum: usd("20"), want: domain.ErrListingFrozen,
		},
		"over, though no job has run": {
			prepare: func(h *house, _, _, _ uuid.UUID) { h.clock.Advance(7 * 24 * time.Hour) },
			maximum: usd("20"), want: domain.ErrListingNotOpen,
		},
		"not eligible": {
			prepare: func(h *house, _, _, bidder uuid.UUID) { h.bidders.refused[bidder] = domain.ErrBidderNotEligible },
			maximum: usd("20"), want: domain.ErrBidderNotEligible,
		},
		"not eligible, before the amount is looked at": {
			prepare: func(h *house, _, _, bidder uuid.UUID) { h.bidders.refused[bidder] = domain.ErrBidderNotEligible },
			maximum: usd("-1"), want: domain.ErrBidderNotEligible,
		},
		"in another currency": {maximum: domain.Offer{Amount: "20", Currency: "EUR"}, want: domain.ErrCurrencyMismatch},
		"no amount":           {maximum: usd("1e3"), want: domain.ErrAmountMalformed},
		"too low":             {maximum: usd("9.99"), want: domain.ErrBidTooLow},
		"not above his own": {
			prepare: func(h *house, id, _, bidder uuid.UUID) { h.bid(id, bidder, "20") },
			maximum: usd("20"), want: domain.ErrNotAboveOwnMaximum,
		},
	}
	for name, test := range refusals {
		t.Run("refuses a bid that is "+name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			seller, bidder := uuid.New(), uuid.New()
			id := h.publish(seller, domain.Content{})
			if test.prepare != nil {
				test.prepare(h, id, seller, bidder)
			}
			h.unchanged(id, test.want, func() error {
				_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{Listing: id, Bidder: bidder, Maximum: test.maximum})
				return err
			})
		})
	}
	t.Run("refuses the seller, and what nobody may see", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller := uuid.New()
		bid := func(id, bidder uuid.UUID) func() error {
			return func() error {
				_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{Listing: id, Bidder: bidder, Maximum: usd("20")})
				return err
			}
		}
		public, draft := h.publish(seller, domain.Content{}), h.draft(seller, domain.Content{})
		h.unchanged(public, domain.ErrSellerCannotBid, bid(public, seller))
		h.unchanged(draft, domain.ErrListingNotFound, bid(draft, uuid.New()))
		h.unchanged(draft, domain.ErrListingNotOpen, bid(draft, seller))
		require.ErrorIs(t, bid(uuid.New(), uuid.New())(), domain.ErrListingNotFound)
	})
	t.Run("says what the least is", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{})
		h.bid(id, uuid.New(), "30")
		_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{Listing: id, Bidder: uuid.New(), Maximum: usd("10.99")})
		require.Equal(t, map[string]string{"amount": "11.00", "currency": "USD"}, fault.Of(err).Fields()["next_minimum"])
		require.NotContains(t, err.Error(), "30.00")
	})
	t.Run("takes the stamp of the log where the clock went back", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{})
		h.clock.Advance(time.Minute)
		h.bid(id, uuid.New(), "20")
		answer, err := app.NewPlaceBid(h.elsewhere(clock.NewFixed(noon)), h.bidders).Do(t.Context(), app.PlaceBidCommand{
			Listing: id, Bidder: uuid.New(), Maximum: usd("15"),
		})
		require.NoError(t, err)
		require.Equal(t, noon.Add(time.Minute), answer.At)
	})
}

func TestBuyNow(t *testing.T) {
	t.Parallel()

	t.Run("ends the listing", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		id := h.publish(uuid.New(), domain.Content{BuyNow: usd("50")})
		buyer := uuid.New()
		h.clock.Advance(time.Minute)
		purchase, err := h.buyNow.Do(t.Context(), app.BuyNowCommand{Listing: id, Buyer: buyer})
		require.NoError(t, err)
		require.Equal(t, domain.Purchase{Price: dollars(50_00), EndsAt: noon.Add(time.Minute), Seq: 3}, purchase)
		state := h.state(id)
		require.Equal(t, domain.StatusSold, state.Status)
		require.Equal(t, buyer, state.Winner)
		require.EqualValues(t, 50_00, state.FinalPrice)
	})
	t.Run("is gone with the first bid, but not below the reserve", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		buy := func(id uuid.UUID) func() error {
			return func() error {
				_, err := h.buyNow.Do(t.Context(), app.BuyNowCommand{Listing: id, Buyer: uuid.New()})
				return err
			}
		}
		without, with := h.publish(uuid.New(), domain.Content{BuyNow: usd("50")}), h.publish(uuid.New(), domain.Content{BuyNow: usd("50"), Reserve: usd("40")})
		none := h.publish(uuid.New(), domain.Content{})
		h.bid(without, uuid.New(), "12")
		h.bid(with, uuid.New(), "12")
		h.unchanged(without, domain.ErrBuyNowUnavailable, buy(without))
		h.unchanged(none, domain.ErrBuyNowUnavailable, buy(none))
		require.NoError(t, buy(with)())
		h.unchanged(with, domain.ErrListingNotOpen, buy(with))
	})
	t.Run("refuses who may not bid", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		seller, suspended := uuid.New(), uuid.New()
		h.bidders.refused[suspended] = domain.ErrBidderNotEligible
		id := h.publish(seller, domain.Content{BuyNow: usd("50")})
		for member, want := range map[uuid.UUID]error{seller: domain.ErrSellerCannotBid, suspended: domain.ErrBidderNotEligible} {
			h.unchanged(id, want, func() error {
				_, err := h.buyNow.Do(t.Context(), app.BuyNowCommand{Listing: id, Buyer: member})
				return err
			})
		}
	})
}
