package delivery

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// Office is where whoever runs the house looks after dead letters. What is done there stands in the audit log.
type Office struct {
	work          *uow.Work
	subscriptions Subscriptions
	deliveries    Deliveries
	views         Views
	acts          audit.Log
	answers       *idempotency.Keys
	clock         clock.Clock
}

// NewOffice returns an office.
func NewOffice(
	work *uow.Work, subscriptions Subscriptions, deliveries Deliveries, views Views, acts audit.Log, answers *idempotency.Keys,
	c clock.Clock,
) *Office {
	return &Office{
		work: work, subscriptions: subscriptions, deliveries: deliveries, views: views, acts: acts, answers: answers, clock: c,
	}
}

// RetryCommand asks to have a dead letter tried again.
type RetryCommand struct {
	// By is who asks; zero for the operator at the command line. The edge has checked the permission.
	By uuid.UUID
	// Delivery is which.
	Delivery uuid.UUID
	// Key makes the command safe to repeat.
	Key string
}

// Retry has a dead letter tried again, within seconds, as if for the first time. Errors: ErrDeliveryNotFound,
// ErrDeliveryNotDead, idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown, or what the
// stores report.
func (o *Office) Retry(ctx context.Context, cmd RetryCommand) error {
	r := idempotency.Request{Member: cmd.By, Operation: "retry a delivery", Key: cmd.Key, Body: cmd.Delivery}
	_, _, err := idempotency.InUnit(ctx, o.work, o.answers, r, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, o.retry(ctx, cmd)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", r.Operation, err)
	}
	return nil
}

// retry does so in the unit of work in ctx.
func (o *Office) retry(ctx context.Context, cmd RetryCommand) error {
	d, err := o.deliveries.Get(ctx, cmd.Delivery)
	if err != nil {
		return err
	}
	now := o.clock.Now()
	if err := d.TryAgain(now); err != nil {
		return err
	}
	s := d.State()
	return o.acts.Record(ctx, audit.Entry{
		At: now, Actor: cmd.By, Act: "events.retry", Target: s.ID, Detail: s.Subscriber + " " + s.Event.Kind,
	})
}

// RetryAll does so, for the operator, with all dead letters of the subscriber, or of everybody for "", and returns how many.
// One that is none any more is passed over. Errors: uow.ErrBusy, or what the stores report.
func (o *Office) RetryAll(ctx context.Context, subscriber string) (n int, err error) {
	for d, err := range All(ctx, o.views, Filter{Dead: true, Subscriber: subscriber}) {
		if err != nil {
			return n, err
		}
		err := o.Retry(ctx, RetryCommand{Delivery: d.ID})
		switch {
		case errors.Is(err, ErrDeliveryNotFound), errors.Is(err, ErrDeliveryNotDead):
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}

// Rewind has the subscriber, for the operator, get all events again that are kept, within seconds. It is for one that is made
// for that, because it puts right what it has stored. Errors: ErrSubscriberNotFound, uow.ErrBusy, or what the stores report.
func (o *Office) Rewind(ctx context.Context, subscriber string) error {
	return o.work.Do(ctx, func(ctx context.Context) error {
		s, err := o.subscriptions.Get(ctx, SubscriptionID(subscriber))
		if err != nil {
			return err
		}
		s.Rewind()
		return o.acts.Record(ctx, audit.Entry{At: o.clock.Now(), Act: "events.rewind", Target: s.ID(), Detail: subscriber})
	})
}

// Progress is how far a subscriber has got.
type Progress struct {
	Subscriber string
	// Number is that of the last event that it has got, or that is put aside for it.
	Number int64
	// Behind is how many events it has not looked at yet, of those that have a number.
	Behind int64
}

// ProgressOf returns how far all subscribers have got, in the order of their names. Errors: what the stores report.
func ProgressOf(ctx context.Context, log Log, views Views) ([]Progress, error) {
	subscriptions, err := views.Subscriptions(ctx) // first: what they have got has a number
	if err != nil {
		return nil, err
	}
	last, _, err := log.Last(ctx)
	if err != nil {
		return nil, err
	}
	progress := make([]Progress, len(subscriptions))
	for i, s := range subscriptions {
		progress[i] = Progress{Subscriber: s.Name, Number: s.Number, Behind: max(0, last-s.Number)}
	}
	return progress, nil
}
