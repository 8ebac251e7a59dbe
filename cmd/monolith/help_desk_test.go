package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// deskHouse is a house with a help desk, at a time that tests move.
type deskHouse struct {
	*house
	now  *clock.Virtual
	root *visitor
	// iris is an agent who moderates listings, too; otto is an agent.
	iris, otto *visitor
}

// openDesk opens a house and hires.
func openDesk(t *testing.T, store []string) *deskHouse {
	t.Helper()
	d := &deskHouse{now: clock.NewVirtual(noon)}
	d.house = openHouse(t, flagsOf(store), platformtest.Swap[clock.Clock](d.now))
	d.root, d.iris, d.otto = d.admin(), d.member("iris"), d.member("otto")
	for role, who := range map[string]*visitor{"moderator": d.iris, "agent": d.otto} {
		d.hires(who, role)
	}
	d.hires(d.iris, "agent")
	return d
}

func (d *deskHouse) hires(who *visitor, role string) {
	d.t.Helper()
	d.root.post(at(who, "/grant-role"), fields{"role": role, "reason": "Answers well."}).is(http.StatusNoContent)
}

// await moves the clock until it has happened: chores run now and then.
func (d *deskHouse) await(what string, happened func() bool) {
	d.t.Helper()
	for begun := time.Now(); !happened(); time.Sleep(5 * time.Millisecond) {
		require.Less(d.t, time.Since(begun), patience, "%s does not happen", what)
		d.now.Advance(time.Minute)
	}
}

// kinds are what the timeline of an issue shows to somebody, and its texts.
func kindsOf(v *visitor, path string, headers ...string) (kinds, texts []string) {
	v.h.t.Helper()
	for _, item := range v.get(path+"/timeline", headers...).is(http.StatusOK).items() {
		entry := item.(map[string]any)
		text, _ := entry["text"].(string)
		kinds, texts = append(kinds, entry["kind"].(string)), append(texts, text)
	}
	return kinds, texts
}

// TestTheHelpDesk follows a bid that is reported until its issue closes by itself: nobody but staff learns why they acted,
// and whom it is about learns nothing.
func TestTheHelpDesk(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		d := openDesk(t, store)
		ada, ben, cleo := d.member("ada"), d.member("ben"), d.member("cleo")
		listing := ada.sell(fields{"duration_seconds": 14 * 24 * 3600})
		ben.bid(listing, "5.00").is(http.StatusOK)
		seq := ada.get("/api/v1/listings/" + listing + "/bids").is(http.StatusOK).items()[0].(map[string]any)["seq"]
		path := issuesPath + "/" + ada.post(issuesPath, fields{
			"title": "A strange bid", "about": fields{"listing_id": listing, "bid": seq},
		}).is(http.StatusCreated).text("id")
		ben.get(path).refused(http.StatusNotFound, "issue_not_found")

		d.otto.post(path+"/triage", fields{"category": "bidding", "priority": "high"}).is(http.StatusOK)
		require.Equal(t, ben.id.String(), d.iris.post(path+"/pick", nil).is(http.StatusOK).text("about", "member_id"))
		d.iris.get(path + "/evidence").is(http.StatusOK)
		freeze := fields{"reason": "Is it stolen?"}
		d.otto.post(path+"/listing/freeze", freeze).refused(http.StatusForbidden, "not_permitted")
		cleo.bid(listing, "6.00").is(http.StatusOK)
		d.iris.post(path+"/listing/freeze", freeze, "Idempotency-Key", "freeze-1").is(http.StatusOK)
		d.iris.post(path+"/listing/freeze", freeze, "Idempotency-Key", "freeze-1").is(http.StatusOK)
		d.iris.post(path+"/listing/freeze", freeze).refused(http.StatusConflict, "listing_frozen")
		cleo.bid(listing, "9.00").refused(http.StatusConflict, "listing_frozen")
		d.iris.post(path+"/resolve", fields{"resolution": "action_taken", "text": "Thank you."}).is(http.StatusOK)

		kinds, texts := kindsOf(d.iris, path)
		require.Equal(t, []string{"reported", "triaged", "picked", "listing_frozen", "resolved"}, kinds, "once, and nothing that was refused")
		require.Equal(t, []string{"", "", "", "Is it stolen?", "Thank you."}, texts)
		kinds, texts = kindsOf(ada, path)
		require.Equal(t, []string{"reported", "listing_frozen", "resolved"}, kinds)
		require.Equal(t, []string{"", "", "Thank you."}, texts)

		d.now.Advance(7*24*time.Hour - time.Minute)
		ada.signIn()
		require.Equal(t, "resolved", ada.get(path).is(http.StatusOK).text("state"))
		d.await("that the clock closes it", func() bool {
			ada.signIn()
			kinds, _ := kindsOf(ada, path)
			return kinds[len(kinds)-1] == "closed"
		})
		require.Equal(t, "closed", ada.get(path).is(http.StatusOK).text("state"))
	})
}

// TestTheWorkOfASuspendedAgentReturns suspends who works on an issue.
func TestTheWorkOfASuspendedAgentReturns(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		d := openDesk(t, store)
		path := issuesPath + "/" + d.iris.post(issuesPath, fields{"title": "A question"}).is(http.StatusCreated).text("id")
		d.iris.post(path+"/triage", asUrgent).is(http.StatusOK)
		d.otto.post(path+"/pick", nil).is(http.StatusOK)
		d.root.post(at(d.otto, "/suspend"), fields{"reason": "He is rude."}).is(http.StatusNoContent)
		d.await("the return to the queue", func() bool {
			d.iris.signIn()
			return d.iris.get(path).is(http.StatusOK).text("state") == "triaged"
		})
		require.Len(t, d.iris.get(issuesPath+"?view=queue").is(http.StatusOK).items(), 1)
		d.iris.post(path+"/pick", nil).is(http.StatusOK)
	})
}

// TestAVisitorFollowsHisIssue confirms an address, loses the link and asks for another one.
func TestAVisitorFollowsHisIssue(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		d := openDesk(t, store)
		const address = "vera@example.org"
		vera := d.guest()
		vera.post(issuesPath, fields{"title": "Do you send pianos?", "email": address}).is(http.StatusAccepted)
		require.Empty(t, d.iris.get(issuesPath+"?view=unassigned").is(http.StatusOK).items(), "not before she has confirmed")
		confirmed := vera.post(issuesPath+"/confirmations", fields{"token": d.mailed(address, "/issues/confirm")}).is(http.StatusOK)
		path, first := issuesPath+"/"+confirmed.text("issue_id"), confirmed.text("issue_link")
		d.iris.post(path+"/notes", fields{"text": "Again a piano."}).is(http.StatusOK)
		kinds, _ := kindsOf(vera, path, "Issue-Link", first)
		require.Equal(t, []string{"reported", "confirmed"}, kinds)

		asked := vera.post("/api/v1/issue-links", fields{"email": "Vera@example.org"}).is(http.StatusAccepted)
		unknown := vera.post("/api/v1/issue-links", fields{"email": "nobody@example.org"}).is(http.StatusAccepted)
		require.Equal(t, string(asked.body), string(unknown.body))
		second := first
		for begun := time.Now(); second == first; second = d.mailed(address, "/issues/follow") {
			require.Less(t, time.Since(begun), patience, "there is no letter")
		}
		vera.post(path+"/comments", hello, "Issue-Link", second).is(http.StatusOK)
		vera.get(path, "Issue-Link", first).is(http.StatusOK)
		vera.get(path).refused(http.StatusNotFound, "issue_not_found")
	})
}
