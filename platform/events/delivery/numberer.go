package delivery

import (
	"context"
	"time"
)

const (
	// rest is how long nothing is numbered after something was, so that under load many events share one transaction.
	rest = 10 * time.Millisecond
	// lookEvery is how many polls apart a Deliverer looks for what others have done to subscriptions and deliveries.
	lookEvery = 10
)

// numberer gives numbers to new events and tells the workers.
type numberer struct {
	*Deliverer
	known int64
	trouble
}

func (n *numberer) run(ctx context.Context) {
	for polls := 0; ; {
		wait := n.Settings.Poll
		timer := n.Clock.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-n.Bell.rung:
			timer.Stop()
			n.report(ctx, n.number(ctx))
			n.pause(ctx, rest)
		case <-n.look:
			timer.Stop()
			n.report(ctx, n.poll(ctx, false))
		case <-timer.C():
			polls++
			n.report(ctx, n.poll(ctx, polls%lookEvery == 0))
		}
	}
}

// number numbers what is there and wakes the workers.
func (n *numberer) number(ctx context.Context) error {
	last, err := n.numberAll(ctx)
	if err != nil {
		return err
	}
	n.tell(last)
	return nil
}

// poll looks whether another program has committed events and, now and then, what else it has done.
func (n *numberer) poll(ctx context.Context, around bool) error {
	last, more, err := n.Log.Last(ctx)
	if err != nil {
		return err
	}
	if more {
		return n.number(ctx)
	}
	n.tell(last)
	if !around {
		return nil
	}
	return n.lookAround(ctx)
}

// tell wakes the workers if there are events that they do not know of.
func (n *numberer) tell(last int64) {
	if last <= n.known {
		return
	}
	n.known = last
	if n.Carrier != nil {
		n.Carrier.Numbered(last)
	}
	for _, w := range n.workers {
		w.last.Store(last)
		nudge(w.wake)
	}
}

// lookAround wakes the workers for whom there is something to do that no event tells of.
func (n *numberer) lookAround(ctx context.Context) error {
	due, err := n.Views.NextDue(ctx)
	if err != nil {
		return err
	}
	subscriptions, err := n.Views.Subscriptions(ctx)
	if err != nil {
		return err
	}
	numbers := map[string]int64{}
	for _, s := range subscriptions {
		numbers[s.Name] = s.Number
	}
	now := n.Clock.Now()
	for _, w := range n.workers {
		at, waits := due[w.Name]
		if waits && !at.After(now) || numbers[w.Name] != w.stored.Load() {
			w.around.Store(true)
			nudge(w.wake)
		}
	}
	return nil
}

// pause waits, unless ctx ends before.
func (d *Deliverer) pause(ctx context.Context, wait time.Duration) {
	timer := d.Clock.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C():
	}
}
