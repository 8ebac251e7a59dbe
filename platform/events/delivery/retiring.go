package delivery

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// Roll holds the names of the subscribers that the program has. Whoever has a subscription and is not on it is retired: nobody
// works for him, and what he has not got is kept for ever.
type Roll map[string]bool

// NewRoll returns the names of the subscribers.
func NewRoll(subscribers []events.Subscriber) Roll {
	roll := Roll{}
	for _, s := range subscribers {
		roll[s.Name] = true
	}
	return roll
}

// Lost is what goes with a retired subscriber.
type Lost struct {
	Subscriber string
	// Number is that of the last event that it has got, or that was put aside for it.
	Number int64
	// Behind is how many events it had not looked at.
	Behind int64
	// Deliveries is how many events it had failed to handle, dead letters among them.
	Deliveries int
}

// Retirement is where the operator forgets subscribers that the program has no more. What is done there stands in the audit
// log.
type Retirement struct {
	work          *uow.Work
	log           Log
	subscriptions Subscriptions
	deliveries    Deliveries
	views         Views
	acts          audit.Log
	clock         clock.Clock
	roll          Roll
}

// NewRetirement returns a retirement from a program that has the subscribers on the roll.
func NewRetirement(
	work *uow.Work, log Log, subscriptions Subscriptions, deliveries Deliveries, views Views, acts audit.Log, c clock.Clock, roll Roll,
) *Retirement {
	return &Retirement{
		work: work, log: log, subscriptions: subscriptions, deliveries: deliveries, views: views, acts: acts, clock: c, roll: roll,
	}
}

// Forget forgets how far a retired subscriber has got, with everything that it failed to handle, so that nothing is kept for it
// any more, and returns what is lost. Many deliveries are forgotten portion by portion, each with an entry in the audit log;
// when that is interrupted it can be repeated. Errors: ErrSubscriberNotFound, ErrSubscriberInUse, uow.ErrBusy,
// uow.ErrOutcomeUnknown, or what the stores report.
func (r *Retirement) Forget(ctx context.Context, subscriber string) (Lost, error) {
	last, _, err := r.log.Last(ctx)
	if err != nil {
		return Lost{}, fmt.Errorf("forget %s: %w", subscriber, err)
	}
	lost := Lost{Subscriber: subscriber}
	for done := false; !done; {
		n, s, err := r.forgetSome(ctx, subscriber)
		lost.Deliveries += n
		if err != nil {
			return lost, fmt.Errorf("forget %s: %w", subscriber, err)
		}
		done = s.Name != ""
		lost.Number, lost.Behind = s.Number, max(0, last-s.Number)
	}
	return lost, nil
}

// forgetSome forgets some of the deliveries and returns how many; with the last of them the subscription, which it returns.
func (r *Retirement) forgetSome(ctx context.Context, subscriber string) (n int, last SubscriptionState, err error) {
	found, err := r.views.Deliveries(ctx, Filter{Subscriber: subscriber}, page.Request{Limit: page.MaxLimit})
	if err != nil {
		return 0, last, err
	}
	err = r.work.Do(ctx, func(ctx context.Context) error {
		n, last = 0, SubscriptionState{}
		s, err := r.retired(ctx, subscriber)
		if err != nil {
			return err
		}
		for _, d := range found.Items {
			err := r.deliveries.Remove(ctx, d.ID)
			switch {
			case errors.Is(err, ErrDeliveryNotFound): // somebody else forgets, too
			case err != nil:
				return err
			default:
				n++
			}
		}
		detail := fmt.Sprintf("%s: %d deliveries", subscriber, n)
		if found.Next == "" {
			last = s.State()
			detail = fmt.Sprintf("%s, which had got number %d", detail, last.Number)
			if err := r.subscriptions.Remove(ctx, s.ID()); err != nil {
				return err
			}
		}
		return r.acts.Record(ctx, audit.Entry{At: r.clock.Now(), Act: "events.forget", Target: s.ID(), Detail: detail})
	})
	return n, last, err
}

// retired returns the subscription of a subscriber that may be forgotten.
func (r *Retirement) retired(ctx context.Context, subscriber string) (*Subscription, error) {
	if r.roll[subscriber] {
		return nil, ErrSubscriberInUse
	}
	s, err := r.subscriptions.Get(ctx, SubscriptionID(subscriber))
	if err == nil && r.clock.Now().Before(s.state.HeldUntil) {
		err = ErrSubscriberInUse
	}
	return s, err
}

// tellRetired logs which subscribers are retired.
func (d *Deliverer) tellRetired(ctx context.Context, last int64) error {
	subscriptions, err := d.Views.Subscriptions(ctx)
	if err != nil {
		return err
	}
	roll := NewRoll(d.Subscribers)
	for _, s := range subscriptions {
		if !roll[s.Name] {
			d.Logger.Warn("this program does not have a subscriber for whom events are kept; "+
				"when no other program has it, forget it: monolith events forget "+s.Name,
				zap.String("subscriber", s.Name), zap.Int64("behind", max(0, last-s.Number)))
		}
	}
	return nil
}
