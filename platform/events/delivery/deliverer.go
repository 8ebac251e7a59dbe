package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// Parts are what a Deliverer works with.
type Parts struct {
	Work          *uow.Work
	Log           Log
	Subscriptions Subscriptions
	Deliveries    Deliveries
	Views         Views
	Subscribers   []events.Subscriber
	// Witnesses hear what the Carrier brings.
	Witnesses []events.Witness
	Bell      *Bell
	// Carrier may be nil: then this server polls for what others have numbered.
	Carrier  Carrier
	Clock    clock.Clock
	Logger   *zap.Logger
	Metrics  *Metrics
	Settings Settings
}

// Settings bound what a Deliverer does.
type Settings struct {
	// Patience is for an event that a subscriber fails to handle. Default DefaultPatience.
	Patience Patience
	// Poll is how often it looks for events that another server or program has committed. Default 500 ms.
	Poll time.Duration
	// Hold is how long a server that works for a subscriber keeps others from it; with each event that it handles that time
	// begins anew. It is what a subscriber waits, at most, when a server is killed or stops while others want it. Default 2 s.
	Hold time.Duration
}

// Deliverer delivers events from Start to Stop. Each subscriber has a goroutine of its own, so that none holds up another.
type Deliverer struct {
	Parts
	server  uuid.UUID
	tail    tail
	look    chan struct{} // asks for a look into the Log
	workers []*worker
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// NewDeliverer returns a Deliverer that has not started. Errors: a subscriber that is none: without a name, a kind or
// something to do, or with the name of another.
func NewDeliverer(p Parts) (*Deliverer, error) {
	if p.Settings.Patience == (Patience{}) {
		p.Settings.Patience = DefaultPatience()
	}
	if p.Settings.Poll <= 0 {
		p.Settings.Poll = 500 * time.Millisecond
	}
	if p.Settings.Hold <= 0 {
		p.Settings.Hold = 2 * time.Second
	}
	p.Logger = p.Logger.Named("events")
	d := &Deliverer{Parts: p, server: uuid.New(), look: make(chan struct{}, 1)}
	names := map[string]bool{}
	for _, s := range p.Subscribers {
		switch {
		case s.Name == "":
			return nil, errors.New("a subscriber has no name")
		case names[s.Name]:
			return nil, fmt.Errorf("two subscribers are called %q", s.Name)
		case len(s.Kinds) == 0 || (s.Handle == nil) == (s.Prepare == nil):
			return nil, fmt.Errorf("the subscriber %q wants no events or has nothing to do", s.Name)
		}
		names[s.Name] = true
		d.workers = append(d.workers, newWorker(d, s))
		p.Metrics.begin(s.Name)
	}
	return d, nil
}

// Start makes subscribers known that are new, and begins to deliver, until Stop. Every event that is committed after Start
// has returned is delivered to all of them. Errors: uow.ErrBusy, or what the stores report.
func (d *Deliverer) Start(ctx context.Context) error {
	if len(d.workers) == 0 {
		return nil
	}
	last, err := d.numberAll(ctx)
	if err != nil {
		return fmt.Errorf("number events: %w", err)
	}
	for _, w := range d.workers {
		if err := w.subscribe(ctx, last); err != nil {
			return fmt.Errorf("subscribe %s: %w", w.Name, err)
		}
	}
	if err := d.tellRetired(ctx, last); err != nil {
		return fmt.Errorf("look for retired subscribers: %w", err)
	}
	life, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	for _, w := range d.workers {
		d.running.Go(func() { w.run(life) })
	}
	d.running.Go(func() { (&numberer{Deliverer: d, known: last, trouble: trouble{log: d.Logger}}).run(life) })
	if d.Carrier != nil {
		d.Carrier.Numbered(last)
		d.running.Go(func() { d.Carrier.Carry(life, d.arrived, d.doubt) })
	}
	return nil
}

// arrived takes an event from the Carrier. What is told here moves nobody's idea of how far the Log goes: that comes from
// the Log alone.
func (d *Deliverer) arrived(e events.Numbered) {
	d.tail.add(e)
	for _, witness := range d.Witnesses {
		witness.Heard(e.Message)
	}
	for _, w := range d.workers {
		nudge(w.wake)
	}
}

// doubt forgets what the Carrier has brought, and has each worker go back to the last event that it has seen in the Log.
func (d *Deliverer) doubt() {
	d.distrust()
	for _, w := range d.workers {
		w.doubtful.Store(true)
		nudge(w.wake)
	}
}

// distrust forgets what the Carrier has brought. How far the Log goes is to be asked now, as nothing else tells any more.
func (d *Deliverer) distrust() {
	d.tail.forget()
	nudge(d.look)
}

// Stop returns when what is being handled was handled or given up, and nothing more will be.
func (d *Deliverer) Stop() {
	if d.cancel != nil {
		d.cancel()
	}
	d.running.Wait()
}

// batch is how many events are numbered, or read, at once.
const batch = 1000

// numberAll numbers all events that have no number and returns the greatest.
func (d *Deliverer) numberAll(ctx context.Context) (last int64, err error) {
	for more := true; more; {
		last, more, err = d.Log.Number(ctx, batch)
		switch {
		case errors.Is(err, uow.ErrConflict) && ctx.Err() == nil:
			more = true
		case err != nil:
			return 0, err
		}
	}
	return last, nil
}
