package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

const end = 48 * time.Hour // of an auction with the usual content

func TestAnOpenListingTakesBidsFromItsStartUntilJustBeforeItsEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at   time.Duration
		want error
	}{
		"one microsecond before the start": {at: time.Hour - time.Microsecond, want: domain.ErrListingNotOpen},
		"exactly at the start":             {at: time.Hour},
		"one microsecond before the end":   {at: time.Hour + end - time.Microsecond},
		"exactly at the end":               {at: time.Hour + end, want: domain.ErrListingNotOpen},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := published(t, startingAt(start.Add(time.Hour)))
			if tt.want != nil {
				a.refused(tt.want, func() error { return second(a.bid("A", "10.00", tt.at)) })
				return
			}
			answer, err := a.bid("A", "10.00", tt.at)
			require.NoError(t, err)
			require.Equal(t, domain.ResultLeading, answer.Result)
			require.Equal(t, start.Add(tt.at), answer.At)
			auditAll(t, a)
		})
	}
}

// Each case breaks the rule that it is named for and every rule that is judged later.
func TestTheFirstCheckThatFailsAnswers(t *testing.T) {
	t.Parallel()
	suspended := domain.ErrBidderNotEligible.Detailf("You are suspended.")
	draft := func(t *testing.T) *auction { return drafted(t) }
	over := func(t *testing.T) *auction {
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00")
		require.NoError(t, second(a.cancelBids(seller, "A", time.Hour)))
		require.True(t, a.close(end))
		return a
	}
	frozen := func(t *testing.T) *auction {
		a := published(t)
		require.NoError(t, a.freeze(0))
		return a
	}
	running := func(t *testing.T) *auction {
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00")
		require.NoError(t, second(a.cancelBids(seller, "A", time.Hour)))
		return a
	}
	wrong := domain.Offer{Amount: "x", Currency: "EUR"}
	tests := map[string]struct {
		auction     func(*testing.T) *auction
		bidder      string
		offer       domain.Offer
		eligibility error
		want        error
	}{
		"another's draft":          {auction: draft, bidder: "A", offer: wrong, eligibility: suspended, want: domain.ErrListingNotFound},
		"own draft":                {auction: draft, bidder: seller, offer: wrong, eligibility: suspended, want: domain.ErrListingNotOpen},
		"frozen, and past the end": {auction: frozen, bidder: "A", offer: wrong, eligibility: suspended, want: domain.ErrListingFrozen},
		"over":                     {auction: over, bidder: "A", offer: wrong, eligibility: suspended, want: domain.ErrListingNotOpen},
		"not eligible":             {auction: running, bidder: seller, offer: wrong, eligibility: suspended, want: suspended},
		"bids cancelled":           {auction: running, bidder: "A", offer: wrong, want: domain.ErrBidderNotEligible},
		"the seller":               {auction: running, bidder: seller, offer: wrong, want: domain.ErrSellerCannotBid},
		"another currency":         {auction: running, bidder: "B", offer: wrong, want: domain.ErrCurrencyMismatch},
		"no amount":                {auction: running, bidder: "B", offer: dollars("x"), want: domain.ErrAmountMalformed},
		"too precise":              {auction: running, bidder: "B", offer: dollars("0.000"), want: domain.ErrAmountTooPrecise},
		"too large":                {auction: running, bidder: "B", offer: dollars("99999999999999999"), want: domain.ErrAmountTooLarge},
		"zero":                     {auction: running, bidder: "B", offer: dollars("0"), want: domain.ErrAmountNotPositive},
		"own maximum":              {auction: running, bidder: "B", offer: dollars("0.01"), want: domain.ErrNotAboveOwnMaximum},
		"too low":                  {auction: running, bidder: "C", offer: dollars("0.01"), want: domain.ErrBidTooLow},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := tt.auction(t)
			at := 2 * time.Hour
			if a.state().Status.Final() || a.state().Frozen {
				at = end + time.Hour
			}
			a.refused(tt.want, func() error {
				defer a.settle()
				return second(a.listing.PlaceBid(a.by(tt.bidder), tt.offer, tt.eligibility, start.Add(at)))
			})
		})
	}
}

func TestTheEligibilityIsAnsweredAsItIs(t *testing.T) {
	t.Parallel()
	a := published(t)
	refusal := domain.ErrBidderNotEligible.Detailf("Confirm your address first.")
	_, err := a.listing.PlaceBid(a.by("A"), dollars("10"), refusal, start)
	require.Same(t, refusal, fault.Of(err))
}

func TestABidThatIsTooLowIsToldTheNextMinimum(t *testing.T) {
	t.Parallel()
	a := published(t)
	a.bids(0, "A", "20.00")
	_, err := a.bid("B", "10.49", time.Minute)
	require.ErrorIs(t, err, domain.ErrBidTooLow)
	require.Equal(t, map[string]string{"amount": "10.50", "currency": "USD"}, fault.Of(err).Fields()["next_minimum"])
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.NotContains(t, err.Error(), "20.00", "the leader's maximum is a secret")

	answer, err := a.bid("B", "10.50", time.Minute)
	require.NoError(t, err)
	require.Equal(t, domain.ResultOutbid, answer.Result)
}

