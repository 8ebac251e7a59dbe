//go:build bench

package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/test/load"
)

const (
	httpConnections = 64
	httpListings    = 10_000
)

// TestLoadHTTP compares what members achieve over HTTP, against the real program, with what as many callers of its use case
// achieve in process, where the same program runs, too: events are delivered in both. `make bench-http` runs it.
func TestLoadHTTP(t *testing.T) {
	b := newBench(t)
	b.groups(map[string]func(){"http": func() {
		b.overHTTP(load.Postgres)
		b.overHTTP(load.SQLite)
	}})
	b.write()
}

func (b *bench) overHTTP(store string) {
	b.t.Helper()
	inside := openLoadHouse(b.t, b.cluster, store, store+"_inside", whole)
	behind := openLoadHouse(b.t, b.cluster, store, store+"_behind", passive)
	called, served := inside.publish(httpListings), behind.publish(httpListings)
	site := serveLoad(b.t, behind)
	uniform := load.Scenario{Name: "inside", Listings: httpListings, Distribution: load.Uniform}
	over := uniform
	over.Name = "http"
	act := served.posting(site, over)
	warm := max(time.Second, b.lasts()/2)
	called.playWith(httpConnections, warm, called.act(uniform, httpConnections))
	served.playWith(httpConnections, warm, act) // notes the first use of each token, too
	insides, https := &series{}, &series{}
	for round := range b.rounds {
		inTurn(round, func() {
			inside.deliver()
			result, found := called.playWith(httpConnections, b.lasts(), called.act(uniform, httpConnections))
			insides.engine, insides.checked = append(insides.engine, result), append(insides.checked, found)
			inside.deliver()
			b.say(uniform, store, httpConnections, insides)
		}, func() {
			behind.deliver()
			spent := load.ProcessTime(site.process.cmd.Process.Pid)
			result, found := served.playWith(httpConnections, b.lasts(), act)
			result.CPU += (load.ProcessTime(site.process.cmd.Process.Pid) - spent) / time.Duration(max(1, result.Done))
			https.engine, https.checked = append(https.engine, result), append(https.checked, found)
			behind.deliver()
			b.say(over, store, httpConnections, https)
		})
	}
	site.close()
	b.note(uniform, inside, httpConnections, insides)
	b.note(over, behind, httpConnections, https)
	if store == load.Postgres {
		b.ratio("http_kept", "bids/s", behind, of(https.engine, load.Result.Pace), of(insides.engine, load.Result.Pace))
	}
}

// loadSite is the real program on a store, and connections to it.
type loadSite struct {
	t           *testing.T
	process     *process
	connections []*load.Connection
}

func serveLoad(t *testing.T, h *loadHouse) *loadSite {
	t.Helper()
	args := []string{"serve", "--http.addr", "127.0.0.1:0", "--http.rate.requests", "0", "--data.dir", h.dataDir}
	if h.url != "" {
		args = append(args, "--database.url", h.url)
	}
	s := &loadSite{t: t, process: launch(t, binary(t), args...)}
	for range httpConnections {
		c, err := load.Connect(s.process.addr())
		require.NoError(t, err)
		s.connections = append(s.connections, c)
	}
	return s
}

func (s *loadSite) close() {
	s.t.Helper()
	for _, c := range s.connections {
		_ = c.Close() // the server may have been faster
	}
	require.Zero(s.t, s.process.stop(syscall.SIGTERM))
}

// posting returns what a client of the site does: it bids as act does, under a member's token.
func (f *fair) posting(site *loadSite, s load.Scenario) func(context.Context, int) (load.Kind, error) {
	choices := make([]*load.Choice, len(site.connections))
	for c := range choices {
		choices[c] = s.NewChoice(1, c)
	}
	return func(_ context.Context, client int) (load.Kind, error) {
		listing := choices[client].Listing()
		dollars, bidder := f.next(listing)
		return f.post(site.connections[client], listing, bidder, dollars)
	}
}

func (f *fair) post(c *load.Connection, listing int, bidder profilestest.Recruit, dollars int64) (load.Kind, error) {
	body := `{"maximum": {"amount": "` + dollarText(dollars) + `", "currency": "USD"}}`
	status, answer, err := c.Post("/api/v1/listings/"+f.ids[listing].String()+"/bids", bidder.Token, body)
	switch {
	case err != nil:
		return load.Bid, err
	case status == http.StatusOK && bytes.Contains(answer, []byte(`"result":"leading"`)):
		f.led.Add(1)
		return load.Bid, nil
	case status == http.StatusOK:
		f.outrun.Add(1)
		return load.Overtaken, nil
	case status == http.StatusUnprocessableEntity && bytes.Contains(answer, []byte(`bid_too_low`)):
		return load.Overtaken, nil
	default:
		return load.Bid, fmt.Errorf("a bid was answered with %d: %s", status, answer)
	}
}

// deliver waits until everybody who listens has got the bids so far, so that none of a round is delivered in the next. Only
// one subscriber listens to bids; the others note now and then that there was nothing for them.
func (h *loadHouse) deliver() {
	h.t.Helper()
	const waiting = `
		SELECT count(*)
		FROM outbox
		WHERE kind = $1 AND (number IS NULL
			OR number > (SELECT coalesce(max(number), 0) FROM event_subscriptions WHERE name = 'listings.notices'))`
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		var n int64
		h.inUnit(func(ctx context.Context, tx *db.Tx) error { return tx.Get(ctx, &n, waiting, listingsapi.KindBidPlaced) })
		if n == 0 {
			return
		}
		require.True(h.t, time.Now().Before(deadline), "%d bids of a round are not delivered", n)
	}
}
