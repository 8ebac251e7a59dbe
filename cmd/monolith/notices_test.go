package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// TestTheMarketTellsItsMembers lets two members bid against each other until one of them wins, while a third one watches,
// and looks at what is kept for each to be shown and mailed.
func TestTheMarketTellsItsMembers(t *testing.T) {
	t.Parallel()
	now := clock.NewVirtual(noon)
	var pool *db.Pool
	h := openHouse(t, nil, platformtest.Swap[clock.Clock](now), fx.Populate(&pool))
	seller, ben, cleo, watcher := h.member("ada"), h.member("ben"), h.member("cleo"), h.member("dan")
	minute := now.Now().Truncate(time.Minute).Add(time.Minute)
	now.Set(minute)
	listing := seller.sell(fields{"title": "A blue chair", "duration_seconds": 24 * 3600})
	watcher.put("/api/v1/listings/"+listing+"/watch", nil).is(http.StatusOK)

	news := func(v *visitor) (kinds []string) {
		require.NoError(t, pool.Read().Select(t.Context(), &kinds,
			`SELECT kind FROM notices WHERE member = $1 AND path = $2 ORDER BY at, kind`, v.id, "/listings/"+listing))
		return kinds
	}
	requireNews := func(v *visitor, want ...string) {
		t.Helper()
		for begun, got := time.Now(), news(v); !slices.Equal(want, got); got = news(v) {
			require.Less(t, time.Since(begun), patience, "%s was told %v, not %v", v.handle, got, want)
			now.Advance(10 * time.Millisecond) // who waits for the clock goes on
			time.Sleep(5 * time.Millisecond)
		}
	}
	ben.bid(listing, "10.00").is(http.StatusOK)
	cleo.bid(listing, "20.00").is(http.StatusOK)
	ben.bid(listing, "30.00").is(http.StatusOK)
	cleo.bid(listing, "40.00").is(http.StatusOK)
	requireNews(ben, "outbid")
	requireNews(cleo, "outbid")
	now.Set(minute.Add(90 * time.Second))
	ben.bid(listing, "50.00").is(http.StatusOK)
	requireNews(cleo, "outbid", "outbid")
	requireNews(ben, "outbid")
	var subjects []string
	require.NoError(t, pool.Read().Select(t.Context(), &subjects, `SELECT subject FROM notices WHERE member = $1 ORDER BY at`, cleo.id))
	require.Equal(t, []string{"You lead again: A blue chair", "You have been outbid: A blue chair"}, subjects)

	now.Set(minute.Add(23 * time.Hour))
	requireNews(watcher, "ends_soon")
	now.Set(minute.Add(24 * time.Hour))
	requireNews(seller, "sold")
	requireNews(ben, "outbid", "won")
	requireNews(cleo, "outbid", "outbid", "lost")
	requireNews(watcher, "ends_soon")
}
