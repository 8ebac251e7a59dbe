package broker

import (
	"sync"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
)

// memory is how many events a server remembers that have arrived.
const memory = 4096

// heard is which events have arrived lately, so that they can be compared with the log.
type heard struct {
	mu   sync.Mutex
	last int64
	ring [memory]struct {
		number int64
		id     uuid.UUID
	}
}

// note remembers an event.
func (h *heard) note(e events.Numbered) {
	h.mu.Lock()
	defer h.mu.Unlock()
	slot := &h.ring[e.Number%memory]
	slot.number, slot.id = e.Number, e.ID
	h.last = max(h.last, e.Number)
}

// compare returns how many of the events have arrived, up to the first that has not or was another one; same is false if it
// was another one.
func (h *heard) compare(next []events.Numbered) (n int, same bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for n, e := range next {
		if slot := h.ring[e.Number%memory]; slot.number != e.Number || slot.id != e.ID {
			return n, slot.number != e.Number
		}
	}
	return len(next), true
}

// from returns the number from which on to listen to a stream that ends with the last: the next one, if there are not too
// many in between.
func (h *heard) from(last int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == 0 || h.last > last || last-h.last > memory/2 {
		return last + 1
	}
	return h.last + 1
}

// cut forgets what the stream has lost, which ends with the last now. What arrives at this moment may be forgotten, too.
func (h *heard) cut(last int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.ring {
		if slot := &h.ring[i]; slot.number > last {
			slot.number, slot.id = 0, uuid.Nil
		}
	}
	h.last = min(h.last, last)
}
