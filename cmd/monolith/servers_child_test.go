package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
)

// childContest is what a child bids on beside others of its kind.
type childContest struct {
	// Server tells the child from the others.
	Server   int
	Bidders  int
	Listings []uuid.UUID
	// Start and End are instants of the machine's clock.
	Start, End time.Time
	// File is where the acknowledged bids go, a line of JSON each.
	File string
}

// contestResult is how a child fared.
type contestResult struct {
	File              string
	Accepted, Refused int
	Failed            []string      // codes; of these bids nobody knows what became
	Longest           time.Duration // that one bid took
}

func (r contestResult) accepted() int { return r.Accepted }

func (r contestResult) answered() int { return r.Accepted + r.Refused }

// compete bids until the contest is over. Bids that are under way then are waited for.
func (c *child) compete(what childContest) error {
	file, err := os.Create(what.File)
	if err != nil {
		return err
	}
	lines := bufio.NewWriter(file)
	tally := &contestTally{result: contestResult{File: what.File}, lines: json.NewEncoder(lines)}
	time.Sleep(time.Until(what.Start))
	var bidders sync.WaitGroup
	for n := range what.Bidders {
		bidders.Go(func() {
			for placed := 0; time.Now().Before(what.End); placed++ {
				began := time.Now()
				tally.count(c.trader.Place(context.Background(), what.order(n, placed)), time.Since(began))
			}
		})
	}
	bidders.Wait()
	if err := errors.Join(tally.broken, lines.Flush(), file.Close()); err != nil {
		return err
	}
	c.report(childReport{Contest: &tally.result})
	return nil
}

// perMicrosecond is by how many cents the maxima of the contest rise. No rate of bids is so high that one does not exceed
// the minimum after the one before.
const perMicrosecond = 1000

// order returns the next bid of a bidder. It offers the more the later it is, on whichever server: so a server has no
// advantage by what its bidders know of prices, and a bid that waited too long is refused. Every other bidder sends no key.
func (what childContest) order(bidder, placed int) listingstest.Order {
	name := fmt.Sprintf("%d-%d-%d", what.Server, bidder, placed)
	o := listingstest.Order{
		Listing: what.Listings[rand.IntN(len(what.Listings))],
		Bidder:  uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "bidder %d of server %d", rand.IntN(100), what.Server)),
		Cents:   200 + perMicrosecond*max(0, time.Since(what.Start).Microseconds()),
	}
	if bidder%2 == 0 {
		o.Key = name
	}
	return o
}

// contestTally counts what becomes of the bids of one child.
type contestTally struct {
	mu     sync.Mutex
	result contestResult
	lines  *json.Encoder
	broken error
}

func (t *contestTally) count(o listingstest.Outcome, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result.Longest = max(t.result.Longest, took)
	switch {
	case o.Failed != "":
		t.result.Failed = append(t.result.Failed, o.Failed)
	case o.Refused != "":
		t.result.Refused++
	default:
		t.result.Accepted++
		if err := t.lines.Encode(o); err != nil && t.broken == nil {
			t.broken = err
		}
	}
}
