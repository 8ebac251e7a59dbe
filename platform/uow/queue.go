package uow

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// queue lets the commands of many callers share units. While one unit is under way, who comes waits, and all who wait run
// together in the next one. So a commit pays for as many commands as arrive while one lasts, and a lone command, which finds
// nobody at work, waits for nothing. Where many wait, one half is computed while the other is flushed: see turn.
//
// There is no goroutine for it: who finds nobody at work works, and leaves those who came meanwhile to the first of them.
type queue struct {
	together func(context.Context, *turn, []Command) []error
	most     int // commands in one unit

	mu        sync.Mutex
	computing *turn   // at most one
	flushing  []*turn // at most flushes, the oldest first
	waiting   []*caller
}

// flushes is how many units of a lane are flushed at the same time, where they do not build on each other.
const flushes = 2

// ahead is the fewest commands that are computed while others are flushed. For fewer it does not pay to have a commit of their
// own, for which those who come meanwhile would have to wait.
const ahead = 4

// caller waits for the outcome of a command.
type caller struct {
	ctx     context.Context
	command Command
	outcome error
	work    chan *turn // the unit to work for, itself first; closed when its outcome is there
}

// errAbandoned is the outcome of commands whose unit ended with a panic of its own, or with the goroutine that ran it:
// nobody knows how far that had come.
var errAbandoned = fmt.Errorf("%w: the unit of work was abandoned by the goroutine that ran it", ErrOutcomeUnknown)

// do runs the command in the next unit. Errors: the command's outcome; why ctx ended before its turn.
func (q *queue) do(ctx context.Context, command Command) error {
	c := &caller{ctx: ctx, command: command, work: make(chan *turn, 1)}
	if t := q.come(c); t != nil {
		return q.work(t)
	}
	select {
	case t := <-c.work:
		return c.take(q, t)
	case <-ctx.Done():
		if q.leaves(c) {
			return context.Cause(ctx)
		}
		return c.take(q, <-c.work)
	}
}

func (c *caller) take(q *queue, t *turn) error {
	if t != nil {
		return q.work(t)
	}
	return c.outcome
}

// come returns the unit to work for if nobody is at work; else c waits.
func (q *queue) come(c *caller) *turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.computing == nil && len(q.flushing) == 0 {
		return q.begin([]*caller{c})
	}
	q.waiting = append(q.waiting, c)
	q.next()
	return nil
}

// leaves reports whether c was still waiting, and no longer is.
func (q *queue) leaves(c *caller) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, other := range q.waiting {
		if other == c {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// work runs the commands of the unit and returns the outcome of the first caller, whose goroutine this is.
func (q *queue) work(t *turn) error {
	for _, c := range t.callers {
		c.outcome = errAbandoned
	}
	defer func() {
		q.end(t)
		for _, c := range t.callers[1:] {
			close(c.work)
		}
	}()
	for i, outcome := range q.run(t) {
		t.callers[i].outcome = outcome
	}
	return t.callers[0].outcome
}

func (q *queue) run(t *turn) []error {
	if len(t.callers) == 1 {
		return q.together(t.callers[0].ctx, t, []Command{t.callers[0].command})
	}
	commands := make([]Command, len(t.callers))
	for i, c := range t.callers {
		commands[i] = Command{Run: c.run, Hints: c.command.Hints}
	}
	return q.together(context.Background(), t, commands)
}

// run is the caller's command in a unit with others: it sees what the caller's context carries, and does not succeed for
// a caller who has left. But the end of that context does not interrupt what it asks of the stores, because a statement
// that is broken off breaks the transaction of all.
func (c *caller) run(ctx context.Context) error {
	if err := context.Cause(c.ctx); err != nil {
		return err
	}
	if err := c.command.Run(shared{Context: ctx, caller: c.ctx}); err != nil {
		return err
	}
	return context.Cause(c.ctx)
}

// shared is the context of a unit of many callers, with the values of one of them.
type shared struct {
	context.Context
	caller context.Context
}

// Value returns the unit's value if it has one, else the caller's.
func (s shared) Value(key any) any {
	if value := s.Context.Value(key); value != nil {
		return value
	}
	return s.caller.Value(key)
}

// begin makes a unit of the callers the one that is computed.
func (q *queue) begin(callers []*caller) *turn {
	t := &turn{callers: callers, before: slices.Clone(q.flushing), ended: make(chan struct{})}
	t.pass = func(computed *unit) { q.pass(t, computed) }
	q.computing = t
	return t
}

// pass notes that nothing is left of the unit but to flush it, so that the next one can be computed.
func (q *queue) pass(t *turn, computed *unit) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.computing == t { // else it passes again, when it runs again
		t.computed = computed
		q.computing, q.flushing = nil, append(q.flushing, t)
		q.next()
	}
}

// end notes that the unit is over.
func (q *queue) end(t *turn) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.computing == t {
		q.computing = nil
	}
	q.flushing = slices.DeleteFunc(q.flushing, func(other *turn) bool { return other == t })
	t.before = nil // or the first unit would be kept as long as the last
	close(t.ended)
	q.next()
}

// next lets the first of those who wait work for as many as share the next unit, unless one is being computed.
func (q *queue) next() {
	n := q.share()
	if q.computing != nil || n == 0 {
		return
	}
	callers := q.waiting[:n:n]
	if q.waiting = q.waiting[n:]; len(q.waiting) == 0 {
		q.waiting = nil
	}
	callers[0].work <- q.begin(callers)
}

// share returns how many of those who wait share the next unit: half of all that are there, those who are being flushed
// included; where that would be few, all of them, and few not before those that are being flushed have ended.
func (q *queue) share() int {
	n, all := len(q.waiting), len(q.waiting)
	for _, t := range q.flushing {
		all += len(t.callers)
	}
	switch half := (all + 1) / 2; {
	case len(q.flushing) == flushes, len(q.flushing) > 0 && n < ahead:
		return 0
	case half < ahead:
		return min(n, q.most)
	default:
		return min(n, q.most, half)
	}
}
