package delivery

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/events"
)

// delivery returns the delivery of the event, which is there already when the subscriber was rewound: then it begins anew.
func (w *worker) delivery(ctx context.Context, e events.Numbered) (*Delivery, error) {
	now := w.Clock.Now()
	d, err := w.Deliveries.Get(ctx, DeliveryID(w.Name, e.ID))
	switch {
	case errors.Is(err, ErrDeliveryNotFound):
		d = PutAside(w.Name, e, now)
		return d, w.Deliveries.Add(ctx, d)
	case err != nil:
		return nil, err
	case d.state.Dead:
		err = d.TryAgain(now)
	}
	return d, err
}

// putAside makes a delivery of an event that could not be handled, and moves on.
func (w *worker) putAside(ctx context.Context, e events.Numbered, failure error) error {
	var state DeliveryState
	err := w.Work.Do(ctx, func(ctx context.Context) error {
		s, err := w.hold(ctx, w.stored.Load())
		if err != nil {
			return err
		}
		d, err := w.delivery(ctx, e)
		if err != nil {
			return err
		}
		d.Fail(failure, w.Settings.Patience, w.Clock.Now())
		state = d.State()
		s.Pass(e.Number)
		return nil
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
		if err := w.tryOne(ctx, d); err != nil {
			return err
		}
	}
	return w.readDue(ctx)
}

// tryOne tries one delivery, and counts the attempt if it fails.
func (w *worker) tryOne(ctx context.Context, due DeliveryState) error {
	id, handle := due.ID, w.prepared(ctx, due.Event.Message)
	err := w.withDelivery(ctx, id, func(ctx context.Context, _ *Delivery) error {
		if err := call(ctx, handle); err != nil {
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
