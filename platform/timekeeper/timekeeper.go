// Package timekeeper runs what modules have to do at certain instants, such as closing what has ended: no later than a
// second after them, without asking all the time, on any number of servers at once.
package timekeeper

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/stack"
)

const (
	// patience is the longest that the Timekeeper sleeps. What others plan, or move to an earlier time, is noticed after
	// that; it is how late something can be done.
	patience = time.Second
	// Tolerance is how long something may be overdue before the server is not ready.
	Tolerance = 5 * time.Second
)

// Work is what a Timekeeper has to do.
type Work interface {
	// Do does everything that is due and returns how much that was. Errors: what keeps some of it from being
	// done; the rest is done all the same.
	Do(ctx context.Context) (int, error)
	// Next returns when there is something to do, which may be in the past, and false if nothing is planned. Errors: what
	// the store reports.
	Next(ctx context.Context) (time.Time, bool, error)
}

// Timekeeper does its work when the time has come. Any number of servers may run one each.
type Timekeeper struct {
	task    string
	work    Work
	clock   clock.Clock
	log     *zap.Logger
	metrics *Metrics

	trouble string // what went wrong last time; empty if nothing did
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// New returns a Timekeeper that has not started. The task says what it does, in the words of the log: "open or close
// listings".
func New(task string, work Work, c clock.Clock, log *zap.Logger, metrics *Metrics) *Timekeeper {
	return &Timekeeper{task: task, work: work, clock: c, log: log.Named("timekeeper"), metrics: metrics}
}

// Start does everything that is overdue, and then keeps time until Stop. What cannot be done is logged and
// tried again: it must not keep the rest from being done. The context is only for starting. Errors: the context's, when
// it ends first.
func (t *Timekeeper) Start(ctx context.Context) error {
	pause := t.turn(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("%s that are overdue: %w", t.task, context.Cause(ctx))
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

// CheckOverdue tells whether everything is done in time; it is a readiness check. Errors: one that says by
// how much the oldest is overdue, if that is more than Tolerance; what the store reports.
func (t *Timekeeper) CheckOverdue(ctx context.Context) error {
	next, planned, err := t.work.Next(ctx)
	if err != nil {
		return err
	}
	if late := t.clock.Now().Sub(next); planned && late > Tolerance {
		return fmt.Errorf("it was time to %s %s ago", t.task, late)
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
	wait, err := t.attend(ctx)
	t.report(ctx, err)
	if err != nil || wait <= 0 { // what is still due could not be done: trying at once would not help
		return patience
	}
	return min(wait, patience)
}

// attend does what is due and returns the time until something is due again; none is left if that could not be done. Errors:
// those of the work, a *panicError.
func (t *Timekeeper) attend(ctx context.Context) (wait time.Duration, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &panicError{value: value, stack: []byte(stack.Text())}
		}
	}()
	wait, err = t.wait(ctx)
	if err != nil || wait > 0 {
		return wait, err
	}
	t.metrics.late(-wait)
	done, err := t.work.Do(ctx)
	t.metrics.count(done)
	t.log.Debug("it was time to "+t.task, zap.Int("done", done))
	if err != nil {
		return 0, err
	}
	return t.wait(ctx)
}

// panicError is a panic of the work.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

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
	var panicked *panicError
	switch {
	case trouble == t.trouble:
	case trouble == "":
		t.log.Info("can " + t.task + " again")
	case errors.As(err, &panicked):
		t.log.Error("cannot "+t.task, zap.Error(err), zap.ByteString("stack", panicked.stack))
	default:
		t.log.Error("cannot "+t.task, zap.Error(err))
	}
	t.trouble = trouble
}
