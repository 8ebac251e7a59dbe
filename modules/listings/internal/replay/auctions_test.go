package replay_test

import (
	"encoding/csv"
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/replay"
	"github.com/gavelhq/gavel/platform/platformtest/realauctions"
)

func TestRealAuctionsWithoutReserves(t *testing.T) {
	t.Parallel()
	original := realauctions.File(t)
	report := replayed(t, original, replay.ReserveNone)
	requireRealAuctions(t, report, 477, map[string]int{"not_above_own_maximum": 50, "bid_too_low": 4})

	// Recorded prices are only compared with: raised ones change nothing that is computed.
	raised := replayed(t, raise(t, original), replay.ReserveNone)
	require.Zero(t, raised.Exact)
	require.Len(t, raised.Differing, 492)
	computed := map[string]string{}
	for _, d := range report.Differing {
		computed[d.Auction] = d.Computed
	}
	for _, d := range raised.Differing {
		want, differed := computed[d.Auction]
		if !differed {
			want = cents(t, d.Recorded, -1)
		}
		require.Equal(t, want, d.Computed, d.Auction)
	}
}

func TestRealAuctionsWithTheRecordedPriceAsReserve(t *testing.T) {
	t.Parallel()
	report := replayed(t, realauctions.File(t), replay.ReserveRecorded)
	requireRealAuctions(t, report, 490, map[string]int{"not_above_own_maximum": 50, "bid_too_low": 388})
	require.Empty(t, cmp.Diff([]replay.Difference{
		{
			Auction: "3016587753", Recorded: "255.00", Computed: "0.01",
			Why: "no bid reaches the recorded price: the highest maximum is 5.00",
		},
		{
			Auction: "3017736272", Recorded: "238.00", Computed: "255.00",
			Why: "two bidders went higher than recorded: to 255.00 and to 250.01",
		},
	}, report.Differing))
}

func requireRealAuctions(t *testing.T, report *replay.Report, exact int, refused map[string]int) {
	t.Helper()
	accepted := 8728
	for _, n := range refused {
		accepted -= n
	}
	require.Equal(t, 492, report.Auctions)
	require.Equal(t, 8728, report.Bids)
	require.Empty(t, cmp.Diff(refused, report.Refused))
	require.Equal(t, accepted, report.Accepted)
	require.Equal(t, 492, report.Closed)
	require.Equal(t, exact, report.Exact)
	require.Len(t, report.Differing, 492-exact)
	require.Equal(t, int64(492), report.ChainsVerified)
	require.Equal(t, int64(3*492+accepted), report.Events, "published, opened and closed, and the bids")
}

// raise writes a copy of a recording with every recorded price raised by 0.01.
func raise(t *testing.T, name string) string {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		row[6] = cents(t, row[6], 1)
	}
	var text strings.Builder
	require.NoError(t, csv.NewWriter(&text).WriteAll(rows))
	return write(t, "raised.csv", text.String())
}

// cents adds cents to an amount.
func cents(t *testing.T, amount string, n int64) string {
	t.Helper()
	sum, ok := new(big.Rat).SetString(amount)
	require.True(t, ok)
	return sum.Add(sum, big.NewRat(n, 100)).FloatString(2)
}

const head = "auctionid,bid,bidtime,bidder,bidderrate,openbid,price,item,auction_type\n"

// small has two auctions, one of which a reserve explains.
const small = head +
	"1,20,0.5,anna,3,9.99,15.5,A lamp,3 day auction\n" +
	"2,3,2.25,bert,0,1,2.5,A cup,7 day auction\n" +
	"1,15,1.25,bert,0,9.99,15.5,A lamp,3 day auction\n" +
	"1,15,1.25,anna,3,9.99,15.5,A lamp,3 day auction\n" +
	"1,99.99,3,carl,5,9.99,15.5,A lamp,3 day auction\n"

func TestTheReportForPrograms(t *testing.T) {
	t.Parallel()
	report := replayed(t, write(t, "small.csv", small), replay.ReserveNone)
	report.Took = 0
	text, err := json.MarshalIndent(report, "", " ")
	require.NoError(t, err)
	require.Equal(t, `{
 "auctions": 2,
 "bids": 5,
 "accepted": 3,
 "refused": {
  "listing_not_open": 1,
  "not_above_own_maximum": 1
 },
 "closed": 2,
 "exact": 1,
 "differing": [
  {
   "auction": "2",
   "recorded": "2.50",
   "computed": "1.00"
  }
 ],
 "events": 9,
 "chains_verified": 2,
 "seconds": 0
}`, string(text))
}

func TestTheReportForPeople(t *testing.T) {
	t.Parallel()
	name := write(t, "small.csv", small)
	report := replayed(t, name, replay.ReserveNone)
	report.File, report.Took = "small.csv", 0
	var text strings.Builder
	require.NoError(t, report.WriteText(&text))
	require.Equal(t, `small.csv, replayed through the use cases

  auctions                2   all on one clock, from the same start
  bids                    5
  accepted                3
  refused                 2   1 listing_not_open, 1 not_above_own_maximum
  closed                  2   by the closing job, when their days were over
  exact                   1   at the recorded price, to the cent: 50.0 %
  differing               1
  events logged           9
  chains verified         2
  bids per second         0   0.00 s in all

Those that differ, and why as far as the bids tell:

  auction     recorded     computed
  2               2.50         1.00   a hidden reserve explains it: the highest maximum is 3.00
`, text.String())
}

func TestReserveRecorded(t *testing.T) {
	t.Parallel()
	report := replayed(t, write(t, "small.csv", small), replay.ReserveRecorded)
	require.Equal(t, 2, report.Exact)
}

func TestWithoutAWinnerTheLastPriceIsCompared(t *testing.T) {
	t.Parallel()
	rows := "1,12,1,anna,0,10,10,A lamp,3 day auction\n" + // nobody meets the reserve
		"2,0.5,1,anna,0,1,1,A cup,3 day auction\n" // nobody bids enough
	report := replayed(t, write(t, "unsold.csv", head+strings.Replace(rows, "10,10", "10,50", 1)), replay.ReserveRecorded)
	require.Equal(t, 2, report.Closed)
	require.Equal(t, 1, report.Exact)
	require.Equal(t, "10.00", report.Differing[0].Computed)
}

func TestTheFirstRowDecidesAboutItsAuction(t *testing.T) {
	t.Parallel()
	rows := "1,12,1,anna,0,10,10,A lamp,3 day auction\n" +
		"1,12,0.5,bert,0,1,12,Another lamp,7 day auction\n"
	report := replayed(t, write(t, "two.csv", head+rows), replay.ReserveNone)
	require.Equal(t, 1, report.Auctions)
	require.Zero(t, report.Exact)
	require.Equal(t, replay.Difference{
		Auction: "1", Recorded: "10.00", Computed: "12.00", Why: "two bidders went higher than recorded: to 12.00 and to 12.00",
	}, report.Differing[0])
}
