package domain_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// busy returns an open listing that so many bids were placed on.
func busy(t testingT, bids int) *auction {
	t.Helper()
	a := published(t)
	for i := range bids {
		amount := usd.Money(int64(100_000 + i*10_000)).Decimal()
		_, err := a.listing.PlaceBid(a.by(fmt.Sprint("bidder ", i%100)), dollars(amount), nil, start.Add(time.Duration(i)))
		require.NoError(t, err)
		a.listing.Settle()
	}
	return a
}

// placeNext does what a unit of work does for a bid: copy, bid, settle.
func placeNext(t testingT, a *auction) {
	s := a.state()
	c := a.listing.Snapshot()
	_, err := c.PlaceBid(domain.Command{ID: member("command"), Actor: domain.Actor{ID: member("Z")}},
		dollars(usd.Money(s.Standing.NextMinimum).Decimal()), nil, s.Head.At)
	if err != nil {
		require.NoError(t, err)
	}
	c.Settle()
}

// Not parallel: testing.AllocsPerRun counts what the whole process allocates.
func TestABidAllocatesTheSameHoweverManyCameBefore(t *testing.T) {
	few, many := busy(t, 10), busy(t, 100_000)
	perBid := func(a *auction) float64 { return testing.AllocsPerRun(100, func() { placeNext(t, a) }) }
	require.InDelta(t, perBid(few), perBid(many), 1)
}

func BenchmarkPlaceBid(b *testing.B) {
	for _, bids := range []int{10, 100_000} {
		b.Run(fmt.Sprint("after ", bids), func(b *testing.B) {
			a := busy(b, bids)
			b.ReportAllocs()
			for b.Loop() {
				placeNext(b, a)
			}
		})
	}
}
