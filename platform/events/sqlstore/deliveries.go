package sqlstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/table"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// errAddedMeanwhile makes the unit run again: it will find what was added meanwhile.
var errAddedMeanwhile = fmt.Errorf("%w: it is there already", uow.ErrConflict)

// unpublished publishes nothing: there are no events about events.
func unpublished[A any](A, struct{}) (events.Message, bool) { return events.Message{}, false }

// subscriptionRow is a row of event_subscriptions.
type subscriptionRow struct {
	ID        uuid.UUID `db:"id"`
	Version   int64     `db:"version"`
	Name      string    `db:"name"`
	Number    int64     `db:"number"`
	Holder    uuid.UUID `db:"holder"`
	HeldUntil db.Micros `db:"held_until"`
}

func subscriptionRowOf(s *delivery.Subscription) subscriptionRow {
	state := s.State()
	return subscriptionRow{
		ID: state.ID, Version: state.Version, Name: state.Name, Number: state.Number, Holder: state.Holder,
		HeldUntil: db.Micros(state.HeldUntil),
	}
}

func (r subscriptionRow) state() delivery.SubscriptionState {
	return delivery.SubscriptionState{
		ID: r.ID, Version: r.Version, Name: r.Name, Number: r.Number, Holder: r.Holder, HeldUntil: r.HeldUntil.Time(),
	}
}

// NewSubscriptions returns the repository over pool.
func NewSubscriptions(pool *db.Pool) delivery.Subscriptions {
	store := table.NewStore[*delivery.Subscription, struct{}](pool, table.Mapping[*delivery.Subscription, subscriptionRow]{
		Table: "event_subscriptions", Row: subscriptionRowOf,
		Restore:  func(r subscriptionRow) *delivery.Subscription { return delivery.RestoreSubscription(r.state()) },
		Refusals: map[string]error{"event_subscriptions_pkey": errAddedMeanwhile},
	})
	return uow.NewRepository("event subscriptions", store, delivery.ErrSubscriberNotFound, unpublished)
}

// deliveryRow is a row of event_deliveries.
type deliveryRow struct {
	ID         uuid.UUID `db:"id"`
	Version    int64     `db:"version"`
	Subscriber string    `db:"subscriber"`
	Number     int64     `db:"number"`
	Event      uuid.UUID `db:"event"`
	Aggregate  uuid.UUID `db:"aggregate"`
	Seq        int64     `db:"seq"`
	Kind       string    `db:"kind"`
	At         db.Micros `db:"at"`
	Payload    string    `db:"payload"`
	Attempts   int       `db:"attempts"`
	NextAt     db.Micros `db:"next_at"`
	Dead       bool      `db:"dead"`
	Failure    string    `db:"failure"`
}

// deliveryColumns are those of deliveryRow.
const deliveryColumns = `id, version, subscriber, number, event, aggregate, seq, kind, at, payload, attempts, next_at, dead, failure`

func deliveryRowOf(d *delivery.Delivery) deliveryRow {
	s := d.State()
	return deliveryRow{
		ID: s.ID, Version: s.Version, Subscriber: s.Subscriber, Number: s.Event.Number, Event: s.Event.ID,
		Aggregate: s.Event.Aggregate, Seq: s.Event.Seq, Kind: s.Event.Kind, At: db.Micros(s.Event.At),
		Payload: string(s.Event.Payload), Attempts: s.Attempts, NextAt: db.Micros(s.NextAt), Dead: s.Dead, Failure: s.Failure,
	}
}

func (r deliveryRow) state() delivery.DeliveryState {
	return delivery.DeliveryState{
		ID: r.ID, Version: r.Version, Subscriber: r.Subscriber, Attempts: r.Attempts, NextAt: r.NextAt.Time(), Dead: r.Dead,
		Failure: r.Failure,
		Event: messageRow{
			Number: r.Number, ID: r.Event, Kind: r.Kind, Aggregate: r.Aggregate, Seq: r.Seq, At: r.At, Payload: r.Payload,
		}.numbered(),
	}
}

// NewDeliveries returns the repository over pool.
func NewDeliveries(pool *db.Pool) delivery.Deliveries {
	store := table.NewStore[*delivery.Delivery, struct{}](pool, table.Mapping[*delivery.Delivery, deliveryRow]{
		Table: "event_deliveries", Row: deliveryRowOf,
		Restore:  func(r deliveryRow) *delivery.Delivery { return delivery.RestoreDelivery(r.state()) },
		Refusals: map[string]error{"event_deliveries_pkey": errAddedMeanwhile},
	})
	return uow.NewRepository("event deliveries", store, delivery.ErrDeliveryNotFound, unpublished)
}

// Views is a delivery.Views of a database.
type Views struct{ pool *db.Pool }

var _ delivery.Views = (*Views)(nil)

// NewViews returns the views of a pool.
func NewViews(pool *db.Pool) *Views { return &Views{pool: pool} }

