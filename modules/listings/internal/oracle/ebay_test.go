package oracle_test

import (
	"encoding/csv"
	"math/big"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
	"github.com/gavelhq/gavel/platform/platformtest/realauctions"
)

// epoch is where the tests' histories begin.
var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixMicro()

// auction is a recorded one, its bids in the order of their times.
type auction struct {
	id            string
	start, closed int64
	lasts         int64
	bids          []recordedBid
}

type recordedBid struct {
	bidder, amount string
	at             int64 // after the start
}

func TestWorldClosesRealAuctionsAtTheirRecordedPrices(t *testing.T) {
	t.Parallel()

	auctions := readAuctions(t)
	require.Len(t, auctions, 492)

	cases := map[string]struct {
		withReserve bool
		exact       int
		refused     map[string]int
	}{
		"without reserves": {
			exact:   477,
			refused: map[string]int{"not_above_own_maximum": 50, "bid_too_low": 4},
		},
		"with the recorded price as reserve": {
			withReserve: true,
			exact:       490,
			refused:     map[string]int{"not_above_own_maximum": 50, "bid_too_low": 388},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exact, refused := 0, map[string]int{}
			for _, a := range auctions {
				if a.play(c.withReserve, refused) == a.closed {
					exact++
				}
			}
			require.Equal(t, c.exact, exact)
			require.Empty(t, cmp.Diff(c.refused, refused))
		})
	}
}

// play puts the auction's bids to a world, counts the refusals and gives the last price.
func (a auction) play(withReserve bool, refused map[string]int) int64 {
	terms := oracle.Terms{
		Title:    a.id,
		Currency: "USD",
		Table:    oracle.Table{Preset: "ebay-us-classic"},
		Start:    a.start,
		Starts:   epoch,
		Ends:     epoch + a.lasts,
	}
	if withReserve && a.closed > a.start {
		terms.Reserve = a.closed
	}
	world := oracle.NewWorld()
	world.Do(oracle.Command{At: epoch, Kind: oracle.Publish, Actor: oracle.Seller, Terms: terms})
	for _, b := range a.bids {
		answer := world.Do(oracle.Command{
			At:       epoch + b.at,
			Kind:     oracle.Bid,
			Actor:    b.bidder,
			Amount:   b.amount,
			Currency: "USD",
		})
		if answer.Result != oracle.Leading && answer.Result != oracle.Outbid {
			refused[answer.Result]++
		}
	}
	lastPrice := world.View(0, terms.Ends-1).Price
	world.Do(oracle.Command{At: terms.Ends, Kind: oracle.Tick})
	if outcome := world.View(0, terms.Ends).Outcome; outcome.Winner != "" {
		return outcome.Price
	}
	return lastPrice
}

// readAuctions reads the file of real auctions.
func readAuctions(t *testing.T) []*auction {
	t.Helper()
	file, err := os.Open(realauctions.File(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)

	var auctions []*auction
	byID := map[string]*auction{}
	for _, row := range rows[1:] {
		a := byID[row[0]]
		if a == nil {
			days := int64(row[8][0] - '0')
			a = &auction{id: row[0], start: cents(row[5]), closed: cents(row[6]), lasts: days * oracle.Day}
			byID[row[0]] = a
			auctions = append(auctions, a)
		}
		a.bids = append(a.bids, recordedBid{
			bidder: row[3],
			amount: row[1],
			at:     scaled(row[2], oracle.Day),
		})
	}
	for _, a := range auctions {
		sort.SliceStable(a.bids, func(i, j int) bool { return a.bids[i].at < a.bids[j].at })
	}
	return auctions
}

// cents reads an amount of dollars that a file states; none is 0.
func cents(dollars string) int64 {
	if strings.TrimSpace(dollars) == "" {
		return 0
	}
	return scaled(dollars, 100)
}

// scaled reads a decimal and multiplies it, dropping what is left of a fraction.
func scaled(decimal string, factor int64) int64 {
	number, ok := new(big.Rat).SetString(decimal)
	if !ok {
		panic("no decimal: " + decimal)
	}
	number.Mul(number, new(big.Rat).SetInt64(factor))
	return new(big.Int).Quo(number.Num(), number.Denom()).Int64()
}
