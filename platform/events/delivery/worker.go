package delivery

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

const (
	// share is how many events are handled in one unit of work, at most.
	share = 100
	// unnoted is how many events that a subscriber does not want pass by before that is stored.
	unnoted = 1000
	// breath is the pause after something went wrong that is not the subscriber's fault.
	breath = time.Second
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
			// Whatever it heard of meanwhile, it could do nothing but ask. When the other server lets go sooner, it looks too late,
			// but at most so long.
			w.pause(ctx, min(wait, w.Settings.Hold))
			wait = 0
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
			return rest, err // others are at work; what took too long for that is reported
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