// Waits reports whether something of the aggregate waits. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict,
// db.ErrUnavailable.
func (v *Views) Waits(ctx context.Context, subscriber string, aggregate uuid.UUID) (waits bool, err error) {
	tx, err := v.pool.Tx(ctx)
	if err != nil {
		return false, err
	}
	err = tx.Get(ctx, &waits, `
		SELECT EXISTS (SELECT 1 FROM event_deliveries WHERE subscriber = $1 AND aggregate = $2 AND NOT dead)`,
		subscriber, aggregate)
	return waits, err
}

// Known is Waits, and looks for the event in the outbox. Errors: as Waits.
func (v *Views) Known(ctx context.Context, subscriber string, e events.Numbered) (waits, known bool, err error) {
	tx, err := v.pool.Tx(ctx)
	if err != nil {
		return false, false, err
	}
	var row struct {
		Waits bool `db:"waits"`
		Known bool `db:"known"`
	}
	err = tx.Get(ctx, &row, `
		SELECT
			EXISTS (SELECT 1 FROM event_deliveries WHERE subscriber = $1 AND aggregate = $2 AND NOT dead) AS waits,
			EXISTS (SELECT 1 FROM outbox WHERE number = $3 AND id = $4) AS known`,
		subscriber, e.Aggregate, e.Number, e.ID)
	return row.Waits, row.Known, err
}

// first is the condition that no event of the same aggregate waits before the delivery.
const first = `
	NOT dead AND NOT EXISTS (
		SELECT 1
		FROM event_deliveries AS earlier
		WHERE earlier.subscriber = event_deliveries.subscriber AND earlier.aggregate = event_deliveries.aggregate
			AND earlier.number < event_deliveries.number AND NOT earlier.dead
	)`

// Due returns what is to be tried. Errors: db.ErrUnavailable.
func (v *Views) Due(ctx context.Context, subscriber string, now time.Time, limit int) ([]delivery.DeliveryState, error) {
	return v.deliveries(ctx, `
		SELECT `+deliveryColumns+`
		FROM event_deliveries
		WHERE subscriber = $1 AND next_at <= $2 AND `+first+`
		ORDER BY number
		LIMIT $3`, subscriber, db.Micros(now), limit)
}

// NextDue returns when deliveries are to be tried. Errors: db.ErrUnavailable.
func (v *Views) NextDue(ctx context.Context) (map[string]time.Time, error) {
	var rows []struct {
		Subscriber string    `db:"subscriber"`
		NextAt     db.Micros `db:"next_at"`
	}
	err := v.pool.Read().Select(ctx, &rows, `
		SELECT subscriber, min(next_at) AS next_at
		FROM event_deliveries
		WHERE `+first+`
		GROUP BY subscriber`)
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	due := make(map[string]time.Time, len(rows))
	for _, row := range rows {
		due[row.Subscriber] = row.NextAt.Time()
	}
	return due, nil
}

// Deliveries returns one page of what is put aside. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Deliveries(
	ctx context.Context, filter delivery.Filter, request page.Request,
) (page.Of[delivery.DeliveryState], error) {
	after, resumed, err := delivery.ReadCursor(request.Cursor)
	if err != nil {
		return page.Of[delivery.DeliveryState]{}, err
	}
	q := conditions{}
	if filter.Dead {
		q.where("dead")
	}
	if filter.Subscriber != "" {
		q.where("subscriber = " + q.add(filter.Subscriber))
	}
	if resumed {
		q.where("(subscriber, number, id) > (" + q.add(after.Subscriber) + ", " + q.add(after.Number) + ", " + q.add(after.ID) + ")")
	}
	limit := q.add(request.Size() + 1)
	found, err := v.deliveries(ctx, `
		SELECT `+deliveryColumns+`
		FROM event_deliveries`+q.text()+`
		ORDER BY subscriber, number, id
		LIMIT `+limit, q.args...)
	return page.Cut(request, found, delivery.CursorAfter), err
}

// conditions are those of a query, all of which must hold, and its arguments.
type conditions struct {
	args  []any
	terms []string
}

// add returns the parameter that stands for the argument.
func (c *conditions) add(arg any) string {
	c.args = append(c.args, arg)
	return "$" + strconv.Itoa(len(c.args))
}

// where adds a condition.
func (c *conditions) where(term string) { c.terms = append(c.terms, term) }

// text returns the clause; empty without a condition.
func (c *conditions) text() string {
	if len(c.terms) == 0 {
		return ""
	}
	return "\n\t\tWHERE " + strings.Join(c.terms, " AND ")
}

func (v *Views) deliveries(ctx context.Context, query string, args ...any) ([]delivery.DeliveryState, error) {
	var rows []deliveryRow
	if err := v.pool.Read().Select(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	found := make([]delivery.DeliveryState, len(rows))
	for i, row := range rows {
		found[i] = row.state()
	}
	return found, nil
}

// Subscriptions returns all subscriptions. Errors: db.ErrUnavailable.
func (v *Views) Subscriptions(ctx context.Context) ([]delivery.SubscriptionState, error) {
	var rows []subscriptionRow
	err := v.pool.Read().Select(ctx, &rows, `
		SELECT id, version, name, number, holder, held_until
		FROM event_subscriptions
		ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	found := make([]delivery.SubscriptionState, len(rows))
	for i, row := range rows {
		found[i] = row.state()
	}
	return found, nil
}
