package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// TestTheMarketTellsItsMembers lets two members bid against each other until one of them wins, while a third one watches,
// and reads what each is told, in the list of notices and by mail.
func TestTheMarketTellsItsMembers(t *testing.T) {
	t.Parallel()
	now := clock.NewVirtual(noon)
	h := openHouse(t, nil, platformtest.Swap[clock.Clock](now))
	seller, ben, cleo, watcher := h.member("ada"), h.member("ben"), h.member("cleo"), h.member("dan")
	minute := now.Now().Truncate(time.Minute).Add(time.Minute)
	now.Set(minute)
	listing := seller.sell(fields{"title": "A blue chair", "duration_seconds": 24 * 3600})
	watcher.put("/api/v1/listings/"+listing+"/watch", nil).is(http.StatusOK)

	// news returns the kinds of what a member reads in his list of notices, and the subjects, the oldest first.
	news := func(v *visitor) (kinds, subjects []string) {
		items := v.get("/api/v1/me/notices").is(http.StatusOK).items()
		slices.Reverse(items)
		for _, item := range items {
			n := item.(map[string]any)
			kinds, subjects = append(kinds, n["kind"].(string)), append(subjects, n["subject"].(string))
		}
		return kinds, subjects
	}
	requireNews := func(v *visitor, want ...string) {
		t.Helper()
		got, _ := news(v)
		for begun := time.Now(); !slices.Equal(want, got); got, _ = news(v) {
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
	_, subjects := news(cleo)
	require.Equal(t, []string{"You lead again: A blue chair", "You have been outbid: A blue chair"}, subjects)

	now.Set(minute.Add(23 * time.Hour))
	requireNews(watcher, "ends_soon")
	now.Set(minute.Add(24 * time.Hour))
	for _, v := range []*visitor{seller, ben, cleo, watcher} {
		v.signIn() // the sessions have ended meanwhile
	}
	requireNews(seller, "sold")
	requireNews(ben, "outbid", "won")
	requireNews(cleo, "outbid", "outbid", "lost")
	requireNews(watcher, "ends_soon")
	for _, c := range []struct {
		to    *visitor
		words string
	}{
		{ben, "Somebody else leads on “A blue chair”"},
		{ben, "You have won “A blue chair”"},
		{cleo, "You were outbid on “A blue chair” for a moment"},
		{cleo, "Somebody else leads on “A blue chair”"},
		{cleo, "Somebody else has won it"},
		{seller, "“A blue chair” is sold"},
		{watcher, "which you watch, ends on"},
	} {
		require.Eventually(t, func() bool {
			now.Advance(10 * time.Millisecond)
			letters, err := h.posted(c.to.email, 1)
			return err == nil && slices.ContainsFunc(letters, func(text string) bool {
				return strings.Contains(strings.Join(strings.Fields(text), " "), c.words)
			})
		}, patience, 5*time.Millisecond, "%s: %s", c.to.handle, c.words)
	}
}
