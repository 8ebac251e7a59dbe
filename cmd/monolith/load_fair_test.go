//go:build bench

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/test/load"
)

const (
	// raise is between two maxima of a listing, in dollars: more than any increment, so that each takes the lead.
	raise = 200
	// sampleSize is how many logs are verified after a round, where there are more.
	sampleSize = 200
)

// fair is listings that clients bid on.
type fair struct {
	h      *loadHouse
	ids    []uuid.UUID
	maxima []atomic.Int64 // the highest so far, in dollars
	logged int64          // in memory, bids in the logs after the last round
	filled int64          // bids that the logs had before any client acted, each of which led
	led    atomic.Int64   // bids acknowledged as leading
	outrun atomic.Int64   // bids acknowledged although another of the load came first, so that they never led
}

func newFair(h *loadHouse, ids []uuid.UUID) *fair {
	f := &fair{h: h, ids: ids, maxima: make([]atomic.Int64, len(ids))}
	for i := range f.maxima {
		f.maxima[i].Store(raise)
	}
	return f
}

// act returns what the clients of a scenario do.
func (f *fair) act(s load.Scenario, clients int) func(context.Context, int) (load.Kind, error) {
	choices := make([]*load.Choice, clients)
	seed := rand.Uint64()
	for c := range choices {
		choices[c] = s.NewChoice(seed, c)
	}
	return func(ctx context.Context, client int) (load.Kind, error) {
		choice := choices[client]
		switch listing := choice.Listing(); choice.Kind() {
		case load.Looking:
			return load.Looking, f.h.visitor.Look(ctx, f.ids[listing])
		case load.Refusal:
			return load.Refusal, f.refused(ctx, listing)
		default:
			return f.bid(ctx, listing)
		}
	}
}

// bid places a new maximum by another member than the one before. Between the drawing of the maximum and its turn another
// client may come first with the next one: then this one was overtaken, and does not count, although it was work.
func (f *fair) bid(ctx context.Context, listing int) (load.Kind, error) {
	dollars, bidder := f.next(listing)
	leads, err := f.h.market.Lead(ctx, f.ids[listing], bidder.ID, dollarText(dollars))
	switch {
	case err == nil && leads:
		f.led.Add(1)
		return load.Bid, nil
	case err == nil:
		f.outrun.Add(1)
		return load.Overtaken, nil
	case fault.CodeOf(err) == "bid_too_low":
		return load.Overtaken, nil
	default:
		return load.Bid, err
	}
}

// next draws the next maximum on a listing, and whose it is.
func (f *fair) next(listing int) (dollars int64, bidder profilestest.Recruit) {
	dollars = f.maxima[listing].Add(raise)
	return dollars, f.h.bidders[int(dollars/raise)%len(f.h.bidders)]
}

// refused places a bid that is too low.
func (f *fair) refused(ctx context.Context, listing int) error {
	_, err := f.h.market.Lead(ctx, f.ids[listing], f.h.bidders[0].ID, "0.50")
	if fault.CodeOf(err) != "bid_too_low" {
		return fmt.Errorf("a bid of half a dollar should be too low: %w", err)
	}
	return nil
}

// checked is what was found after a round.
type checked struct{ logs, bids int64 }

// play lets clients do for a round what the scenario says, and then checks what came of it.
func (f *fair) play(s load.Scenario, clients int, lasts time.Duration) (load.Result, checked) {
	f.h.t.Helper()
	return f.playWith(clients, lasts, f.act(s, clients))
}

// playWith is play with clients who do something else. CPU is that of this process and the database server.
func (f *fair) playWith(clients int, lasts time.Duration, act func(context.Context, int) (load.Kind, error)) (load.Result, checked) {
	f.h.t.Helper()
	t := f.h.t
	f.h.settle()
	logged, acknowledged := f.logged, f.acknowledged()
	if f.h.pool != nil {
		logged = f.h.logged()
	}
	spent := f.h.cpuTime()
	result, err := load.Play(t.Context(), clients, lasts, act)
	require.NoError(t, err)
	result.Spend(f.h.cpuTime() - spent)
	f.logged = f.bidsLogged()
	gained := f.logged - logged
	require.Equal(t, f.acknowledged()-acknowledged, gained, "bids in the logs, and bids acknowledged")
	return result, checked{logs: f.verify(), bids: gained}
}

// verify checks that the chains verify and that each bid that counts moved the leader; it returns how many logs it read.
func (f *fair) verify() int64 {
	f.h.t.Helper()
	t := f.h.t
	sample := f.sample()
	verified, bids, err := f.h.auditor.VerifySome(t.Context(), sample)
	require.NoError(t, err, "a log does not verify")
	if len(sample) == len(f.ids) {
		require.Equal(t, f.led.Load(), bids.Leading-f.filled, "bids in the logs that moved the leader, and bids that count")
	}
	require.LessOrEqual(t, bids.Accepted-bids.Leading, f.outrun.Load(), "bids in the logs that did not move the leader")
	return verified.Listings
}

func (f *fair) acknowledged() int64 { return f.led.Load() + f.outrun.Load() }

// bidsLogged counts the bids in the logs: all of the house's, or in memory, where no statement counts, those of the fair.
func (f *fair) bidsLogged() int64 {
	f.h.t.Helper()
	if f.h.pool != nil {
		return f.h.logged()
	}
	_, bids, err := f.h.auditor.VerifySome(f.h.t.Context(), f.ids)
	require.NoError(f.h.t, err)
	return bids.Accepted
}

// sample draws the listings that are verified.
func (f *fair) sample() []uuid.UUID {
	if len(f.ids) <= sampleSize {
		return f.ids
	}
	ids := make([]uuid.UUID, sampleSize)
	for i, n := range rand.Perm(len(f.ids))[:sampleSize] {
		ids[i] = f.ids[n]
	}
	return ids
}
