package delivery

// Bell tells a Deliverer that events were committed, so that it need not look all the time.
type Bell struct{ rung chan struct{} }

// NewBell returns a bell.
func NewBell() *Bell { return &Bell{rung: make(chan struct{}, 1)} }

// Ring wakes the Deliverer, now or as soon as it listens. It never waits.
func (b *Bell) Ring() { nudge(b.rung) }

// nudge leaves a sign in a channel of one, unless there is one already.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
