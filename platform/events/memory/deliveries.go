package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// errAddedMeanwhile makes the unit run again: it will find what was added meanwhile.
var errAddedMeanwhile = fmt.Errorf("%w: it is there already", uow.ErrConflict)

// unpublished publishes nothing: there are no events about events.
func unpublished[A any](A, struct{}) (events.Message, bool) { return events.Message{}, false }

// Progress is how far the events of an outbox were delivered: the stores of package delivery, and its Views.
type Progress struct {
	db            *memory.Database
	outbox        *Outbox
	subscriptions *memory.Collection[*delivery.Subscription, struct{}]
	deliveries    *memory.Collection[*delivery.Delivery, struct{}]
}

var _ delivery.Views = (*Progress)(nil)

// NewProgress returns the progress of nobody with the events of the outbox, in db.
func NewProgress(db *memory.Database, outbox *Outbox) *Progress {
	return &Progress{
		db:            db,
		outbox:        outbox,
		subscriptions: memory.NewCollection[*delivery.Subscription, struct{}](db, errAddedMeanwhile),
		deliveries:    memory.NewCollection[*delivery.Delivery, struct{}](db, errAddedMeanwhile),
	}
}

// NewSubscriptions returns the repository over p.
func NewSubscriptions(p *Progress) delivery.Subscriptions {
	return uow.NewRepository("event subscriptions", p.subscriptions, delivery.ErrSubscriberNotFound, unpublished)
}

// NewDeliveries returns the repository over p.
func NewDeliveries(p *Progress) delivery.Deliveries {
	return uow.NewRepository("event deliveries", p.deliveries, delivery.ErrDeliveryNotFound, unpublished)
}

// Waits reports whether something of the aggregate waits. Errors: as memory.Database.Join.
func (p *Progress) Waits(ctx context.Context, subscriber string, aggregate uuid.UUID) (bool, error) {
	if _, err := p.db.Join(ctx); err != nil {
		return false, err
	}
	return slices.ContainsFunc(p.sorted(), func(s delivery.DeliveryState) bool {
		return s.Subscriber == subscriber && s.Event.Aggregate == aggregate && !s.Dead
	}), nil
}

// Known is Waits, and looks for the event in the outbox. Errors: as Waits.
func (p *Progress) Known(ctx context.Context, subscriber string, e events.Numbered) (waits, known bool, err error) {
	if waits, err = p.Waits(ctx, subscriber, e.Aggregate); err != nil {
		return false, false, err
	}
	found, err := p.outbox.After(ctx, e.Number-1, 1)
	return waits, len(found) == 1 && found[0].Number == e.Number && found[0].ID == e.ID, err
}

// Due returns what is to be tried. Errors: none.
func (p *Progress) Due(_ context.Context, subscriber string, now time.Time, limit int) ([]delivery.DeliveryState, error) {
	var due []delivery.DeliveryState
	for _, s := range p.first() {
		if s.Subscriber == subscriber && !s.NextAt.After(now) && len(due) < limit {
			due = append(due, s)
		}
	}
	return due, nil
}

// NextDue returns when deliveries are to be tried. Errors: none.
func (p *Progress) NextDue(context.Context) (map[string]time.Time, error) {
	due := map[string]time.Time{}
	for _, s := range p.first() {
		if at, ok := due[s.Subscriber]; !ok || s.NextAt.Before(at) {
			due[s.Subscriber] = s.NextAt
		}
	}
	return due, nil
}

// Deliveries returns one page of what is put aside. Errors: page.ErrInvalidCursor.
func (p *Progress) Deliveries(
	_ context.Context, filter delivery.Filter, request page.Request,
) (page.Of[delivery.DeliveryState], error) {
	after, resumed, err := delivery.ReadCursor(request.Cursor)
	if err != nil {
		return page.Of[delivery.DeliveryState]{}, err
	}
	left := slices.DeleteFunc(p.sorted(), func(s delivery.DeliveryState) bool {
		return !filter.Keeps(s) || resumed && s.Key().Compare(after) <= 0
	})
	return page.Cut(request, left, delivery.CursorAfter), nil
}

// Subscriptions returns all subscriptions. Errors: none.
func (p *Progress) Subscriptions(context.Context) ([]delivery.SubscriptionState, error) {
	all := []delivery.SubscriptionState{}
	p.db.Read(func() {
		for _, s := range p.subscriptions.All() {
			all = append(all, s.State())
		}
	})
	slices.SortFunc(all, func(a, b delivery.SubscriptionState) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// first returns what no event of the same aggregate waits before.
func (p *Progress) first() []delivery.DeliveryState {
	type line struct {
		subscriber string
		aggregate  uuid.UUID
	}
	seen := map[line]bool{}
	return slices.DeleteFunc(p.sorted(), func(s delivery.DeliveryState) bool {
		of := line{s.Subscriber, s.Event.Aggregate}
		behind := s.Dead || seen[of]
		seen[of] = seen[of] || !s.Dead
		return behind
	})
}

// sorted returns all deliveries in the order of subscribers and numbers.
func (p *Progress) sorted() []delivery.DeliveryState {
	all := []delivery.DeliveryState{}
	p.db.Read(func() {
		for _, d := range p.deliveries.All() {
			all = append(all, d.State())
		}
	})
	slices.SortFunc(all, func(a, b delivery.DeliveryState) int {
		return a.Key().Compare(b.Key())
	})
	return all
}
