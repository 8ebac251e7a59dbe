package delivery

import (
	"slices"
	"sync"

	"github.com/gavelhq/gavel/platform/events"
)

const (
	// longestTail is how many events a tail keeps at least, if there are so many.
	longestTail = 2000
	// heaviestTail is how many bytes of payload it keeps at most, beside the newest event.
	heaviestTail = 4 << 20
)

// tail is the end of the log as a Carrier has brought it: a run of events without gaps, in memory, for all workers. It is
// as good as its Carrier; what is not in it is read from the Log.
type tail struct {
	mu    sync.Mutex
	run   []events.Numbered
	bytes int
}

// add takes the next event. One that is there already, or comes late, is passed over. One that leaves a gap begins the run
// anew: the Log has what is missing.
func (t *tail) add(e events.Numbered) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.run); n > 0 {
		switch last := t.run[n-1].Number; {
		case e.Number <= last:
			return
		case e.Number > last+1:
			t.run, t.bytes = nil, 0
		}
	}
	t.run = append(t.run, e)
	t.bytes += len(e.Payload)
	t.shorten()
}

// shorten forgets the oldest events: a tail that is too long by half, so that not each event is copied each time, and one
// that is too heavy at once.
func (t *tail) shorten() {
	drop := 0
	if len(t.run) >= longestTail*2 {
		drop = len(t.run) - longestTail
	}
	bytes := t.bytes
	for i, e := range t.run {
		if i >= drop && bytes <= heaviestTail || i == len(t.run)-1 {
			drop = i
			break
		}
		bytes -= len(e.Payload)
	}
	if drop > 0 {
		t.run, t.bytes = slices.Clone(t.run[drop:]), bytes
	}
}

// after returns the events with the next numbers, at most limit of them, or none if the first of them is not here.
func (t *tail) after(number int64, limit int) []events.Numbered {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.run) == 0 {
		return nil
	}
	from := number + 1 - t.run[0].Number
	if from < 0 || from >= int64(len(t.run)) {
		return nil
	}
	end := min(from+int64(limit), int64(len(t.run)))
	return slices.Clone(t.run[from:end])
}

// last returns the greatest number, 0 for none.
func (t *tail) last() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.run) == 0 {
		return 0
	}
	return t.run[len(t.run)-1].Number
}

// forget forgets everything.
func (t *tail) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.run, t.bytes = nil, 0
}
