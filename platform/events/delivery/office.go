package delivery

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/uow"
)

// Office is where whoever runs the house looks after dead letters.
type Office struct {
	work          *uow.Work
	subscriptions Subscriptions
	deliveries    Deliveries
	views         Views
	clock         clock.Clock
}

// NewOffice returns an office.
func NewOffice(work *uow.Work, subscriptions Subscriptions, deliveries Deliveries, views Views, c clock.Clock) *Office {
	return &Office{work: work, subscriptions: subscriptions, deliveries: deliveries, views: views, clock: c}
}

// Retry has a dead letter tried again, within seconds, as if for the first time. Errors: ErrDeliveryNotFound,
// ErrDeliveryNotDead, uow.ErrBusy, or what the stores report.
func (o *Office) Retry(ctx context.Context, id uuid.UUID) error {
	return o.work.Do(ctx, func(ctx context.Context) error {
		d, err := o.deliveries.Get(ctx, id)
		if err != nil {
			return err
		}
		return d.TryAgain(o.clock.Now())
	})
}

// RetryAll does so with all dead letters of the subscriber, or of everybody for "", and returns how many. One that is none
// any more is passed over. Errors: uow.ErrBusy, or what the stores report.
func (o *Office) RetryAll(ctx context.Context, subscriber string) (n int, err error) {
	dead, err := o.views.Deliveries(ctx, true)
	if err != nil {
		return 0, err
	}
	for _, d := range dead {
		if subscriber != "" && d.Subscriber != subscriber {
			continue
		}
		err := o.Retry(ctx, d.ID)
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

// Rewind has the subscriber get all events again that are kept, within seconds. It is for one that is made for that, because
// it puts right what it has stored. Errors: ErrSubscriberNotFound, uow.ErrBusy, or what the stores report.
func (o *Office) Rewind(ctx context.Context, subscriber string) error {
	return o.work.Do(ctx, func(ctx context.Context) error {
		s, err := o.subscriptions.Get(ctx, SubscriptionID(subscriber))
		if err != nil {
			return err
		}
		s.Rewind()
		return nil
	})
}
