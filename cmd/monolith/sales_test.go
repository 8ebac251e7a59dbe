package main

import (
	"context"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// figures are what members have won and sold, by handle.
type figures map[string][2]float64

// TestSalesArriveWithTheMembers sells listings, by the clock and at once, and waits until everybody sees it in the member
// list and on the members' pages; then once more after some of it was lost.
func TestSalesArriveWithTheMembers(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		now := clock.NewVirtual(noon)
		var office *delivery.Office
		var pool *db.Pool
		h := openHouse(t, flagsOf(store), platformtest.Swap[clock.Clock](now), fx.Populate(&office, &pool))
		admin := h.admin().program("members.read")
		seller, winner, buyer, loser := h.member("ada"), h.member("ben"), h.member("cleo"), h.member("dan")
		const day = 24 * 3600
		bid := seller.sell(fields{"duration_seconds": day})
		loser.bid(bid, "5.00").is(http.StatusOK)
		winner.bid(bid, "20.00").is(http.StatusOK)
		bought := seller.sell(fields{"buy_now": usd("50.00"), "reserve": usd("40.00")})
		winner.bid(bought, "2.00").is(http.StatusOK)
		buyer.post("/api/v1/listings/"+bought+"/buy-now", nil).is(http.StatusOK)
		other := winner.sell(fields{"duration_seconds": day})
		seller.bid(other, "2.00").is(http.StatusOK)
		seller.sell(fields{"duration_seconds": day}) // on which nobody bids
		loser.bid(seller.sell(fields{"duration_seconds": day, "reserve": usd("99.00")}), "3.00").is(http.StatusOK)
		winner.bid(seller.sell(nil), "4.00").is(http.StatusOK) // which goes on

		listed := func() figures {
			found := figures{}
			for _, item := range admin.get("/api/v1/members").is(http.StatusOK).items() {
				m := item.(map[string]any)
				found[m["handle"].(string)] = [2]float64{m["auctions_won"].(float64), m["auctions_sold"].(float64)}
			}
			return found
		}
		requireListed := func(want figures) {
			t.Helper()
			for begun, got := time.Now(), listed(); !maps.Equal(want, got); got = listed() {
				require.Less(t, time.Since(begun), patience, "%v do not become %v", got, want)
				now.Advance(time.Minute)
				time.Sleep(5 * time.Millisecond)
			}
		}
		requireListed(figures{"founder": {0, 0}, "ada": {0, 1}, "ben": {0, 0}, "cleo": {1, 0}, "dan": {0, 0}})
		now.Advance(day * time.Second)
		want := figures{"founder": {0, 0}, "ada": {1, 2}, "ben": {1, 1}, "cleo": {1, 0}, "dan": {0, 0}}
		requireListed(want)
		for _, v := range []*visitor{seller, winner, buyer, loser} {
			shown := h.guest().get("/api/v1/members/by-handle/" + v.handle).is(http.StatusOK)
			require.Equal(t, want[v.handle], [2]float64{shown.value("auctions_won").(float64), shown.value("auctions_sold").(float64)})
		}

		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM sales WHERE seller = $1`, seller.id)
			return err
		}))
		requireListed(figures{"founder": {0, 0}, "ada": {1, 0}, "ben": {0, 1}, "cleo": {0, 0}, "dan": {0, 0}})
		require.NoError(t, office.Rewind(t.Context(), "profiles.sales"))
		requireListed(want)
	})
}
