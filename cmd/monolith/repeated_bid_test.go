package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// atOnce is how often the same bid is sent at the same time.
const atOnce = 20

// TestTheSameBidIsPlacedOnce sends one bid with one key, again and again at the same time, and the bid is there once, with
// one answer. Then, TEST_KILLS times (2 unless it is set), the server is killed while it has such a bid in its hands, of
// which nobody knows whether it was stored; the next server gets it again, and it is there once.
func TestTheSameBidIsPlacedOnce(t *testing.T) {
	t.Parallel()
	kills := countFrom(t, "TEST_KILLS", 2)
	eachStore(t, func(t *testing.T, store []string) {
		data, args := store[1], serveArgs(store, unlimited...)
		p := launch(t, binary(t), args...)
		h := visit(t, p.addr(), data)
		listing := h.member("ada").sell(nil)
		bidder := h.member("ben").program("listings.bid", "account.read")
		placed := func(n int) {
			t.Helper()
			require.EqualValues(t, n, bidder.get("/api/v1/listings/"+listing).is(http.StatusOK).value("bid_count"))
			require.Len(t, bidder.get("/api/v1/listings/"+listing+"/bids?limit=100").is(http.StatusOK).items(), n)
		}

		first := bidder.repeatedly(listing, "20.50", func() {})
		require.Len(t, first, atOnce, "every one is answered while nothing fails")
		require.Len(t, distinct(first), 1)
		placed(1)
		bidder.bid(listing, "30.00", "Idempotency-Key", "20.50").refused(http.StatusConflict, "idempotency_conflict")

		cutOff := 0
		for round := range kills {
			maximum := fmt.Sprintf("%d.00", 31+round)
			before := bidder.repeatedly(listing, maximum, func() {
				time.Sleep(rand.N(80 * time.Millisecond))
				p.killGroup()
			})
			cutOff += atOnce - len(before)
			p.wait()
			p = launch(t, binary(t), args...)
			h.at(p.addr())
			bidder.client = h.guest().client
			again := bidder.repeatedly(listing, maximum, func() {})
			require.Len(t, again, atOnce)
			all := distinct(append(before, again...))
			require.Len(t, all, 1, "the answers of both servers")
			require.Contains(t, all[0], `"result":"leading"`)
			placed(2 + round)
		}
		require.Equal(t, exitOK, p.stop(syscall.SIGTERM), p.log())
		verified := monolith(t, append([]string{"verify"}, store...))
		require.Equal(t, exitOK, verified.status, verified.stdout+verified.stderr)
		t.Logf("%d servers killed over a bid that was sent %d times at once; %d answers cut off; each bid is there once",
			kills, atOnce, cutOff)
	})
}

// repeatedly sends one bid many times at once, with its amount as the key, while something happens. It returns the answers
// that came, all of which must be 200.
func (v *visitor) repeatedly(listing, maximum string, meanwhile func()) []string {
	v.h.t.Helper()
	var answers []string
	var guard sync.Mutex
	var sending sync.WaitGroup
	for range atOnce {
		sending.Go(func() {
			r, err := v.try(http.MethodPost, "/api/v1/listings/"+listing+"/bids", fields{"maximum": usd(maximum)}, "Idempotency-Key", maximum)
			if err != nil {
				return // the server is gone
			}
			guard.Lock()
			defer guard.Unlock()
			if r.status != http.StatusOK {
				v.h.t.Errorf("answered %d: %s", r.status, r.body)
			}
			answers = append(answers, string(r.body))
		})
	}
	meanwhile()
	sending.Wait()
	return answers
}

// distinct returns each text once.
func distinct(texts []string) []string {
	var once []string
	seen := map[string]bool{}
	for _, text := range texts {
		if text = strings.TrimSpace(text); !seen[text] {
			seen[text] = true
			once = append(once, text)
		}
	}
	return once
}
