package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// outsider is a member who bids over HTTP on both servers and believes nothing but their answers: a bid is acknowledged when
// a 2xx has been read to its end, refused by a 4xx, and of every other it is unknown what became.
type outsider struct {
	token  string
	id     uuid.UUID
	client http.Client
	cancel context.CancelFunc
	bids   sync.WaitGroup

	mu           sync.Mutex
	addrs        []string
	listings     []uuid.UUID
	sent         int64
	acknowledged []listingstest.Outcome
	unknown      int
	odd          []string // answers that nobody should get
}

// enrol has the operator make a member, who gets a token over HTTP and begins to bid.
func (c *chaos) enrol() {
	c.t.Helper()
	now := clock.NewReal() // as the servers have it
	now.SetOffset(-c.behind)
	var operator *profiles.Operator
	app := fx.New(core(configured(c.t, c.books.flags), quiet), platformtest.Swap[clock.Clock](now), fx.Populate(&operator))
	require.NoError(c.t, app.Start(c.t.Context()))
	made, err := operator.CreateAdmin(c.t.Context(), profiles.NewAdmin{Email: "out@example.org", Handle: "outsider", Password: password})
	require.NoError(c.t, err)
	require.NoError(c.t, app.Stop(context.Background()))
	h := &house{t: c.t}
	h.at(c.servers[0].told().addr)
	member := h.guest()
	member.email, member.id = "out@example.org", made.ID
	member.signIn()
	member = member.program("listings.bid")
	ctx, cancel := context.WithCancel(c.t.Context())
	c.outside = &outsider{
		token: member.token, id: member.id, cancel: cancel,
		client: http.Client{Timeout: patience, Transport: &http.Transport{}},
	}
	c.t.Cleanup(c.outside.stop)
	for n := range c.servers {
		c.outside.bids.Go(func() { c.outside.bid(ctx, n) })
	}
}

// told says where the servers are by now, and what there is to bid on.
func (o *outsider) told(servers [2]*victim, listings []uuid.UUID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.addrs, o.listings = []string{servers[0].told().addr, servers[1].told().addr}, listings
}

// next returns the next bid and the server that it is for; false while there is nothing to bid on.
func (o *outsider) next(n int) (addr string, order listingstest.Order, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.listings) == 0 {
		return "", listingstest.Order{}, false
	}
	o.sent++
	return o.addrs[n], listingstest.Order{
		Listing: o.listings[o.sent%int64(len(o.listings))], Bidder: o.id, Cents: 1_000_000_00 + 100*o.sent,
		Key: fmt.Sprintf("outside %d", o.sent),
	}, true
}

// bid bids on one of the servers until ctx ends, with pauses: the load comes from within.
func (o *outsider) bid(ctx context.Context, n int) {
	for ctx.Err() == nil {
		if addr, order, ok := o.next(n); ok {
			o.note(o.place(addr, order))
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// neverSent is the status of a bid for which there was no server.
const neverSent = -1

// place sends one bid and returns its status, 0 where no whole answer came, and what was answered.
func (o *outsider) place(addr string, order listingstest.Order) (outcome listingstest.Outcome, status int, body []byte) {
	outcome.Order = order
	text, err := json.Marshal(fields{"maximum": usd(fmt.Sprintf("%d.%02d", order.Cents/100, order.Cents%100))})
	if err != nil {
		return outcome, 0, nil
	}
	path := "http://" + addr + "/api/v1/listings/" + order.Listing.String() + "/bids"
	request, err := http.NewRequest(http.MethodPost, path, bytes.NewReader(text)) // it is not for the end of the test to cut it off
	if err != nil {
		return outcome, 0, nil
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+o.token)
	request.Header.Set("Idempotency-Key", order.Key)
	answer, err := o.client.Do(request)
	if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
		return outcome, neverSent, nil
	}
	if err != nil {
		return outcome, 0, nil
	}
	defer func() { _ = answer.Body.Close() }()
	if body, err = io.ReadAll(answer.Body); err != nil {
		return outcome, 0, nil
	}
	var said struct {
		Seq int64 `json:"seq"`
	}
	if json.Unmarshal(body, &said) == nil {
		outcome.Seq = said.Seq
	}
	return outcome, answer.StatusCode, body
}

// note writes down what a bid was answered.
func (o *outsider) note(outcome listingstest.Outcome, status int, body []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case status/100 == 2:
		o.acknowledged = append(o.acknowledged, outcome)
	case status == neverSent:
	case status == 0, status >= http.StatusInternalServerError:
		o.unknown++
	case status != http.StatusConflict && status != http.StatusUnprocessableEntity:
		o.odd = append(o.odd, fmt.Sprintf("%d: %s", status, body))
	}
}

// stop lets the last bids end.
func (o *outsider) stop() {
	o.cancel()
	o.bids.Wait()
	o.client.CloseIdleConnections()
}

// settle takes what the outsider was acknowledged into the books.
func (c *chaos) settle() {
	c.t.Helper()
	c.outside.stop()
	require.Empty(c.t, c.outside.odd)
	require.NotEmpty(c.t, c.outside.acknowledged)
	c.books.bids = append(c.books.bids, c.outside.acknowledged...)
	c.books.recent = append(c.books.recent, c.outside.acknowledged...)
	c.books.unknown += c.outside.unknown
}
