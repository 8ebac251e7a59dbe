package delivery

import (
	"context"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/chores"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// Module delivers events from the program's start to its stop. It needs units of work whose settings ring the *Bell, the
// stores, a clock and a logger. Put it before the server: what was committed by the last request is delivered as long as
// time is left, and after the next start otherwise.
var Module = fx.Module("delivery",
	fx.Provide(NewMetrics, provideDeliverer),
	fx.Invoke(deliver),
)

// AsSubscriber annotates a constructor of an events.Subscriber for fx.Provide, so that the Deliverer finds it. Where there
// is no Module it is never made.
func AsSubscriber(constructor any) any {
	return fx.Annotate(constructor, fx.ResultTags(`group:"subscribers"`))
}

// AsWitness does the same for a constructor of an events.Witness.
func AsWitness(constructor any) any {
	return fx.Annotate(constructor, fx.ResultTags(`group:"witnesses"`))
}

// params are what the graph gives to the deliverer.
type params struct {
	fx.In

	Work          *uow.Work
	Log           Log
	Subscriptions Subscriptions
	Deliveries    Deliveries
	Views         Views
	Subscribers   []events.Subscriber `group:"subscribers"`
	Witnesses     []events.Witness    `group:"witnesses"`
	Bell          *Bell
	Carrier       Carrier `optional:"true"`
	Clock         clock.Clock
	Logger        *zap.Logger
	Metrics       *Metrics
}

// rollParams are what the graph gives to the roll.
type rollParams struct {
	fx.In

	Subscribers []events.Subscriber `group:"subscribers"`
}

// ProvideRoll returns the names of all subscribers in the graph, for who does not deliver to them.
func ProvideRoll(p rollParams) Roll { return NewRoll(p.Subscribers) }

func provideDeliverer(p params) (*Deliverer, error) {
	return NewDeliverer(Parts{
		Work: p.Work, Log: p.Log, Subscriptions: p.Subscriptions, Deliveries: p.Deliveries, Views: p.Views,
		Subscribers: p.Subscribers, Witnesses: p.Witnesses, Bell: p.Bell, Carrier: p.Carrier, Clock: p.Clock, Logger: p.Logger, Metrics: p.Metrics,
	})
}

// deliver starts and stops the deliverer with the program.
func deliver(lifecycle fx.Lifecycle, d *Deliverer) {
	lifecycle.Append(fx.StartStopHook(d.Start, func(context.Context) { d.Stop() }))
}

// ForgetDelivered returns the chore that forgets events which every subscriber has got and which are older than keep.
func ForgetDelivered(log Log, views Views, c clock.Clock, keep time.Duration) chores.Chore {
	return chores.Chore{Name: "forget delivered events", Every: time.Hour, Run: func(ctx context.Context) error {
		number, err := delivered(ctx, log, views)
		if err != nil {
			return err
		}
		for before := c.Now().Add(-keep); ; {
			n, err := log.Forget(ctx, number, before, batch)
			if err != nil || n == 0 { // a young event may be among old ones
				return err
			}
		}
	}}
}

// delivered returns the number up to which everybody has got the events.
func delivered(ctx context.Context, log Log, views Views) (int64, error) {
	number, _, err := log.Last(ctx)
	if err != nil {
		return 0, err
	}
	subscriptions, err := views.Subscriptions(ctx)
	for _, s := range subscriptions {
		number = min(number, s.Number)
	}
	return number, err
}
