// Package rest lets those who run the house see over HTTP what was not delivered, and have it tried again.
package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// Administer: see what was not delivered to whom, and have it tried again.
var Administer = identity.NewPermission("events.administer", "see which events were not delivered and have them tried again", identity.Admin)

const (
	root = "/api/v1"
	tag  = "Administration"
)

// office answers admins who look after dead letters.
type office struct {
	office *delivery.Office
	views  delivery.Views
	log    delivery.Log
}

// NewRoutes returns the routes of those who look after dead letters.
func NewRoutes(o *delivery.Office, views delivery.Views, log delivery.Log) httpserver.Routes {
	return httpserver.Routes{Name: "events", Register: (&office{office: o, views: views, log: log}).routes}
}

func (o *office) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-subscriptions",
		Method:      http.MethodGet,
		Path:        root + "/subscriptions",
		Summary:     "See how far events were delivered",
		Description: "Lists every subscriber within the house, such as the one that counts sales, in the order of their names.",
		Tags:        []string{tag},
	}, Administer), o.subscriptions)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-deliveries",
		Method:      http.MethodGet,
		Path:        root + "/deliveries",
		Summary:     "List the events that were not delivered",
		Description: "Lists the events that a subscriber could not handle in their turn, in the order of subscribers and numbers. " +
			"What is not dead is tried again by itself.",
		Tags:   []string{tag},
		Errors: []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, Administer), o.deliveries)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "retry-delivery",
		Method:      http.MethodPost,
		Path:        root + "/deliveries/{id}/retry",
		Summary:     "Have a dead letter tried again",
		Description: "It is tried within seconds, as if for the first time. The audit log says who asked for it.",
		Tags:        []string{tag},
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, Administer), o.retry)
}

// EventSubscription is how far a subscriber has got.
type EventSubscription struct {
	Subscriber string `json:"subscriber" example:"profiles.sales"`
	Position   int64  `json:"position" minimum:"0" doc:"The number of the last event that it has got, or that is put aside for it."`
	Behind     int64  `json:"behind" minimum:"0" doc:"How many events it has not looked at yet."`
}

type subscriptionsOutput struct {
	Body httpserver.List[EventSubscription]
}

func (o *office) subscriptions(ctx context.Context, _ *struct{}) (*subscriptionsOutput, error) {
	progress, err := delivery.ProgressOf(ctx, o.log, o.views)
	if err != nil {
		return nil, err
	}
	items := make([]EventSubscription, len(progress))
	for i, p := range progress {
		items[i] = EventSubscription{Subscriber: p.Subscriber, Position: p.Number, Behind: p.Behind}
	}
	return &subscriptionsOutput{Body: httpserver.List[EventSubscription]{Items: items}}, nil
}

// EventDelivery is an event that a subscriber could not handle in its turn.
type EventDelivery struct {
	ID         uuid.UUID           `json:"id" format:"uuid"`
	Subscriber string              `json:"subscriber" example:"profiles.sales"`
	EventID    uuid.UUID           `json:"event_id" format:"uuid"`
	Kind       string              `json:"kind" example:"listings.closed.v1"`
	SubjectID  uuid.UUID           `json:"subject_id" format:"uuid" doc:"The listing, member or other thing that it happened to."`
	Number     int64               `json:"number" minimum:"1" doc:"Its place among all events."`
	At         httpserver.Instant  `json:"at" doc:"When it happened."`
	Dead       bool                `json:"dead" doc:"It is not tried any more unless somebody asks for it."`
	Attempts   int                 `json:"attempts" minimum:"0" doc:"How often it was tried; 0 for one that waits behind another of the same subject."`
	NextAt     *httpserver.Instant `json:"next_at,omitempty" doc:"When it is tried again; absent for a dead letter."`
	Failure    string              `json:"failure,omitempty" doc:"Why the last attempt failed, in one line; all of it is in the log of the server."`
}

func deliveryOf(s delivery.DeliveryState) EventDelivery {
	d := EventDelivery{
		ID: s.ID, Subscriber: s.Subscriber, EventID: s.Event.ID, Kind: s.Event.Kind, SubjectID: s.Event.Aggregate,
		Number: s.Event.Number, At: httpserver.Instant(s.Event.At), Dead: s.Dead, Attempts: s.Attempts, Failure: firstLine(s.Failure),
	}
	if !s.Dead {
		d.NextAt = httpserver.SomeInstant(s.NextAt)
	}
	return d
}

// firstLine leaves out where a subscriber panicked, which is of use beside the log only.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

type deliveriesInput struct {
	httpserver.ListQuery

	Dead       bool   `query:"dead" doc:"Only dead letters."`
	Subscriber string `query:"subscriber" maxLength:"200" pattern:"^[ -~]*$" doc:"Only what this subscriber is to get." example:"profiles.sales"`
}

type deliveriesOutput struct {
	Body httpserver.List[EventDelivery]
}

func (o *office) deliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	found, err := o.views.Deliveries(ctx, delivery.Filter{Dead: in.Dead, Subscriber: in.Subscriber}, in.Page())
	if err != nil {
		return nil, err
	}
	return &deliveriesOutput{Body: httpserver.ListOf(found, deliveryOf)}, nil
}

type retryInput struct {
	httpserver.Repeatable

	ID uuid.UUID `path:"id" format:"uuid" doc:"The delivery's."`
}

func (o *office) retry(ctx context.Context, in *retryInput) (*struct{}, error) {
	return nil, o.office.Retry(ctx, delivery.RetryCommand{
		By: identity.From(ctx).ID, Delivery: in.ID, Key: in.IdempotencyKey,
	})
}
