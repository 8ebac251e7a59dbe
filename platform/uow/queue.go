package uow

import (
	"context"
	"fmt"
	"sync"
)

// queue lets the commands of many callers share units. One unit is under way at a time; who comes meanwhile waits, and all
// who wait run together in the next one. So a commit pays for as many commands as arrive while one lasts, and a lone
// command, which finds nobody at work, waits for nothing.
//
// There is no goroutine for it: who finds nobody at work works, and leaves those who came meanwhile to the first of them.
type queue struct {
	together func(context.Context, []Command) []error
	most     int // commands in one unit

	mu      sync.Mutex
	working bool
	waiting []*caller
}

// caller waits for the outcome of a command.
type caller struct {
	ctx     context.Context
	command Command
	outcome error
	turn    chan []*caller // the callers to work for, itself first; nothing when its outcome is there
}

// errAbandoned is the outcome of commands whose unit ended with a panic of its own, or with the goroutine that ran it:
// nobody knows how far that had come.
var errAbandoned = fmt.Errorf("%w: the unit of work was abandoned by the goroutine that ran it", ErrOutcomeUnknown)

// do runs the command in the next unit. Errors: the command's outcome; why ctx ended before its turn.
func (q *queue) do(ctx context.Context, command Command) error {
	c := &caller{ctx: ctx, command: command, turn: make(chan []*caller, 1)}
	if q.begins(c) {
		return q.work([]*caller{c})
	}
	select {
	case callers := <-c.turn:
		return c.take(q, callers)
	case <-ctx.Done():
		if q.leaves(c) {
			return context.Cause(ctx)
		}
		return c.take(q, <-c.turn)
	}
}

func (c *caller) take(q *queue, callers []*caller) error {
	if len(callers) > 0 {
		return q.work(callers)
	}
	return c.outcome
}

// begins reports whether nobody is at work, so that c is from now on; else c waits.
func (q *queue) begins(c *caller) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.working {
		q.waiting = append(q.waiting, c)
		return false
	}
	q.working = true
	return true
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

// work runs the commands of the callers and returns the outcome of the first, whose goroutine this is.
func (q *queue) work(callers []*caller) error {
	for _, c := range callers {
		c.outcome = errAbandoned
	}
	defer func() {
		q.next()
		for _, c := range callers[1:] {
			close(c.turn)
		}
	}()
	for i, outcome := range q.run(callers) {
		callers[i].outcome = outcome
	}
	return callers[0].outcome
}

func (q *queue) run(callers []*caller) []error {
	if len(callers) == 1 {
		return q.together(callers[0].ctx, []Command{callers[0].command})
	}
	commands := make([]Command, len(callers))
	for i, c := range callers {
		commands[i] = Command{Run: c.run, Hints: c.command.Hints}
	}
	return q.together(context.Background(), commands)
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

// next lets the first of those who wait work for all of them; or nobody works any more.
func (q *queue) next() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.working = false
		return
	}
	n := min(len(q.waiting), q.most)
	callers := q.waiting[:n:n]
	if q.waiting = q.waiting[n:]; len(q.waiting) == 0 {
		q.waiting = nil
	}
	callers[0].turn <- callers
}
