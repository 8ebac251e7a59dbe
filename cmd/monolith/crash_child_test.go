package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/log"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// The crash tests kill a process that is a copy of this test binary: started with a plan in its environment, it runs the
// production graph, and members who bid in it, instead of tests. It does what it is told on stdin and tells on stdout
// what happened, a line of JSON each.

// childVariable holds the plan of a child.
const childVariable = "TEST_CHILD"

// childPlan is how a child starts.
type childPlan struct {
	// Flags are its configuration.
	Flags map[string]string
	// Behind is how far its clock stands behind ours.
	Behind time.Duration
	// Undelivered says that no events are delivered.
	Undelivered bool
}

// childOrder is a line on a child's stdin. At the end of stdin it stops gently.
type childOrder struct {
	// Trade ends what went on before, publishes lots and bids on them.
	Trade *childTrade
	// Rest ends it; what the workers are about is settled first.
	Rest bool
	// Contest bids beside other children, and is over before the next order is read.
	Contest *childContest
	// Ahead moves the clock on.
	Ahead time.Duration
}

// childTrade is what a child trades with.
type childTrade struct {
	Seed    uint64
	Workers int
	// Lots are published first; Listings are bid on, too.
	Lots     []listingstest.Lots
	Listings []uuid.UUID
}

// childReport is a line on a child's stdout. It is written with one system call, so that a kill never cuts it.
type childReport struct {
	// Ready is the address at which the server is ready.
	Ready string `json:"ready,omitempty"`
	// Published are the lots of a trade.
	Published []uuid.UUID `json:"published,omitempty"`
	// Resting says that the trade has ended.
	Resting bool `json:"resting,omitempty"`
	// Outcome is what became of an attempt to bid; it is reported after the use case has returned.
	Outcome *listingstest.Outcome `json:"outcome,omitempty"`
	// Contest is how one ended.
	Contest *contestResult `json:"contest,omitempty"`
}

// isChild reports whether this process is not to run tests.
func isChild() bool { return os.Getenv(childVariable) != "" }

// runChild is the main function of a child; it returns its exit status.
func runChild() int {
	var plan childPlan
	err := json.Unmarshal([]byte(os.Getenv(childVariable)), &plan)
	if err == nil {
		err = runPlan(plan)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		return exitFailed
	}
	return exitOK
}

func runPlan(plan childPlan) error {
	cfg, _, err := config.Load(config.Sources{Flags: plan.Flags}, configChecks...)
	if err != nil {
		return err
	}
	c := &child{clock: clock.NewReal()}
	c.clock.SetOffset(-plan.Behind)
	var server *httpserver.Server
	options := []fx.Option{
		graph(*cfg, log.Output{Writer: os.Stderr}),
		platformtest.Swap[clock.Clock](c.clock),
		profilestest.EveryoneTrades(),
		fx.Populate(&server, &c.trader),
	}
	if plan.Undelivered {
		options = append(options, undelivered())
	}
	app := fx.New(options...)
	if err := app.Start(context.Background()); err != nil {
		return err
	}
	c.report(childReport{Ready: server.Addr()})
	err = c.obey(json.NewDecoder(os.Stdin))
	c.stop()
	return errors.Join(err, app.Stop(context.Background()))
}

// child is a running child.
type child struct {
	clock  *clock.Real
	trader listingstest.Trader

	cancel  context.CancelFunc // ends the trade; nil without one
	trading sync.WaitGroup

	output sync.Mutex
}

// obey carries out orders until there are no more.
func (c *child) obey(orders *json.Decoder) error {
	for {
		var order childOrder
		err := orders.Decode(&order)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read an order: %w", err)
		}
		c.clock.SetOffset(c.clock.Offset() + order.Ahead)
		if order.Rest {
			c.stop()
			c.report(childReport{Resting: true})
		}
		if order.Trade != nil {
			if err := c.trade(*order.Trade); err != nil {
				return fmt.Errorf("trade: %w", err)
			}
		}
		if order.Contest != nil {
			if err := c.compete(*order.Contest); err != nil {
				return fmt.Errorf("compete: %w", err)
			}
		}
	}
}

func (c *child) trade(what childTrade) error {
	c.stop()
	var published []uuid.UUID
	for _, lots := range what.Lots {
		ids, err := c.trader.Publish(context.Background(), lots)
		if err != nil {
			return err
		}
		published = append(published, ids...)
	}
	c.report(childReport{Published: published})
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.trading.Go(func() {
		load := listingstest.Load{
			Seed: what.Seed, Workers: what.Workers, Bidders: 50, Listings: append(published, what.Listings...),
		}
		c.trader.Trade(ctx, load, func(o listingstest.Outcome) { c.report(childReport{Outcome: &o}) })
	})
	return nil
}

// stop ends the trade, if there is one.
func (c *child) stop() {
	if c.cancel != nil {
		c.cancel()
	}
	c.trading.Wait()
}

// report writes a line. When nobody reads it any more, the process is of no use.
func (c *child) report(r childReport) {
	line, err := json.Marshal(r)
	if err == nil {
		c.output.Lock()
		defer c.output.Unlock()
		_, err = os.Stdout.Write(append(line, '\n'))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "child: report:", err)
		os.Exit(exitFailed)
	}
}
