package chores

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/stack"
)

// Soon is the longest that a chore's first run waits after the start. When in that time it begins is left to chance, so
// that servers that start together do not do everything at once.
const Soon = 30 * time.Second

// Runner runs chores from Start to Stop, each in a goroutine of its own, so that one that takes long keeps no other waiting.
type Runner struct {
	chores []Chore
	clock  clock.Clock
	log    *zap.Logger

	cancel  context.CancelFunc
	running sync.WaitGroup
}

// NewRunner returns a Runner that has not started. Errors: a chore that is none: without a name, a time or something to
// do, or with the name of another.
func NewRunner(chores []Chore, c clock.Clock, log *zap.Logger) (*Runner, error) {
	names := map[string]bool{}
	for _, chore := range chores {
		switch {
		case chore.Name == "":
			return nil, errors.New("a chore has no name")
		case names[chore.Name]:
			return nil, fmt.Errorf("two chores are called %q", chore.Name)
		case chore.Every <= 0 || chore.Run == nil:
			return nil, fmt.Errorf("the chore %q has no time or nothing to do", chore.Name)
		}
		names[chore.Name] = true
	}
	return &Runner{chores: chores, clock: c, log: log.Named("chores")}, nil
}

// Start begins to run the chores, until Stop. It does not wait for any of them.
func (r *Runner) Start() {
	life, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	for _, chore := range r.chores {
		first := min(Soon, chore.Every)
		w := &worker{Chore: chore, clock: r.clock, log: r.log.With(zap.String("chore", chore.Name))}
		r.running.Go(func() { w.work(life, first-rand.N(first)) })
	}
}

// Stop interrupts the chores and returns when all have ended.
func (r *Runner) Stop() {
	if r.cancel != nil {
		r.cancel()
	}
	r.running.Wait()
}

// worker is whoever does one chore.
type worker struct {
	Chore
	clock   clock.Clock
	log     *zap.Logger
	trouble string // what went wrong last time; empty if nothing did
}

// work does the chore after the pause, and then again and again until ctx ends.
func (w *worker) work(ctx context.Context, pause time.Duration) {
	for {
		timer := w.clock.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C():
			w.report(ctx, w.run(ctx))
			pause = w.Every
		}
	}
}

// run does the chore once. Errors: the chore's, a *panicError.
func (w *worker) run(ctx context.Context) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &panicError{value: value, stack: []byte(stack.Text())}
		}
	}()
	return w.Run(ctx)
}

// report logs what goes wrong, since nobody else is told: once, however many runs it lasts.
func (w *worker) report(ctx context.Context, err error) {
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return // what a stop interrupts is no trouble
	}
	trouble := ""
	if err != nil {
		trouble = err.Error()
	}
	var panicked *panicError
	switch {
	case trouble == w.trouble:
	case err == nil:
		w.log.Info("a chore is done again")
	case errors.As(err, &panicked):
		w.log.Error("a chore panicked", zap.Error(err), zap.ByteString("stack", panicked.stack))
	default:
		w.log.Error("a chore cannot be done", zap.Error(err))
	}
	w.trouble = trouble
}

// panicError is the outcome of a chore that panicked.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }
