package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/stack"
	"github.com/gavelhq/gavel/platform/uow"
)

const (
	// share is how many events are handled in one unit of work, at most.
	share = 100
	// unnoted is how many events that a subscriber does not want pass by before that is stored.
	unnoted = 1000
	// breath is the pause after something went wrong that is not the subscriber's fault.
	breath = time.Second
	// deaf is how long a worker hears of no events while another server works for its subscriber: it could do nothing but ask.
	deaf = 100 * time.Millisecond
	// farewell is the longest that a stop waits for a subscription to be released.
	farewell = 5 * time.Second
)

// worker delivers events to one subscriber.
type worker struct {
	events.Subscriber
	*Deliverer
	id    uuid.UUID
	kinds map[string]bool
	trouble

	wake   chan struct{}
	last   atomic.Int64 // the greatest number that is known of
	stored atomic.Int64 // the subscription's, as it was last seen
	around atomic.Bool  // somebody else has changed something
	// doubtful says that what a Carrier has brought, and was passed by because it was not wanted, may not be in the Log.
	doubtful atomic.Bool

	seen int64     // the number up to which nothing is left to do; what is beyond stored was not wanted
	sure int64     // the number up to which seen was read in the Log, or has proved to be in it
	due  time.Time // when a delivery is to be tried; zero for never
	// portion is how many events are handled in one unit of work: share, unless so many could not be committed.
	portion int
	alone   int64 // the number of an event whose own unit could not be committed
	held    bool  // another server works for the subscriber
}

func newWorker(d *Deliverer, s events.Subscriber) *worker {
	w := &worker{
		Subscriber: s, Deliverer: d, id: SubscriptionID(s.Name), kinds: map[string]bool{}, wake: make(chan struct{}, 1),
		portion: share,
		trouble: trouble{log: d.Logger.With(zap.String("subscriber", s.Name))},
	}
	for _, kind := range s.Kinds {
		w.kinds[kind] = true
	}
	return w
}

// subscribe finds out how far the subscriber has got, and makes a new one known.
func (w *worker) subscribe(ctx context.Context, last int64) error {
	var number int64
	err := w.Work.Do(ctx, func(ctx context.Context) error {
		s, err := w.Subscriptions.Get(ctx, w.id)
		if errors.Is(err, ErrSubscriberNotFound) {
			s = NewSubscription(w.Name, last)
			if w.Past {
				s = NewSubscription(w.Name, 0)
			}
			err = w.Subscriptions.Add(ctx, s)
		}
		if err == nil {
			number = s.state.Number
		}
		return err
	})
	if err != nil {
		return err
	}
	w.goTo(number)
	w.last.Store(last)
	w.around.Store(true)
	nudge(w.wake)
	return nil
}

// goTo takes the number of the subscription for how far the subscriber has got.
func (w *worker) goTo(number int64) { w.moved(number) }

// run delivers until ctx ends.
func (w *worker) run(ctx context.Context) {
	for {
		wait, err := w.work(ctx)
		w.report(ctx, err)
		if w.held {
			w.pause(ctx, min(wait, deaf))
		}
		if !w.sleep(ctx, wait) {
			w.release()
			return
		}
	}
}

// never is a time to wait that something else ends.
const never = 24 * time.Hour

// sleep waits until there is something to do, and reports false when ctx has ended.
func (w *worker) sleep(ctx context.Context, wait time.Duration) bool {
	timer := w.Clock.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C():
	case <-w.wake:
	}
	return ctx.Err() == nil
}

// work does what there is to do, and returns how long to wait when nothing tells of more.
func (w *worker) work(ctx context.Context) (wait time.Duration, err error) {
	w.held = false
	if w.doubtful.Swap(false) {
		w.seen = w.sure
	}
	if w.around.Swap(false) {
		if err := w.lookAround(ctx); err != nil {
			return w.recoverFrom(err), err
		}
	}
	for ctx.Err() == nil {
		busy, err := w.step(ctx)
		var held *heldError
		switch {
		case errors.As(err, &held):
			w.held = true
			w.around.Store(true) // the other one will have done something
			return max(held.until.Sub(w.Clock.Now()), breath/10), nil
		case errors.Is(err, uow.ErrConflict):
			w.around.Store(true)
			return rest, nil // others are at work
		case err != nil:
			return w.recoverFrom(err), err
		case !busy:
			return w.untilDue(), nil
		}
	}
	return never, nil
}

// recoverFrom has the worker look around after something went wrong, and returns how long to wait before.
func (w *worker) recoverFrom(err error) time.Duration {
	w.around.Store(true)
	if errors.Is(err, uow.ErrConflict) && !errors.Is(err, uow.ErrBusy) {
		return rest
	}
	w.goBack() // perhaps it is another database that answers now, which lacks the last events
	return breath
}

// untilDue returns how long to wait for the next delivery.
func (w *worker) untilDue() time.Duration {
	if w.due.IsZero() {
		return never
	}
	return max(w.due.Sub(w.Clock.Now()), time.Millisecond)
}

// lookAround reads what somebody else may have changed.
func (w *worker) lookAround(ctx context.Context) error {
	subscriptions, err := w.Views.Subscriptions(ctx)
	if err != nil {
		return err
	}
	for _, s := range subscriptions {
		if s.Name == w.Name && s.Number != w.stored.Load() {
			w.goTo(s.Number)
		}
	}
	return w.readDue(ctx)
}

func (w *worker) readDue(ctx context.Context) error {
	due, err := w.Views.NextDue(ctx)
	if err == nil {
		w.due = due[w.Name]
	}
	return err
}

// step tries what is due and handles the next events, and reports whether there may be more to do.
func (w *worker) step(ctx context.Context) (busy bool, err error) {
	if !w.due.IsZero() && !w.due.After(w.Clock.Now()) {
		if err := w.tryAgain(ctx); err != nil {
			return false, err
		}
	}
	if w.seen >= max(w.last.Load(), w.tail.last()) {
		return false, nil
	}
	next, carried, err := w.next(ctx)
	if err != nil || len(next) == 0 {
		return false, err
	}
	for len(next) > 0 {
		if next, err = w.handleSome(ctx, next, carried); err != nil {
			return false, err
		}
	}
	if !carried {
		w.sure = w.seen
	}
	return true, w.note(ctx)
}

// next returns the next events: those that a Carrier has brought, if they follow on what the worker has seen, and otherwise
// those of the Log. What has passed by, because it was not wanted, without a look into the Log, is read there now and then,
// so that it can be noted.
func (w *worker) next(ctx context.Context) (next []events.Numbered, carried bool, err error) {
	if w.seen-w.sure < unnoted {
		if next = w.tail.after(w.seen, batch); len(next) > 0 {
			return next, true, nil
		}
	}
	w.seen = w.sure
	next, err = w.Log.After(ctx, w.seen, batch)
	return next, false, err
}

// goBack forgets what a Carrier has brought, and goes back to what the worker has seen in the Log.
func (w *worker) goBack() {
	w.distrust()
	w.seen = w.sure
}

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
		expected := before
		commands[i] = uow.Command{
			Run:   func(ctx context.Context) error { return w.give(ctx, e, expected, carried) },
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
func (w *worker) give(ctx context.Context, e events.Numbered, expected int64, carried bool) error {
	s, err := w.hold(ctx, expected)
	if err != nil {
		return err
	}
	waits, err := w.waits(ctx, e, carried)
	switch {
	case err != nil:
		return err
	case waits:
		d := PutAside(w.Name, e, w.Clock.Now())
		if err := w.Deliveries.Add(ctx, d); err != nil {
			return err
		}
	default:
		if err := w.call(ctx, e.Message); err != nil {
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

// call calls the subscriber. Errors: a *handlerError, also for a panic.
func (w *worker) call(ctx context.Context, m events.Message) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &handlerError{fmt.Errorf("panic: %v\n%s", value, stack.Text())}
		}
	}()
	if err := w.Handle(ctx, m); err != nil {
		return &handlerError{err}
	}
	return nil
}

// putAside makes a delivery of an event that could not be handled, and moves on.
func (w *worker) putAside(ctx context.Context, e events.Numbered, failure error) error {
	var state DeliveryState
	err := w.Work.Do(ctx, func(ctx context.Context) error {
		s, err := w.hold(ctx, w.stored.Load())
		if err != nil {
			return err
		}
		now := w.Clock.Now()
		d := PutAside(w.Name, e, now)
		d.Fail(failure, w.Settings.Patience, now)
		state = d.State()
		s.Pass(e.Number)
		return w.Deliveries.Add(ctx, d)
	}, w.Subscriptions.Loads(w.id))
	switch {
	case errors.Is(err, errMoved):
		return w.lookAround(ctx)
	case err != nil:
		return err
	}
	w.moved(e.Number)
	w.failed(state)
	return w.readDue(ctx)
}

// failed counts and logs what the subscriber failed to do.
func (w *worker) failed(d DeliveryState) {
	w.Metrics.failed(d)
	fields := []zap.Field{
		zap.Stringer("delivery", d.ID), zap.String("kind", d.Event.Kind), zap.Stringer("event", d.Event.ID), zap.Int("attempts", d.Attempts),
		zap.String("error", d.Failure),
	}
	if d.Dead {
		w.log.Error("an event could not be handled and waits as a dead letter", fields...)
		return
	}
	w.log.Warn("an event could not be handled and will be tried again", append(fields, zap.Time("next", d.NextAt))...)
}

// tryAgain tries the deliveries that are due.
func (w *worker) tryAgain(ctx context.Context) error {
	due, err := w.Views.Due(ctx, w.Name, w.Clock.Now(), share)
	if err != nil {
		return err
	}
	for _, d := range due {
		if err := w.tryOne(ctx, d.ID); err != nil {
			return err
		}
	}
	return w.readDue(ctx)
}

// tryOne tries one delivery, and counts the attempt if it fails.
func (w *worker) tryOne(ctx context.Context, id uuid.UUID) error {
	err := w.withDelivery(ctx, id, func(ctx context.Context, d *Delivery) error {
		if err := w.call(ctx, d.state.Event.Message); err != nil {
			return err
		}
		return w.Deliveries.Remove(ctx, id)
	})
	if err == nil || ctx.Err() != nil || lost(err) {
		return err
	}
	failure := err // also of a unit that cannot be committed: what follows shall not wait for it
	var state DeliveryState
	err = w.withDelivery(ctx, id, func(_ context.Context, d *Delivery) error {
		d.Fail(failure, w.Settings.Patience, w.Clock.Now())
		state = d.State()
		return nil
	})
	if err == nil && state.ID == id {
		w.failed(state)
	}
	return err
}

// withDelivery calls fn in a unit of work that holds the subscription, with a delivery that is still to be tried, if there
// is one.
func (w *worker) withDelivery(ctx context.Context, id uuid.UUID, fn func(context.Context, *Delivery) error) error {
	return w.Work.Do(ctx, func(ctx context.Context) error {
		s, err := w.Subscriptions.Get(ctx, w.id)
		if err != nil {
			return err
		}
		if err := s.Hold(w.server, w.Clock.Now(), w.Settings.Hold); err != nil {
			return err
		}
		d, err := w.Deliveries.Get(ctx, id)
		switch {
		case errors.Is(err, ErrDeliveryNotFound):
			return nil
		case err != nil:
			return err
		case d.state.Dead:
			return nil
		}
		return fn(ctx, d)
	}, w.Subscriptions.Loads(w.id))
}

// note stores how far the subscriber has got when much has passed by that it does not want.
func (w *worker) note(ctx context.Context) error {
	if w.sure-w.stored.Load() < unnoted {
		return nil
	}
	number := w.sure
	err := w.Work.Do(ctx, func(ctx context.Context) error {
		s, err := w.hold(ctx, w.stored.Load())
		if err != nil {
			return err
		}
		s.Pass(number)
		return nil
	}, w.Subscriptions.Loads(w.id))
	switch {
	case errors.Is(err, errMoved):
		return w.lookAround(ctx)
	case err != nil:
		return err
	}
	w.moved(number)
	return nil
}

// release lets other servers go on at once, and stores what has passed by.
func (w *worker) release() {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	err := w.Work.Do(ctx, func(ctx context.Context) error {
		s, err := w.Subscriptions.Get(ctx, w.id)
		if err != nil || s.state.Holder != w.server {
			return err
		}
		if s.state.Number == w.stored.Load() {
			s.Pass(w.sure)
		}
		s.Release(w.server)
		return nil
	})
	w.report(ctx, err)
}
