// Package jobs runs what the clock starts: opening and closing listings.
package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/clock"
)

const (
	// patience is the longest that the Timekeeper sleeps. Listings that others publish, or whose end others move, are
	// noticed after that; it is how late a closing can be stored.
	patience = time.Second
	// Tolerance is how long a listing may be overdue before the server is not ready.
	Tolerance = 5 * time.Second
)

// Work is what the Timekeeper has to do; app.KeepTime is it.
type Work interface {
	// Do opens and closes everything that is due and returns how much that was. Errors: what keeps some of it from being
	// done; the rest is done all the same.
	Do(ctx context.Context) (int, error)
	// Next returns when there is something to do, which may be in the past, and false if nothing is planned. Errors: what
	// the store reports.
	Next(ctx context.Context) (time.Time, bool, error)
}

var _ Work = (*app.KeepTime)(nil)

// Timekeeper opens and closes listings when their time has come. Any number of servers may run one each.
//
// It is not what makes an auction end: that is decided by the stamp of each bid. It only writes down the outcome, at most
// a second late while a server runs, and before anything is served when none did.
type Timekeeper struct {
	work    Work
	clock   clock.Clock
	log     *zap.Logger
	metrics *Metrics

	trouble string // what went wrong last time; empty if nothing did
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// NewTimekeeper returns a Timekeeper that has not started.
func NewTimekeeper(work Work, c clock.Clock, log *zap.Logger, metrics *Metrics) *Timekeeper {
	return &Timekeeper{work: work, clock: c, log: log.Named("timekeeper"), metrics: metrics}
}

// Start does everything that is overdue, and then keeps time until Stop. A listing that cannot be closed is logged and
// tried again: it must not keep the others from being sold. The context is only for starting. Errors: the context's, when
// it ends first.
func (t *Timekeeper) Start(ctx context.Context) error {
	pause := t.turn(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("open and close overdue listings: %w", context.Cause(ctx))
	}
	life, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	t.running.Go(func() { t.run(life, pause) })
	return nil
}

// Stop interrupts the Timekeeper and returns when it has finished. What it was doing is done completely or not at all.
func (t *Timekeeper) Stop() {
	if t.cancel != nil {
		t.cancel()
	}
	t.running.Wait()
}

// CheckOverdue tells whether listings are opened and closed in time; it is the readiness check. Errors: one that says by
// how much the oldest is overdue, if that is more than Tolerance; what the store reports.
func (t *Timekeeper) CheckOverdue(ctx context.Context) error {
	next, planned, err := t.work.Next(ctx)
	if err != nil {
		return err
	}
	if late := t.clock.Now().Sub(next); planned && late > Tolerance {
		return fmt.Errorf("a listing was to be opened or closed %s ago", late)
	}
	return nil
}

func (t *Timekeeper) run(ctx context.Context, pause time.Duration) {
	for {
		timer := t.clock.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C():
			pause = t.turn(ctx)
		}
	}
}

// turn does what is due and returns how long to sleep then.
func (t *Timekeeper) turn(ctx context.Context) time.Duration {
	wait, err := t.wait(ctx)
	if err == nil && wait <= 0 {
		t.metrics.late(-wait)
		var done int
		done, err = t.work.Do(ctx)
		t.metrics.count(done)
		t.log.Debug("opened and closed listings", zap.Int("listings", done))
		if err == nil {
			wait, err = t.wait(ctx)
		}
	}
	t.report(ctx, err)
	if err != nil || wait <= 0 { // what is still due could not be done: trying at once would not help
		return patience
	}
	return min(wait, patience)
}

// wait returns the time until something is due; none is left if it is overdue.
func (t *Timekeeper) wait(ctx context.Context) (time.Duration, error) {
	next, planned, err := t.work.Next(ctx)
	if err != nil || !planned {
		return patience, err
	}
	return next.Sub(t.clock.Now()), nil
}

// report logs what goes wrong, since nobody else is told: once, however many turns it lasts.
func (t *Timekeeper) report(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // what a stop interrupts is no trouble
	}
	trouble := ""
	if err != nil {
		trouble = err.Error()
		t.metrics.failed()
	}
	switch {
	case trouble == t.trouble:
	case trouble == "":
		t.log.Info("listings are opened and closed again")
	default:
		t.log.Error("cannot open or close listings", zap.Error(err))
	}
	t.trouble = trouble
}
