package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/broker/brokertest"
	"github.com/gavelhq/gavel/platform/events/delivery"
)

// TestTwoServersSurviveEverything lets two servers share a PostgreSQL, with NATS between them and without, and kills them at
// random under bidding, from within and by somebody outside over HTTP, for TEST_CHAOS_SECONDS (3 unless it is set), one or both
// at a time; NATS, where it is, is stopped and started in between. Afterwards every acknowledged bid is in the log, every listing whose end has come has closed, once, every
// subscriber has handled every event, once, and both servers answer the same.
func TestTwoServersSurviveEverything(t *testing.T) {
	t.Parallel()
	long := time.Duration(countFrom(t, "TEST_CHAOS_SECONDS", 3)) * time.Second
	t.Run("with NATS between", func(t *testing.T) {
		t.Parallel()
		newChaos(t, brokertest.Start(t, nil)).survive(long)
	})
	t.Run("without NATS", func(t *testing.T) {
		t.Parallel()
		newChaos(t, nil).survive(long)
	})
}

// chaos is two servers and what happens to them.
type chaos struct {
	t       *testing.T
	books   *books
	broker  *brokertest.Server // nil for none
	servers [2]*victim
	behind  time.Duration // how far their clocks stand behind ours
	seed    uint64
	open    []uuid.UUID // the short listings that are bid on
	stops   int         // of NATS
	outside *outsider
}

// chaosWorkers bid at the same time on each server.
const chaosWorkers = 2

func newChaos(t *testing.T, broker *brokertest.Server) *chaos {
	t.Helper()
	flags := flagsOf([]string{"--database.url", dbtest.PostgresURL(t), "--log.level", "error", "--http.rate.requests", "0"})
	if broker != nil {
		flags["events.nats.url"] = broker.URL()
	}
	return &chaos{t: t, books: &books{workers: 2 * chaosWorkers, flags: flags}, broker: broker, behind: 1000 * apart}
}

func (c *chaos) survive(long time.Duration) {
	c.t.Helper()
	c.books.flags["data.dir"] = filepath.Join(c.t.TempDir(), "data")
	c.start(0)
	c.start(1)
	c.enrol()
	begun := time.Now()
	for round := 0; time.Since(begun) < long; round++ {
		c.round(round)
	}
	if c.broker != nil {
		c.broker.Stop() // it may run
		c.broker.Start()
	}
	for i := range c.servers {
		c.servers[i].awaitBids(1)
	}
	c.outside.stop()
	c.ahead() // everything short is over
	for i := range c.servers {
		c.servers[i].rest()
		awaitReady(c.t, c.servers[i].told().addr)
	}
	c.sameAnswers()
	killed := c.books.kills
	for i := range c.servers {
		c.collect(i)
	}
	c.settle()
	c.books.audit(c.t, time.Now().Add(-c.behind))
	c.books.distinct(c.t)
	c.requireDelivered()
	for i := range c.servers {
		c.servers[i].stop()
	}
	c.t.Logf("%d servers killed and %d stops of NATS survived by two servers in %s: %d bids acknowledged and kept, %d of them over HTTP beside %d without an answer, %d listings closed once, %d kept whose answer was cut off",
		killed, c.stops, time.Since(begun).Round(time.Second), len(c.books.bids), len(c.outside.acknowledged), c.outside.unknown, len(c.books.short), c.books.cutOff)
}

// round publishes short listings, has both servers bid on them, and kills one or both of them, sometimes at the moment at
// which the listings end.
func (c *chaos) round(n int) {
	c.t.Helper()
	lots := []listingstest.Lots{{Seed: c.seed + 1, Count: 3, Duration: time.Hour}}
	if n == 0 {
		lots = append(lots, listingstest.Lots{Seed: c.seed + 1, Count: 2, Duration: 30 * 24 * time.Hour})
	}
	published := c.trade(0, lots)
	c.books.short = append(c.books.short, published[:3]...)
	c.books.long = append(c.books.long, published[3:]...)
	c.open = published[:3]
	c.outside.told(c.servers, slices.Concat(c.open, c.books.long))
	c.trade(1, nil)
	if c.broker != nil {
		switch n % 4 {
		case 1:
			c.broker.Stop()
			c.stops++
		case 2:
			c.broker.Start()
		}
	}
	c.servers[n%2].awaitBids(1 + rand.IntN(underLoad/3))
	if rand.N(2) == 0 {
		c.ahead()
	} else {
		defer c.ahead()
	}
	dying := []int{rand.N(2)}
	if rand.N(4) == 0 {
		dying = []int{0, 1}
	}
	for _, i := range dying {
		time.Sleep(rand.N(30 * time.Millisecond))
		c.servers[i].kill()
		c.collect(i)
	}
	for _, i := range dying {
		time.Sleep(rand.N(200 * time.Millisecond))
		c.start(i)
	}
	c.outside.told(c.servers, slices.Concat(c.open, c.books.long))
	if dying[0] == 1 && len(dying) == 1 {
		c.servers[0], c.servers[1] = c.servers[1], c.servers[0] // the new one publishes next
	}
}

