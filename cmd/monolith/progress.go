package main

import (
	"fmt"
	"io"
	"time"

	"github.com/gavelhq/gavel/platform/clock"
)

// How often long work says how far it is.
const (
	terminalProgress = 100 * time.Millisecond
	plainProgress    = 5 * time.Second
)

// progress tells how far long work is: on a terminal in one line that changes, elsewhere in a plain line now and then.
type progress struct {
	out      io.Writer
	terminal bool
	clock    clock.Clock
	what     string // "bids"
	next     time.Time
	shown    bool
}

// newProgress returns the progress of something that is counted in what, on stderr.
func (p *program) newProgress(what string) *progress {
	c := clock.NewReal()
	return &progress{out: p.stderr, terminal: p.errTerminal, clock: c, what: what, next: c.Now().Add(plainProgress)}
}

// of tells that so many of all are done.
func (p *progress) of(done, all int) { p.tell(fmt.Sprintf("%d of %d %s", done, all, p.what)) }

// at tells that so many are done, where nobody knows how many there are.
func (p *progress) at(done int64) { p.tell(fmt.Sprintf("%d %s", done, p.what)) }

func (p *progress) tell(line string) {
	now := p.clock.Now()
	switch {
	case p.terminal && (!p.shown || !now.Before(p.next)):
		fmt.Fprintf(p.out, "\r%s\x1b[K", line)
		p.next, p.shown = now.Add(terminalProgress), true
	case !p.terminal && !now.Before(p.next):
		fmt.Fprintln(p.out, line)
		p.next = now.Add(plainProgress)
	}
}

// end removes the line that changes.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}
