package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/db"
)

// books are what a crash test knows must be in a store, because it was told so.
type books struct {
	flags   map[string]string
	workers int // that bid at the same time

	bids   []listingstest.Outcome // acknowledged before the last kill and earlier
	recent []listingstest.Outcome // acknowledged since the kill before
	short  []uuid.UUID            // listings whose end has come since
	long   []uuid.UUID            // listings that go on
	kills  int
	// unknown counts bids sent from outside whose answer never came: each may be in the log or not.
	unknown int
	cutOff  int64 // bids in the log whose acknowledgement was not heard
}

// flagsOf turns arguments such as "--data.dir", "x" into flags of the configuration.
func flagsOf(store []string) map[string]string {
	flags := map[string]string{"http.addr": "127.0.0.1:0"}
	for i := 0; i < len(store); i += 2 {
		flags[strings.TrimPrefix(store[i], "--")] = store[i+1]
	}
	return flags
}

// killed notes what was acknowledged before a kill.
func (b *books) killed(acknowledged []listingstest.Outcome) {
	b.recent = acknowledged
	b.bids = append(b.bids, acknowledged...)
	b.kills++
}

// audit opens the store, which a program that has started since serves, and compares it with the books. Nothing may be
// overdue at the instant now.
func (b *books) audit(t *testing.T, now time.Time) {
	t.Helper()
	var (
		auditor listingstest.Auditor
		trader  listingstest.Trader
		pool    *db.Pool
	)
	// Opened for each audit: a connection that outlives the kill would keep SQLite from recovering.
	app := fx.New(core(configured(t, b.flags), quiet), profilestest.EveryoneTrades(), fx.Populate(&auditor, &trader, &pool))
	require.NoError(t, app.Start(t.Context()))
	defer func() { require.NoError(t, app.Stop(context.Background())) }()

	require.NoError(t, auditor.Logged(t.Context(), b.bids))
	b.repeat(t, trader)
	overdue, err := auditor.Overdue(t.Context(), now)
	require.NoError(t, err)
	require.Empty(t, overdue, "listings that are over and not closed")
	closed, err := auditor.Closed(t.Context())
	require.NoError(t, err, "each once, at its end")
	require.ElementsMatch(t, b.short, closed)
	verified, err := auditor.Verify(t.Context())
	require.NoError(t, err)
	b.compareOutbox(t, pool)

	// Beside the acknowledged bids the log may have those that each worker was about to hear of.
	logged := verified.Events - 2*verified.Listings - int64(len(closed))
	b.cutOff = logged - int64(len(b.bids))
	require.LessOrEqual(t, b.cutOff, int64(b.kills*b.workers+b.unknown), "bids that nobody placed")
}

// repeat places acknowledged bids again: the answer is that of then, since their command ids are in the log.
func (b *books) repeat(t *testing.T, trader listingstest.Trader) {
	t.Helper()
	for _, bid := range b.recent {
		again := trader.Place(t.Context(), bid.Order)
		require.Empty(t, again.Refused+again.Failed, bid.Key)
		require.Equal(t, bid.Seq, again.Seq, bid.Key)
	}
}

// compareOutbox checks that there is one message for each event in the logs.
func (b *books) compareOutbox(t *testing.T, pool *db.Pool) {
	t.Helper()
	var count struct {
		Events   int `db:"events"`
		Messages int `db:"messages"`
		Pairs    int `db:"pairs"`
	}
	require.NoError(t, pool.Read().Get(t.Context(), &count, `
		SELECT
			(SELECT count(*) FROM listing_log) AS events,
			(SELECT count(*) FROM outbox WHERE kind LIKE 'listings.%') AS messages,
			(SELECT count(*) FROM listing_log l JOIN outbox o ON o.aggregate = l.listing_id AND o.seq = l.seq) AS pairs`))
	require.Positive(t, count.Events)
	require.Equal(t, count.Events, count.Pairs, "an event without its message")
	require.Equal(t, count.Events, count.Messages, "a message without its event, or twice")
}

// distinct checks that no position in a log was given to two bids.
func (b *books) distinct(t *testing.T) {
	t.Helper()
	type position struct {
		listing uuid.UUID
		seq     int64
	}
	taken := map[position]string{}
	for _, bid := range b.bids {
		at := position{bid.Listing, bid.Seq}
		require.Empty(t, taken[at], "two bids at %v", at)
		taken[at] = bid.Key
	}
}

// trade lets the child trade on listings of this round, which will be over before the next, and on some of the first round
// that go on through all.
func (b *books) trade(t *testing.T, v *victim, round int) {
	t.Helper()
	seed := uint64(round + 1)
	what := childTrade{
		Seed: seed, Workers: b.workers, Listings: b.long,
		Lots: []listingstest.Lots{{Seed: seed, Count: 4, Duration: time.Hour}},
	}
	if round == 0 {
		what.Lots = append(what.Lots, listingstest.Lots{Seed: seed, Count: 2, Duration: 30 * 24 * time.Hour})
	}
	published := v.trade(what)
	b.short = append(b.short, published[:4]...)
	b.long = slices.Concat(b.long, published[4:])
}