// start starts a server and lets it bid on what there is.
func (c *chaos) start(i int) {
	c.t.Helper()
	flags := maps.Clone(c.books.flags)
	flags["data.dir"] = c.t.TempDir()
	c.servers[i] = spawn(c.t, childPlan{Flags: flags, Behind: c.behind})
	c.servers[i].await("the server", func(h heard) bool { return h.addr != "" })
	if len(c.books.long) > 0 {
		c.trade(i, nil)
	}
}

// trade lets a server publish lots, and bid on these and on all that is open.
func (c *chaos) trade(i int, lots []listingstest.Lots) []uuid.UUID {
	c.t.Helper()
	c.seed++
	what := childTrade{Seed: c.seed, Workers: chaosWorkers, Lots: lots, Listings: slices.Concat(c.open, c.books.long)}
	if lots == nil {
		c.servers[i].order(childOrder{Trade: &what})
		return nil
	}
	return c.servers[i].trade(what)
}

// ahead moves all clocks on by so much that everything short is over.
func (c *chaos) ahead() {
	c.t.Helper()
	c.behind -= apart
	for _, v := range c.servers {
		if v.cmd.ProcessState == nil {
			v.order(childOrder{Ahead: apart})
		}
	}
}

// collect takes what a server that ends, or has ended, has acknowledged into the books.
func (c *chaos) collect(i int) {
	c.t.Helper()
	c.books.killed(c.servers[i].told().bids)
	for _, code := range c.servers[i].told().failures {
		require.Contains(c.t, []string{"busy", "outcome_unknown", "database_unavailable"}, code)
	}
}

// sameAnswers asks both servers for everything that there is to see, until they answer the same.
func (c *chaos) sameAnswers() {
	c.t.Helper()
	paths := []string{"/api/v1/listings?limit=100"}
	for _, id := range append(c.books.short[:len(c.books.short):len(c.books.short)], c.books.long...) {
		paths = append(paths, "/api/v1/listings/"+id.String(), "/api/v1/listings/"+id.String()+"/bids?limit=100", "/api/v1/listings/"+id.String()+"/log")
	}
	var answers [2]strings.Builder
	for i, v := range c.servers {
		h := &house{t: c.t}
		h.at(v.told().addr)
		guest := h.guest()
		for _, path := range paths {
			fmt.Fprintf(&answers[i], "%s: %s\n", path, guest.get(path).is(http.StatusOK).body)
		}
	}
	require.Contains(c.t, answers[0].String(), `"bid_count"`)
	require.Equal(c.t, answers[0].String(), answers[1].String())
}

// requireDelivered waits until every subscriber has got every event that it wants and nothing is put aside, and compares what was
// made of them.
func (c *chaos) requireDelivered() {
	c.t.Helper()
	var pool *db.Pool
	var views delivery.Views
	kinds := map[string][]string{}
	app := fx.New(core(configured(c.t, c.books.flags), quiet), fx.Populate(&pool, &views), fx.Invoke(fx.Annotate(
		func(subscribers []events.Subscriber) {
			for _, s := range subscribers {
				kinds[s.Name] = s.Kinds
			}
		}, fx.ParamTags(`group:"subscribers"`))))
	require.NoError(c.t, app.Start(c.t.Context()))
	defer func() { require.NoError(c.t, app.Stop(context.Background())) }()
	require.NotEmpty(c.t, kinds)
	count := func(query string, args ...any) (n int) {
		require.NoError(c.t, pool.Read().Get(c.t.Context(), &n, query, args...))
		return n
	}
	require.Eventually(c.t, func() bool {
		waiting := count(`SELECT count(*) FROM outbox WHERE number IS NULL`)
		subscriptions, err := views.Subscriptions(c.t.Context())
		require.NoError(c.t, err)
		require.Len(c.t, subscriptions, len(kinds))
		for _, s := range subscriptions {
			for _, kind := range kinds[s.Name] {
				waiting += count(`SELECT count(*) FROM outbox WHERE number > $1 AND kind = $2`, s.Number, kind)
			}
		}
		return waiting == 0
	}, patience, 50*time.Millisecond, "every subscriber has got what it wants")
	require.Zero(c.t, count(`SELECT count(*) FROM event_deliveries`), "nothing is put aside, and there are no dead letters")
	sold := count(`SELECT count(*) FROM outbox WHERE kind = 'listings.closed.v1' AND payload LIKE '%"status":"sold"%'`)
	require.Equal(c.t, sold, count(`SELECT count(*) FROM sales`), "sales that profiles has heard of")
	require.Equal(c.t, len(c.books.short), count(`SELECT count(*) FROM outbox WHERE kind = 'listings.closed.v1'`))
}
