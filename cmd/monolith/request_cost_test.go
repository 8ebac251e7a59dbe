package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/mail"
	mailbox "github.com/gavelhq/gavel/platform/mail/memory"
	platformpage "github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// TestWhatARequestAsksOfTheDatabase counts the statements of a request, from the credential to the commit. The figures
// stand in docs/performance.md.
func TestWhatARequestAsksOfTheDatabase(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		given := map[string]string{"http.rate.requests": "0"}
		for i := 0; i < len(store); i += 2 {
			given[strings.TrimPrefix(store[i], "--")] = store[i+1]
		}
		// Without what the program does by itself, which would be counted, too.
		h := &house{t: t, letters: mailbox.NewMailer()}
		h.posted = h.inMemory
		var pool *db.Pool
		started(t, core(configured(t, given), quiet), postOffice, httpserver.Module, profilestest.CheapPasswords(),
			platformtest.Swap[mail.Mailer](h.letters), fx.Populate(&h.server, &h.setup, &pool))
		h.at(h.server.Addr())

		seller, bidder, guest := h.member("ada"), h.member("ben"), h.guest()
		program := bidder.program("listings.bid")
		listing := seller.sell(nil)
		page := "/api/v1/listings/" + listing
		amount := 0
		more := func() string {
			amount += 100
			return fmt.Sprintf("%d.00", amount)
		}
		newcomers := 0
		// What is read has been read before, so that it is kept; but not for members where there may be other servers.
		shared := int64(0)
		if pool.Dialect() == db.Postgres {
			shared = 1
		}
		market := "/api/v1/listings?status=open"
		cursor := string(platformpage.Encode("listings/ending", map[string]any{"at": 0, "id": listing}))
		wrong := fields{"email": bidder.email, "password": "wrong horse battery"}
		for _, c := range []struct {
			request             string
			ask                 func()
			statements, commits int64
		}{
			{"a guest reads a listing", func() { guest.get(page).is(http.StatusOK) }, 0, 0},
			{"a member reads it", func() { bidder.get(page).is(http.StatusOK) }, 1 + shared, 0},
			{"a program reads it", func() { program.get(page).is(http.StatusOK) }, 1 + shared, 0},
			{"a guest reads the first page of the market", func() { guest.get(market).is(http.StatusOK) }, 0, 0},
			{"a member reads it", func() { bidder.get(market).is(http.StatusOK) }, 1 + 2*shared, 0},
			{"a guest reads the next page", func() { guest.get(market + "&cursor=" + cursor).is(http.StatusOK) }, 1, 0},
			{"a guest bids", func() { guest.bid(listing, more()).is(http.StatusUnauthorized) }, 0, 0},
			{"a member bids", func() { bidder.bid(listing, more()).is(http.StatusOK) }, 5 - 3*shared, 1},
			{"a program bids", func() { program.bid(listing, more()).is(http.StatusOK) }, 5 - 3*shared, 1},
			{"a member bids under a key", func() {
				sum := more()
				bidder.bid(listing, sum, "Idempotency-Key", sum).is(http.StatusOK)
			}, 6 - 4*shared, 1},
			{"a member repeats that", func() { bidder.bid(listing, "9999.00", "Idempotency-Key", "again").is(http.StatusOK) }, 5, 1},
			{"a bid is refused", func() { bidder.bid(listing, "1.00").is(http.StatusUnprocessableEntity) }, 3 - shared, 0},
			{"a member signs in", bidder.signIn, 12, 2},
			{"a password is wrong", func() { guest.post("/api/v1/sessions", wrong).is(http.StatusUnauthorized) }, 6, 1},
			{"somebody registers", func() {
				newcomers++
				h.registered(fmt.Sprintf("newcomer-%d", newcomers))
			}, 16, 1},
		} {
			c.ask() // the first time is different: there is a row to add, or an answer to remember
			before := pool.Stats()
			c.ask()
			spent := pool.Stats().Since(before)
			for tries := 0; c.commits == 0 && spent.Statements > c.statements && tries < 20; tries++ {
				// What is kept is kept for a second, which may have passed here.
				before = pool.Stats()
				c.ask()
				spent = pool.Stats().Since(before)
			}
			require.Equal(t, c.statements, spent.Statements, c.request)
			require.Equal(t, c.commits, spent.Commits, c.request)
		}
	})
}
