package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// TestThreeServersBidOnOneDatabase lets three servers take bids on one PostgreSQL at the same time, for TEST_SERVERS_SECONDS
// (a third of one unless it is set): all on one listing, then all over 20, of which any two units want several, then all over 500.
// Every acknowledged bid is in the log, once, and no other is; every chain verifies and gives the stored listing; each event
// has its message; PostgreSQL has met no deadlock; and, where it lasts long enough to tell, the slowest server did at least a
// third of what the fastest did.
func TestThreeServersBidOnOneDatabase(t *testing.T) {
	t.Parallel()
	long := time.Second / 3
	if os.Getenv("TEST_SERVERS_SECONDS") != "" {
		long = time.Duration(countFrom(t, "TEST_SERVERS_SECONDS", 0)) * time.Second
	}
	store := []string{"--database.url", dbtest.PostgresURL(t, schema(t)...), "--log.level", "error"}
	r := &rivals{t: t, books: &books{flags: flagsOf(store)}}
	before := r.deadlocks()
	contests := []*contest{
		{name: "hot", listings: r.publish(1)},
		{name: "crowded", listings: r.publish(20)},
		{name: "uniform", listings: r.publish(500)},
	}
	r.start()
	for _, c := range contests {
		r.run(c, long)
	}
	r.stop()
	for _, c := range contests {
		r.settle(c, long)
	}
	r.audit()
	met := r.deadlocks() - before
	t.Logf("three servers on one database: %d bids, each kept once; %d deadlocks", len(r.books.bids), met)
	require.Zero(t, met, "deadlocks that PostgreSQL has met")
	for _, c := range contests {
		c.requireNoneStarved(t, long)
	}
}

const (
	// rivalServers is how many servers share the database.
	rivalServers = 3
	// rivalBidders bid at the same time on each of them.
	rivalBidders = 32
	// leastShare is how much of what the fastest server does the slowest has to do, in a contest of at least untilEven: in
	// a shorter one, beside other tests, a server may hardly have begun.
	leastShare = 1.0 / 3
	untilEven  = 10 * time.Second
)

// rivals are servers that take bids on what one database has.
type rivals struct {
	t         *testing.T
	books     *books
	published int // listings
	servers   []*victim
	over      int // contests
}

// contest is what they bid on for a while, and how each fared.
type contest struct {
	name     string
	listings []uuid.UUID
	results  []contestResult
}

// publish puts listings on the market.
func (r *rivals) publish(count int) []uuid.UUID {
	r.t.Helper()
	var market listingstest.Market
	app := fx.New(core(configured(r.t, r.books.flags), quiet), profilestest.EveryoneTrades(), fx.Populate(&market))
	require.NoError(r.t, app.Start(r.t.Context()))
	defer func() { require.NoError(r.t, app.Stop(context.Background())) }()
	ids, failed := make([]uuid.UUID, count), make([]error, rivalBidders)
	var next atomic.Int64
	var sellers sync.WaitGroup
	for s := range failed {
		sellers.Go(func() {
			for n := int(next.Add(1)); n <= count && failed[s] == nil; n = int(next.Add(1)) {
				ids[n-1], failed[s] = market.Publish(r.t.Context(), listingstest.Offer{})
			}
		})
	}
	sellers.Wait()
	require.NoError(r.t, errors.Join(failed...))
	r.published += count
	return ids
}

func (r *rivals) start() {
	r.t.Helper()
	for range rivalServers {
		flags := maps.Clone(r.books.flags)
		flags["data.dir"] = r.t.TempDir()
		r.servers = append(r.servers, spawn(r.t, childPlan{Flags: flags}))
	}
	for _, v := range r.servers {
		v.await("the server", func(h heard) bool { return h.addr != "" })
	}
}

