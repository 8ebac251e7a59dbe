package delivery

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/stack"
	"github.com/gavelhq/gavel/platform/uow"
)

// errUnknown ends a unit of work that was about to handle an event of a Carrier's which the Log does not have.
var errUnknown = errors.New("the log has no such event")

// errMoved ends a unit of work that has found the subscription at another number than the worker had left it.
var errMoved = errors.New("the subscription was moved by somebody else")

// handleSome handles the first of the events, as many as fit into a unit of work, and returns the rest. Events that a Carrier
// has brought are looked for in the Log by the unit that handles them.
func (w *worker) handleSome(ctx context.Context, next []events.Numbered, carried bool) (rest []events.Numbered, err error) {
	var mine []events.Numbered
	for len(next) > 0 && len(mine) < w.portion {
		if w.kinds[next[0].Kind] {
			mine = append(mine, next[0])
		} else if len(mine) == 0 {
			w.seen = next[0].Number
		}
		next = next[1:]
	}
	if len(mine) == 0 {
		return next, nil
	}
	handled, err := w.handle(ctx, mine, carried)
	if handled > 0 {
		w.moved(mine[handled-1].Number)
	}
	for _, e := range mine[:handled] {
		w.Metrics.handled(w.Name, w.Clock.Now().Sub(e.At), carried)
	}
	switch {
	case handled == len(mine):
		w.portion = min(2*w.portion, share)
		return next, nil
	case errors.Is(err, errMoved):
		return nil, w.lookAround(ctx)
	case errors.Is(err, errUnknown):
		w.log.Warn("an event has arrived that this database does not have", zap.Int64("number", mine[handled].Number))
		w.goBack()
		return nil, nil
	}
	// What follows is read again.
	return nil, w.refused(ctx, mine[handled:], err)
}

// refused does what is to be done about the first of the events, which was not handled. One that the subscriber has failed
// to handle is put aside. Where it is the unit of work that could not be committed, fewer events share the next one; and
// what cannot be committed alone, twice, is put aside as well, so that it does not hold up what follows for ever.
func (w *worker) refused(ctx context.Context, left []events.Numbered, err error) error {
	if ctx.Err() != nil || lost(err) {
		return err
	}
	// A conflict of the subscriber's is the unit's, and so is what comes of it: nobody knows which event had it.
	failure, failed := errors.AsType[*handlerError](err)
	switch first := left[0]; {
	case failed && !errors.Is(err, uow.ErrBusy):
		return w.putAside(ctx, first, failure)
	case len(left) > 1:
		w.portion = min(w.portion, len(left)/2)
		return err
	case w.alone == first.Number:
		return w.putAside(ctx, first, err)
	default:
		w.portion, w.alone = 1, first.Number
		return err
	}
}

// lost reports whether err says that others were faster.
func lost(err error) bool {
	_, held := errors.AsType[*heldError](err)
	return held || errors.Is(err, uow.ErrConflict) && !errors.Is(err, uow.ErrBusy)
}

// moved remembers that the subscription was stored with the number.
func (w *worker) moved(number int64) {
	w.stored.Store(number)
	w.seen, w.sure = number, number
}

// handlerError is why a subscriber failed to handle an event.
type handlerError struct{ error }

func (e *handlerError) Unwrap() error { return e.error }

// handle gives the events to the subscriber in one unit of work, up to the first that it fails to handle, and returns how
// many it has handled.
func (w *worker) handle(ctx context.Context, mine []events.Numbered, carried bool) (handled int, err error) {
	commands := make([]uow.Command, len(mine))
	before := w.stored.Load()
	for i, e := range mine {
		expected, handle := before, w.prepared(ctx, e.Message)
		commands[i] = uow.Command{
			Run:   func(ctx context.Context) error { return w.give(ctx, e, handle, expected, carried) },
			Hints: []uow.Hint{w.Subscriptions.Loads(w.id)},
		}
		before = e.Number
	}
	for i, err := range w.Work.DoAll(ctx, commands) {
		if err != nil {
			return i, err
		}
	}
	return len(mine), nil
}

// give gives the subscriber one event and moves the subscription on, if it still stands where it is expected.
func (w *worker) give(
	ctx context.Context, e events.Numbered, handle func(context.Context) error, expected int64, carried bool,
) error {
	s, err := w.hold(ctx, expected)
	if err != nil {
		return err
	}
	waits, err := w.waits(ctx, e, carried)
	switch {
	case err != nil:
		return err
	case waits:
		if _, err := w.delivery(ctx, e); err != nil {
			return err
		}
	default:
		if err := call(ctx, handle); err != nil {
			return err
		}
	}
	s.Pass(e.Number)
	return nil
}

// waits reports whether the event has to wait for an earlier one of its aggregate. Errors: errUnknown for one that was carried
// and is not in the Log.
func (w *worker) waits(ctx context.Context, e events.Numbered, carried bool) (bool, error) {
	if !carried {
		return w.Views.Waits(ctx, w.Name, e.Aggregate)
	}
	waits, known, err := w.Views.Known(ctx, w.Name, e)
	if err == nil && !known {
		err = errUnknown
	}
	return waits, err
}

// hold gets the subscription for this server.
func (w *worker) hold(ctx context.Context, expected int64) (*Subscription, error) {
	s, err := w.Subscriptions.Get(ctx, w.id)
	switch {
	case err != nil:
		return nil, err
	case s.state.Number != expected:
		return nil, errMoved
	}
	return s, s.Hold(w.server, w.Clock.Now(), w.Settings.Hold)
}

// prepared returns what handles the event in a unit of work. A subscriber that has something to read before does so now; if it
// fails, that is what the unit finds out.
func (w *worker) prepared(ctx context.Context, m events.Message) func(context.Context) error {
	if w.Prepare == nil {
		return func(ctx context.Context) error { return w.Handle(ctx, m) }
	}
	var handle func(context.Context) error
	err := call(ctx, func(ctx context.Context) (err error) {
		handle, err = w.Prepare(ctx, m)
		return err
	})
	if err != nil {
		return func(context.Context) error { return err }
	}
	return handle
}

// call calls the subscriber. Errors: a *handlerError, also for a panic.
func call(ctx context.Context, subscriber func(context.Context) error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &handlerError{fmt.Errorf("panic: %v\n%s", value, stack.Text())}
		}
	}()
	if err := subscriber(ctx); err != nil {
		return &handlerError{err}
	}
	return nil
}
