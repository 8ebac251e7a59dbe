package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilestest"
)

// premises are where one market is visited: its members bid at the one server, the house decides at the other.
type premises struct{ market, office *house }

// eachPremises runs a test at one server with SQLite, and at two that share a PostgreSQL.
func eachPremises(t *testing.T, test func(t *testing.T, at premises)) {
	t.Helper()
	t.Run("one server with SQLite", func(t *testing.T) {
		t.Parallel()
		h := openHouse(t, nil, profilestest.CheapPasswords())
		test(t, premises{market: h, office: h})
	})
	t.Run("two servers with PostgreSQL", func(t *testing.T) {
		t.Parallel()
		flags := flagsOf(postgres.open(t))
		test(t, premises{
			market: openHouse(t, flags, profilestest.CheapPasswords()),
			office: openHouse(t, flags, profilestest.CheapPasswords()),
		})
	})
}

// in returns the same visitor at another server of the market.
func (v *visitor) in(h *house) *visitor {
	there := *v
	there.h, there.client = h, h.guest().client
	there.client.Jar = v.client.Jar
	return &there
}

// rush bids on one listing through many doors at once, higher and higher.
type rush struct {
	listing string
	doors   []door

	amount, accepted atomic.Int64
	// over is set once the house has answered; every door bids lateBids times more.
	over atomic.Bool
}

// door is one way in: a session or a token, at one server.
type door struct {
	*visitor
	session []string // the header with the cookie, which no answer takes away; empty for a token
	late    string   // the code with which late bids are refused
}

// lateBids is how many bids each door begins after the house has answered.
const lateBids = 5

// until bids until something was answered, and then some more. A bid that began before may be accepted or refused; one that
// began after must be refused, with the status and the door's code.
func (r *rush) until(answered func(), status int) {
	var bidding sync.WaitGroup
	for _, d := range r.doors {
		bidding.Go(func() {
			for late := 0; late < lateBids; {
				over := r.over.Load()
				answer, err := d.try(http.MethodPost, "/api/v1/listings/"+r.listing+"/bids",
					fields{"maximum": usd(fmt.Sprintf("%d.00", r.amount.Add(1)))}, d.session...)
				switch {
				case err != nil:
					d.h.t.Error(err)
					return
				case over && (answer.status != status || answer.value("code") != d.late):
					d.h.t.Errorf("a bid that began after the answer: %d %s", answer.status, answer.body)
				case answer.status == http.StatusOK:
					r.accepted.Add(1)
				}
				if over {
					late++
				}
			}
		})
	}
	for r.accepted.Load() < 10 && !r.doors[0].h.t.Failed() {
		time.Sleep(time.Millisecond)
	}
	answered()
	r.over.Store(true)
	bidding.Wait()
}

// begin returns a rush of the bidder's: by the browser and by a program, at every server, twice each. The codes are those
// with which the one and the other are refused when they are late.
func (at premises) begin(listing string, bidder *visitor, session, token string) *rush {
	r := &rush{listing: listing}
	r.amount.Store(20)
	u, err := url.Parse(bidder.h.base)
	require.NoError(bidder.h.t, err)
	var cookies []string
	for _, c := range bidder.client.Jar.Cookies(u) {
		cookies = append(cookies, c.String())
	}
	program := bidder.program("listings.bid", "account.read")
	for _, h := range []*house{at.market, at.office} {
		for range 2 {
			browser := bidder.in(h)
			browser.client.Jar = nil
			r.doors = append(r.doors,
				door{visitor: browser, session: []string{"Cookie", strings.Join(cookies, "; ")}, late: session},
				door{visitor: program.in(h), late: token})
		}
	}
	return r
}

// TestASuspensionEndsABiddersRush suspends a member who bids through many doors at once. Whatever begins after the answer is
// refused, at the other server, too; what was accepted before stays.
func TestASuspensionEndsABiddersRush(t *testing.T) {
	t.Parallel()
	eachPremises(t, func(t *testing.T, at premises) {
		admin := at.office.admin()
		listing := at.market.member("ada").sell(nil)
		bidder := at.market.member("ben")
		rush := at.begin(listing, bidder, "sign_in_required", "invalid_credential")
		act := "/api/v1/members/" + bidder.id.String()

		rush.until(func() {
			admin.post(act+"/suspend", fields{"reason": "Bids without meaning it."}).is(http.StatusNoContent)
		}, http.StatusUnauthorized)

		guest := at.market.guest()
		shown := guest.get("/api/v1/listings/" + listing).is(http.StatusOK)
		require.EqualValues(t, rush.accepted.Load(), shown.value("bid_count"), "what was accepted is there, and nothing else")
		log := guest.get("/api/v1/listings/" + listing + "/log").is(http.StatusOK).body
		bidder.post("/api/v1/sessions", fields{"email": bidder.email, "password": password}).
			refused(http.StatusForbidden, "account_suspended")

		admin.post(act+"/reinstate", fields{"reason": "A misunderstanding."}).is(http.StatusNoContent)
		for _, door := range rush.doors {
			door.bid(listing, "90000.00", door.session...).refused(http.StatusUnauthorized, door.late) // it ended for good
		}
		require.Equal(t, log, guest.get("/api/v1/listings/"+listing+"/log").is(http.StatusOK).body)
		bidder.signIn()
		for i, h := range []*house{at.market, at.office} {
			bidder.in(h).bid(listing, fmt.Sprintf("9000%d.00", i)).is(http.StatusOK)
		}
	})
}

// TestABlockEndsABiddersRush blocks a member who bids through many doors at once. Whatever begins after the answer is
// refused; the bids that stand, stand.
func TestABlockEndsABiddersRush(t *testing.T) {
	t.Parallel()
	eachPremises(t, func(t *testing.T, at premises) {
		seller, bidder := at.office.member("ada"), at.market.member("ben")
		listing := seller.sell(nil)
		other := at.market.member("cleo").sell(nil)
		rush := at.begin(listing, bidder, "bidder_not_eligible", "bidder_not_eligible")

		rush.until(func() {
			seller.post("/api/v1/me/blocks", fields{"member_id": bidder.id}).is(http.StatusCreated)
		}, http.StatusForbidden)

		shown := bidder.get("/api/v1/listings/" + listing).is(http.StatusOK)
		require.EqualValues(t, rush.accepted.Load(), shown.value("bid_count"), "what was accepted is there, and nothing else")
		require.Equal(t, bidder.id, shown.id("leader_id"))
		bidder.bid(other, "20.00").is(http.StatusOK)
		seller.delete("/api/v1/me/blocks/" + bidder.id.String()).is(http.StatusNoContent)
		for i, h := range []*house{at.market, at.office} {
			bidder.in(h).bid(listing, fmt.Sprintf("9000%d.00", i)).is(http.StatusOK)
		}
	})
}
