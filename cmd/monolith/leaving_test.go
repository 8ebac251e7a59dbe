package main

import (
	"bytes"
	"cmp"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// TestMembersLeaveAndNothingElseChanges deletes one who won, one who sold, one who led and one who bid: each when the last
// obligation has ended and the grace period is over, and not before. What is left is a pseudonym: the logs, the outcomes
// and what everybody sees of them are, byte for byte, as they were.
func TestMembersLeaveAndNothingElseChanges(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := clock.NewVirtual(noon)
	var auditor listingstest.Auditor
	h := openHouse(t, map[string]string{"members.deletion_grace": "72h"},
		platformtest.Swap[clock.Clock](now), fx.Populate(&auditor))
	admin := h.admin().program("members.read")
	seller, winner, leader, bidder := h.member("ada"), h.member("ben"), h.member("cleo"), h.member("dan")
	leavers := map[string]*visitor{"seller": seller, "winner": winner, "leader": leader, "bidder": bidder}
	programs := map[string]*visitor{}
	for name, v := range leavers {
		programs[name] = v.program("account.read")
	}
	// whatHappens moves the clock on, five minutes at a time, until it has happened: chores run now and then.
	whatHappens := func(what string, happened func() bool) {
		t.Helper()
		for begun := time.Now(); !happened(); time.Sleep(5 * time.Millisecond) {
			require.Less(t, time.Since(begun), patience, "%s does not happen", what)
			now.Advance(5 * time.Minute)
		}
	}
	deleted := func(name string) bool {
		return programs[name].get("/api/v1/me").status == http.StatusUnauthorized
	}
	graced := func(name string) bool {
		return programs[name].get("/api/v1/me").is(http.StatusOK).value("grace_started_at") != nil
	}

	short := seller.sell(fields{"title": "Won by Ben", "duration_seconds": day.Seconds()})
	long := seller.sell(fields{"title": "Led by Cleo", "duration_seconds": 10 * day.Seconds()})
	bidder.bid(short, "10.00").is(http.StatusOK)
	winner.bid(short, "20.00").is(http.StatusOK)
	bidder.bid(long, "30.00").is(http.StatusOK)
	leader.bid(long, "44.00").is(http.StatusOK)

	now.Advance(day)
	asGuest := func(listing string) [][]byte {
		var seen [][]byte
		for _, path := range []string{"", "/bids", "/log"} {
			seen = append(seen, h.guest().get("/api/v1/listings/"+listing+path).is(http.StatusOK).body)
		}
		return seen
	}
	whatHappens("the closing", func() bool { return bytes.Contains(asGuest(short)[2], []byte("closed")) })
	sold := asGuest(short)
	require.Contains(t, string(sold[0]), `"status":"sold"`)
	require.Contains(t, string(sold[0]), `"final_price":{"amount":"10.50","currency":"USD"}`)

	kinds := map[string][]any{"seller": {"sells", "owed"}, "winner": {"owes"}, "leader": {"leads"}, "bidder": {"bids"}}
	for name, v := range leavers {
		v.signIn()
		v.post("/api/v1/me/deletion", fields{"password": "not the password"}).refused(http.StatusForbidden, "wrong_password")
		answer := v.post("/api/v1/me/deletion", fields{"password": password}).is(http.StatusAccepted)
		obligations := []any{}
		for _, o := range answer.value("obligations").([]any) {
			obligations = append(obligations, o.(map[string]any)["kind"])
			about := map[any]string{"owes": short, "owed": short}[obligations[len(obligations)-1]]
			require.Equal(t, cmp.Or(about, long), o.(map[string]any)["subject"])
		}
		require.Equal(t, kinds[name], obligations, name)
		require.EqualValues(t, 3, answer.value("grace_days"))
	}

	now.Advance(day)
	require.False(t, graced("winner"), "he has not paid")
	seller.signIn()
	seller.post("/api/v1/sales/"+short+"/paid", nil).is(http.StatusOK)
	whatHappens("the end of the winner's last obligation", func() bool { return graced("winner") })
	now.Advance(3*day - time.Hour)
	require.False(t, deleted("winner"), "the grace period is not over")
	whatHappens("the winner's deletion", func() bool { return deleted("winner") })
	for _, name := range []string{"seller", "leader", "bidder"} {
		require.False(t, graced(name), "%s has an obligation", name)
	}
	require.Equal(t, sold, asGuest(short), "nothing changes when the winner is deleted")

	now.Advance(5 * day)
	whatHappens("the second closing", func() bool { return bytes.Contains(asGuest(long)[2], []byte("closed")) })
	both := [][][]byte{asGuest(short), asGuest(long)}
	require.Contains(t, string(both[1][0]), `"final_price":{"amount":"31.00","currency":"USD"}`)
	whatHappens("the end of the bidder's obligation", func() bool { return graced("bidder") })
	require.False(t, graced("seller") || graced("leader"), "it is not paid")
	seller.signIn()
	seller.post("/api/v1/sales/"+long+"/paid", nil).is(http.StatusOK)
	whatHappens("the end of the others' obligations", func() bool { return graced("seller") && graced("leader") && graced("bidder") })
	now.Advance(3 * day)
	whatHappens("the others' deletion", func() bool { return deleted("seller") && deleted("leader") && deleted("bidder") })

	require.Equal(t, both, [][][]byte{asGuest(short), asGuest(long)})
	verified, err := auditor.Verify(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, verified.Listings)
	for name, v := range leavers {
		shown := h.guest().get("/api/v1/members/" + v.id.String()).is(http.StatusOK)
		require.Regexp(t, "^deleted-", shown.text("handle"), name)
		known := admin.get("/api/v1/members/" + v.id.String()).is(http.StatusOK)
		require.Equal(t, "deleted", known.text("status"))
		for _, left := range []string{v.email, `"` + v.handle + `"`} { // quoted, because a handle of letters of ids may be in one
			require.NotContains(t, string(known.body), left, "nothing of the person is left")
		}
		v.post("/api/v1/sessions", fields{"email": v.email, "password": password}).refused(http.StatusUnauthorized, "wrong_credentials")
		again := fields{"email": "new-" + v.email, "handle": v.handle, "password": password}
		h.guest().post("/api/v1/members", again).refused(http.StatusConflict, "handle_taken")
	}
	again := h.member("ada-again")
	require.NotEqual(t, seller.id, again.id)
	h.guest().post("/api/v1/members", fields{"email": seller.email, "handle": "ada-returns", "password": password}).is(http.StatusAccepted)
	h.mailed(seller.email, "/verify") // the address is free again
}
