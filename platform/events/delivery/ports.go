package delivery

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/page"
)

// Log is the outbox as those see it who deliver what is in it.
type Log interface {
	// Number gives the next numbers, without gaps, to at most limit events that have none; more says that others are left.
	// An event has a greater number than all of its aggregate's before it. It returns the greatest number. Errors:
	// uow.ErrConflict when another server did the same at the time, or what the store reports.
	Number(ctx context.Context, limit int) (last int64, more bool, err error)
	// Last returns the greatest number, 0 for none, and whether there are events without one. Errors: what the store reports.
	Last(ctx context.Context) (last int64, more bool, err error)
	// After returns the events with the next numbers, in their order, at most limit of them. Errors: what the store reports.
	After(ctx context.Context, number int64, limit int) ([]events.Numbered, error)
	// Forget deletes, of the first limit events, those whose numbers are at most number and that happened before the instant,
	// and returns how many. It may stop at the first that has to stay. Errors: what the store reports.
	Forget(ctx context.Context, number int64, before time.Time, limit int) (int, error)
}

// Carrier brings numbered events from server to server sooner than those look for them. Nothing depends on it but time: what
// it loses, or brings twice or in disorder, is found in the Log.
type Carrier interface {
	// Numbered says that the Log has events up to the number. It never waits.
	Numbered(last int64)
	// Carry brings what any server numbers to all of them, until ctx ends: each event to arrived. It says with doubted that
	// what has arrived may not be what is in the Log.
	Carry(ctx context.Context, arrived func(e events.Numbered), doubted func())
}

// Subscriptions keeps the subscriptions. Its methods join the unit of work in ctx.
type Subscriptions interface {
	// Get returns the subscription. Errors: ErrSubscriberNotFound; as uow.Repository.Get.
	Get(ctx context.Context, id uuid.UUID) (*Subscription, error)
	// Add stores a new one when the unit commits. Errors: as uow.Repository.Add; at the commit uow.ErrConflict for one that is
	// there meanwhile.
	Add(ctx context.Context, s *Subscription) error
	// Remove deletes the subscription when the unit commits. Errors: as Get.
	Remove(ctx context.Context, id uuid.UUID) error
	// Loads returns a hint for uow.Work.Do. Errors of the hint: as Get.
	Loads(ids ...uuid.UUID) func(context.Context) error
}

// Deliveries keeps what was put aside. Its methods join the unit of work in ctx.
type Deliveries interface {
	// Get returns the delivery. Errors: ErrDeliveryNotFound; as uow.Repository.Get.
	Get(ctx context.Context, id uuid.UUID) (*Delivery, error)
	// Add stores a new one when the unit commits. Errors: as Subscriptions.Add.
	Add(ctx context.Context, d *Delivery) error
	// Remove deletes the delivery when the unit commits. Errors: as Get.
	Remove(ctx context.Context, id uuid.UUID) error
}

// Views shows subscriptions and deliveries, outside units of work but for Waits.
type Views interface {
	// Waits reports, inside the unit of work in ctx, whether an event of the aggregate is put aside for the subscriber and no
	// dead letter. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict, or what the store reports.
	Waits(ctx context.Context, subscriber string, aggregate uuid.UUID) (bool, error)
	// Known is Waits for the aggregate of an event that was not read from the Log, and reports besides whether the Log has
	// that event under that number. It asks no more often than Waits. Errors: as Waits.
	Known(ctx context.Context, subscriber string, e events.Numbered) (waits, known bool, err error)
	// Due returns what is to be tried for the subscriber at the instant, at most limit of them, in the order of their
	// numbers, and of each aggregate only the first. Errors: what the store reports.
	Due(ctx context.Context, subscriber string, now time.Time, limit int) ([]DeliveryState, error)
	// NextDue returns by the name of the subscriber when its next delivery is to be tried, for those who have one. Errors: what
	// the store reports.
	NextDue(ctx context.Context) (map[string]time.Time, error)
	// Deliveries returns one page of what is put aside, in the order of subscribers and numbers. Errors:
	// page.ErrInvalidCursor, or what the store reports.
	Deliveries(ctx context.Context, filter Filter, request page.Request) (page.Of[DeliveryState], error)
	// Subscriptions returns all subscriptions in the order of their names. Errors: what the store reports.
	Subscriptions(ctx context.Context) ([]SubscriptionState, error)
}
