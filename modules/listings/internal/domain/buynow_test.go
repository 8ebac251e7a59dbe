package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestBuyNow(t *testing.T) {
	t.Parallel()

	t.Run("ends the listing at the stamp in favour of the buyer", func(t *testing.T) {
		t.Parallel()
		a := published(t, reserve("30.00"), buyNow("40.00"))
		a.bids(0, "A", "20.00")
		got, err := a.buyNow("B", time.Hour)
		require.NoError(t, err)
		require.Equal(t, domain.Purchase{Price: usd.Money(4000), EndsAt: start.Add(time.Hour), Seq: 4}, got)
		require.Equal(t, got, domain.PurchaseOf(a.last()))
		require.Equal(t, domain.StatusSold, a.state().Status)
		require.Equal(t, member("B"), a.state().Winner)
		require.EqualValues(t, 4000, a.state().FinalPrice)
		require.False(t, a.close(end), "nothing is left to close")
		a.refused(domain.ErrListingNotOpen, func() error { return second(a.buyNow("C", 2*time.Hour)) })
		a.refused(domain.ErrListingNotOpen, func() error { return second(a.bid("C", "90.00", time.Hour)) })
		auditAll(t, a)
	})

	t.Run("at the start it opens the listing and ends it", func(t *testing.T) {
		t.Parallel()
		a := published(t, buyNow("40.00"), startingAt(start.Add(time.Hour)))
		a.refused(domain.ErrListingNotOpen, func() error { return second(a.buyNow("B", time.Hour-time.Microsecond)) })
		require.NoError(t, second(a.buyNow("B", time.Hour)))
		require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindOpened, domain.KindBought}, a.kinds())
		auditAll(t, a)
	})

	t.Run("is checked like a bid first", func(t *testing.T) {
		t.Parallel()
		a := published(t) // without a Buy It Now price, which is judged last
		refusal := domain.ErrBidderNotEligible
		a.refused(refusal, func() error {
			return second(a.listing.BuyNow(a.by(seller), refusal, start))
		})
		a.refused(domain.ErrSellerCannotBid, func() error { return second(a.buyNow(seller, 0)) })
		a.refused(domain.ErrBuyNowUnavailable, func() error { return second(a.buyNow("A", 0)) })
		a.refused(domain.ErrListingNotOpen, func() error { return second(a.buyNow("A", end)) })
		require.NoError(t, a.freeze(0))
		a.refused(domain.ErrListingFrozen, func() error { return second(a.buyNow("A", 0)) })
		a = drafted(t)
		a.refused(domain.ErrListingNotFound, func() error { return second(a.buyNow("A", 0)) })
	})

	t.Run("is gone while the reserve is met, and comes back", func(t *testing.T) {
		t.Parallel()
		a := published(t, reserve("30.00"), buyNow("40.00"))
		a.bids(0, "A", "29.99")
		require.True(t, a.state().Phase().BuyNowAvailable(start))
		a.bids(time.Minute, "B", "30.00")
		a.refused(domain.ErrBuyNowUnavailable, func() error { return second(a.buyNow("C", time.Hour)) })
		require.NoError(t, second(a.retract("B", time.Hour)))
		require.NoError(t, second(a.buyNow("C", time.Hour)))
	})

	t.Run("a bid of the price or more is an ordinary bid", func(t *testing.T) {
		t.Parallel()
		a := published(t, buyNow("40.00"))
		answer, err := a.bid("A", "50.00", 0)
		require.NoError(t, err)
		require.Equal(t, "10.00", answer.Price.Decimal())
		require.Equal(t, domain.StatusOpen, a.state().Status)
	})
}
