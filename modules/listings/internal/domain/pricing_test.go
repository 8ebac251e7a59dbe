package domain_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func liveBid(seq int64, bidder string, maximum int64) domain.LiveBid {
	return domain.LiveBid{Bid: domain.Bid{Seq: seq, Bidder: member(bidder), Max: maximum}}
}

func TestPrice(t *testing.T) {
	t.Parallel()
	type bids = []domain.LiveBid
	tests := map[string]struct {
		reserve int64
		bids    bids
		leader  int64 // seq
		price   int64
		next    int64
		unmet   bool
	}{
		"no bid":                                {price: 1000, next: 1000},
		"no bid, with a reserve":                {reserve: 5000, price: 1000, next: 1000, unmet: true},
		"one bid":                               {bids: bids{liveBid(1, "A", 2000)}, leader: 1, price: 1000, next: 1050},
		"one increment above the second":        {bids: bids{liveBid(1, "A", 2000), liveBid(2, "B", 1500)}, leader: 1, price: 1550, next: 1600},
		"clipped at the leader's maximum":       {bids: bids{liveBid(1, "A", 1510), liveBid(2, "B", 1500)}, leader: 1, price: 1510, next: 1560},
		"the earlier of two equal ones":         {bids: bids{liveBid(2, "B", 2000), liveBid(1, "A", 2000)}, leader: 1, price: 2000, next: 2050},
		"the increment is the second's":         {bids: bids{liveBid(1, "A", 99900), liveBid(2, "B", 2499)}, leader: 1, price: 2549, next: 2649},
		"own lower bids do not count":           {bids: bids{liveBid(1, "A", 2000), liveBid(2, "A", 3000)}, leader: 2, price: 1000, next: 1050},
		"nor as runner-up":                      {bids: bids{liveBid(1, "A", 2000), liveBid(2, "B", 1500), liveBid(3, "A", 3000)}, leader: 3, price: 1550, next: 1600},
		"one below the reserve":                 {reserve: 5000, bids: bids{liveBid(1, "A", 4999)}, leader: 1, price: 1000, next: 1050, unmet: true},
		"exactly the reserve":                   {reserve: 5000, bids: bids{liveBid(1, "A", 5000)}, leader: 1, price: 5000, next: 5100},
		"the second price above the reserve":    {reserve: 5000, bids: bids{liveBid(1, "A", 9000), liveBid(2, "B", 6000)}, leader: 1, price: 6100, next: 6200},
		"below the reserve the second price":    {reserve: 5000, bids: bids{liveBid(1, "A", 4000), liveBid(2, "B", 2000)}, leader: 1, price: 2050, next: 2100, unmet: true},
		"the reserve raises a lower price":      {reserve: 5000, bids: bids{liveBid(1, "A", 9000), liveBid(2, "B", 2000)}, leader: 1, price: 5000, next: 5100},
		"a raise ranks by the later bid's seq":  {bids: bids{liveBid(1, "A", 2000), liveBid(2, "B", 3000), liveBid(3, "A", 3000)}, leader: 2, price: 3000, next: 3100},
		"start price above the second's result": {bids: bids{liveBid(1, "A", 1000), liveBid(2, "B", 5000)}, leader: 2, price: 1050, next: 1100},
	}
	table, err := domain.BuiltInTable(domain.DefaultTable, usd)
	require.NoError(t, err)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := domain.Price(domain.PriceRules{Start: 1000, Reserve: tt.reserve, Table: table}, tt.bids)
			require.Equal(t, tt.leader, got.Leader.Seq)
			require.Equal(t, tt.price, got.Price)
			require.Equal(t, tt.next, got.NextMinimum)
			require.Equal(t, !tt.unmet, got.ReserveMet)
		})
	}
}

// The rules' own words, step by step: group by bidder, sort, look at the first two.
func priceByTheBook(rules domain.PriceRules, live []domain.LiveBid) (leader, runnerUp domain.Bid) {
	best := map[string]domain.Bid{}
	for _, b := range live {
		if kept, ok := best[b.Bidder.String()]; !ok || b.Max > kept.Max || b.Max == kept.Max && b.Seq < kept.Seq {
			best[b.Bidder.String()] = b.Bid
		}
	}
	var order []domain.Bid
	for _, b := range best {
		order = append(order, b)
	}
	slices.SortFunc(order, func(a, b domain.Bid) int {
		if a.Max != b.Max {
			return int(b.Max - a.Max)
		}
		return int(a.Seq - b.Seq)
	})
	order = append(order, domain.Bid{}, domain.Bid{})
	return order[0], order[1]
}

func TestPriceRanksAnyBidsInAnyOrder(t *testing.T) {
	t.Parallel()
	table, err := domain.BuiltInTable(domain.DefaultTable, usd)
	require.NoError(t, err)
	rules := domain.PriceRules{Start: 1, Table: table}
	rapid.Check(t, func(t *rapid.T) {
		var live []domain.LiveBid
		for seq := range rapid.IntRange(0, 12).Draw(t, "bids") {
			bidder := rapid.SampledFrom([]string{"A", "B", "C", "D"}).Draw(t, "bidder")
			live = append(live, liveBid(int64(seq+1), bidder, rapid.Int64Range(1, 6).Draw(t, "max")))
		}
		leader, runnerUp := priceByTheBook(rules, live)
		got := domain.Price(rules, rapid.Permutation(live).Draw(t, "order"))
		require.Equal(t, leader, got.Leader)
		require.Equal(t, runnerUp, got.RunnerUp)
	})
}

func TestTheLargestAmountsDoNotOverflow(t *testing.T) {
	t.Parallel()
	table, err := domain.NewIncrementTable("steep", []domain.IncrementRow{{From: 1, Increment: domain.MaxMinor}})
	require.NoError(t, err)
	got := domain.Price(domain.PriceRules{Start: domain.MaxMinor, Table: table},
		[]domain.LiveBid{liveBid(1, "A", domain.MaxMinor), liveBid(2, "B", domain.MaxMinor)})
	require.Equal(t, domain.MaxMinor, got.Price)
	require.Equal(t, 2*domain.MaxMinor, got.NextMinimum)
}