// run lets all servers bid that long.
func (r *rivals) run(c *contest, long time.Duration) {
	r.t.Helper()
	start := time.Now().Add(50 * time.Millisecond)
	for n, v := range r.servers {
		v.order(childOrder{Contest: &childContest{
			Server: n, Bidders: rivalBidders, Listings: c.listings, Start: start, End: start.Add(long),
			File: filepath.Join(r.t.TempDir(), "acknowledged"),
		}})
	}
	time.Sleep(time.Until(start.Add(long)))
	for _, v := range r.servers {
		v.await("the end of the contest", func(h heard) bool { return len(h.contests) > r.over })
		c.results = append(c.results, v.told().contests[r.over])
	}
	r.over++
}

// stop ends the servers, and with them their connections: then PostgreSQL knows what became of each.
func (r *rivals) stop() {
	r.t.Helper()
	for _, v := range r.servers {
		v.stop()
	}
}

// settle takes what the servers were acknowledged into the books, and says how each fared.
func (r *rivals) settle(c *contest, long time.Duration) {
	r.t.Helper()
	all := 0
	for n, result := range c.results {
		require.Empty(r.t, result.Failed, "bids of which nobody knows what became")
		bids := acknowledged(r.t, result)
		r.books.bids = append(r.books.bids, bids...)
		all += len(bids)
		r.t.Logf("%s, server %d: %.0f bids accepted and %.0f refused in a second, the longest took %s", c.name, n+1,
			float64(result.Accepted)/long.Seconds(), float64(result.Refused)/long.Seconds(), result.Longest.Round(time.Millisecond))
	}
	r.t.Logf("%s, three servers: %d bids accepted on %d listings in %s, %.0f in a second; the slowest server did %.2f of the fastest's",
		c.name, all, len(c.listings), long.Round(time.Millisecond), float64(all)/long.Seconds(), c.share(contestResult.accepted))
}

// acknowledged reads what a server was told of its bids.
func acknowledged(t *testing.T, r contestResult) (bids []listingstest.Outcome) {
	t.Helper()
	file, err := os.Open(r.File)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	for lines := json.NewDecoder(bufio.NewReader(file)); ; {
		var bid listingstest.Outcome
		err := lines.Decode(&bid)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		bids = append(bids, bid)
	}
	require.Len(t, bids, r.Accepted)
	return bids
}

// audit compares the store with the books.
func (r *rivals) audit() {
	r.t.Helper()
	var (
		auditor listingstest.Auditor
		pool    *db.Pool
	)
	app := fx.New(core(configured(r.t, r.books.flags), quiet), fx.Populate(&auditor, &pool))
	require.NoError(r.t, app.Start(r.t.Context()))
	defer func() { require.NoError(r.t, app.Stop(context.Background())) }()

	require.NoError(r.t, auditor.Logged(r.t.Context(), r.books.bids))
	r.books.distinct(r.t)
	verified, err := auditor.Verify(r.t.Context())
	require.NoError(r.t, err)
	require.EqualValues(r.t, r.published, verified.Listings)
	require.EqualValues(r.t, len(r.books.bids), verified.Events-2*verified.Listings, "bids in the log, and those acknowledged")
	r.books.compareOutbox(r.t, pool)
}

func (c *contest) requireNoneStarved(t *testing.T, long time.Duration) {
	t.Helper()
	if long < untilEven {
		return
	}
	require.GreaterOrEqual(t, c.share(contestResult.accepted), leastShare, "%s: accepted by each server", c.name)
	require.GreaterOrEqual(t, c.share(contestResult.answered), leastShare, "%s: answered by each server", c.name)
}

// share is what the slowest server has counted, as a share of what the fastest has.
func (c *contest) share(count func(contestResult) int) float64 {
	counts := make([]int, len(c.results))
	for i, result := range c.results {
		counts[i] = count(result)
	}
	return float64(slices.Min(counts)) / float64(max(1, slices.Max(counts)))
}

// deadlocks returns how many PostgreSQL has met in the database. It knows of those of connections that have ended.
func (r *rivals) deadlocks() (n int) {
	r.t.Helper()
	pool := dbtest.Open(r.t, db.Settings{URL: r.books.flags["database.url"]})
	const query = `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`
	require.NoError(r.t, pool.Read().Get(r.t.Context(), &n, query))
	return n
}