func TestEveryAnswerExplainsItself(t *testing.T) {
	t.Parallel()
	type answer struct {
		result domain.Result
		price  string
		next   string
		met    bool
		why    domain.Why
	}
	a := published(t, reserve("25.00"))
	steps := []struct {
		bidder, amount string
		want           answer
	}{
		{"A", "20.00", answer{domain.ResultLeading, "10.00", "10.50", false, domain.WhyReserveNotMet}},
		{"B", "15.00", answer{domain.ResultOutbid, "15.50", "16.00", false, domain.WhyHigherMaximum}},
		{"B", "20.00", answer{domain.ResultOutbid, "20.00", "20.50", false, domain.WhyEarlierEqualMaximum}},
		{"C", "20.50", answer{domain.ResultLeading, "20.50", "21.00", false, domain.WhyReserveNotMet}},
		{"C", "25.00", answer{domain.ResultLeading, "25.00", "26.00", true, ""}},
		{"C", "25.01", answer{domain.ResultLeading, "25.00", "26.00", true, ""}},
		{"B", "26.00", answer{domain.ResultLeading, "26.00", "27.00", true, ""}},
	}
	for i, step := range steps {
		got, err := a.bid(step.bidder, step.amount, time.Duration(i)*time.Minute)
		require.NoError(t, err)
		require.Equal(t, step.want, answer{got.Result, got.Price.Decimal(), got.NextMinimum.Decimal(), got.ReserveMet, got.Why}, "step %d", i)
		require.Equal(t, step.amount, got.OwnMaximum.Decimal())
		require.Equal(t, start.Add(end), got.EndsAt)
		require.Equal(t, a.state().Head.Seq, got.Seq)
		require.Equal(t, got, domain.BidAnswerOf(a.last()), "rebuilt from the log")
	}
	auditAll(t, a)
}

func TestALeaderRaisesHisOwnMaximum(t *testing.T) {
	t.Parallel()
	t.Run("by a cent, below the next minimum", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "10.00")
		a.bids(time.Minute, "A", "10.01")
		require.Equal(t, "10.00", a.price())
	})
	t.Run("but not to the same amount", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "10.00")
		a.refused(domain.ErrNotAboveOwnMaximum, func() error { return second(a.bid("A", "10.00", time.Minute)) })
	})
	t.Run("which moves the price where he was tied", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "20.00", "A", "20.10")
		require.Equal(t, "20.10", a.price())
		a.bids(time.Minute, "A", "30.00")
		require.Equal(t, "20.50", a.price())
	})
}

func TestTheStampNeverGoesBack(t *testing.T) {
	t.Parallel()
	a := published(t)
	a.bids(time.Hour, "A", "20.00")
	answer, err := a.bid("B", "30.00", 0)
	require.NoError(t, err)
	require.Equal(t, start.Add(time.Hour), answer.At)
}

func TestStampsAreMicrosecondsInUTC(t *testing.T) {
	t.Parallel()
	a := published(t)
	now := start.Add(time.Second + 1999*time.Nanosecond).In(time.FixedZone("CET", 3600))
	answer, err := a.listing.PlaceBid(a.by("A"), dollars("10"), nil, now)
	require.NoError(t, err)
	require.Equal(t, start.Add(time.Second+time.Microsecond), answer.At)
	require.Equal(t, time.UTC, answer.At.Location())
}

func TestWhoeverComesFirstAfterTheStartNotesThatItOpened(t *testing.T) {
	t.Parallel()
	a := published(t, startingAt(start.Add(time.Hour)))
	require.Equal(t, domain.StatusScheduled, a.state().Status)
	a.refused(domain.ErrBidTooLow, func() error { return second(a.bid("A", "1.00", 2*time.Hour)) })

	answer, err := a.bid("A", "10.00", 2*time.Hour)
	require.NoError(t, err)
	require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindOpened, domain.KindBidPlaced}, a.kinds())
	opened := a.log[1]
	require.Equal(t, start.Add(time.Hour), opened.At)
	require.Equal(t, domain.RoleClock, opened.Role)
	require.Equal(t, uuid.Nil, opened.Sealed.Command, "the command id belongs to the bid")
	require.EqualValues(t, 3, answer.Seq)
	require.Equal(t, domain.StatusOpen, a.state().Status)
	auditAll(t, a)
}

func TestACommandMovesTheVersionByOne(t *testing.T) {
	t.Parallel()
	a := drafted(t, startingAt(start.Add(time.Hour)))
	require.EqualValues(t, 1, a.listing.Version())
	require.NoError(t, a.publish(0))
	require.EqualValues(t, 2, a.listing.Version())
	a.bids(time.Hour, "A", "10.00")
	require.EqualValues(t, 3, a.listing.Version(), "though two events were appended")
	require.EqualValues(t, 3, a.last().Version)

	_, err := a.bid("A", "10.00", time.Hour)
	require.Error(t, err)
	recorded, changed := a.listing.Settle()
	require.Empty(t, recorded)
	require.False(t, changed)
	require.EqualValues(t, 3, a.listing.Version())
}

func TestTheEventSaysWhoLedBeforeAndAfter(t *testing.T) {
	t.Parallel()
	a := published(t)
	a.bids(0, "A", "20.00")
	require.Equal(t, uuid.Nil, a.last().Sealed.FormerLeader)
	require.Equal(t, member("A"), a.last().Sealed.Leader)
	a.bids(time.Minute, "B", "30.00")
	require.Equal(t, member("A"), a.last().Sealed.FormerLeader)
	require.Equal(t, member("B"), a.last().Sealed.Leader)
}
