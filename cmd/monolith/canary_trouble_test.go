package main

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/events"
)

// brokenOutbox fails when it is told to, as the last step of a command.
type brokenOutbox struct {
	next events.Outbox

	mu      sync.Mutex
	trouble error
}

// around is for fx.Decorate.
func (o *brokenOutbox) around(next events.Outbox) events.Outbox {
	o.next = next
	return o
}

// fail makes the next command fail.
func (o *brokenOutbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trouble = err
}

// Append implements events.Outbox. Errors: what fail was given, those of the outbox.
func (o *brokenOutbox) Append(ctx context.Context, messages []events.Message) error {
	o.mu.Lock()
	err := o.trouble
	o.trouble = nil
	o.mu.Unlock()
	if err != nil {
		return err
	}
	return o.next.Append(ctx, messages)
}

// brokenClock is a clock that a use case looks at in vain when it is told to: what happens there happens in the middle of
// the command, with all that it knows on the stack.
type brokenClock struct {
	*clock.Real

	mu      sync.Mutex
	useCase string
	happens func()
}

// strike makes fn happen when the use case next looks at the clock.
func (c *brokenClock) strike(useCase string, fn func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.useCase, c.happens = useCase, fn
}

// Now implements clock.Clock.
func (c *brokenClock) Now() time.Time {
	if fn := c.struck(); fn != nil {
		fn()
	}
	return c.Real.Now()
}

func (c *brokenClock) struck() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.happens == nil || !calledBy(".(*"+c.useCase+").") {
		return nil
	}
	fn := c.happens
	c.happens = nil
	return fn
}

// calledBy reports whether a function with this in its name is on the stack.
func calledBy(name string) bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		if strings.Contains(frame.Function, name) {
			return true
		}
		if !more {
			return false
		}
	}
}
