package app

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

const (
	// extractsAtOnce is how many logs are read and verified at the same time. A log can be long, and whoever reports need not
	// have an account: the others wait, and bids do not.
	extractsAtOnce = 2
	// extractsKept is how many extracts are remembered, each of domain.MaxExtract bytes at most: many people report one listing.
	extractsKept = 8
)

// extracts takes evidence. It is safe for concurrent use.
type extracts struct {
	logs  Logs
	turns chan struct{} // one for each log that is being read

	mu   sync.Mutex
	kept []extract // the newest last
}

// extract is what a log says up to a position, whose hash commits to it.
type extract struct {
	listing uuid.UUID
	upTo    domain.Position
	text    string
}

func newExtracts(logs Logs) *extracts {
	return &extracts{logs: logs, turns: make(chan struct{}, extractsAtOnce)}
}

// of returns Logs.Extract, or what that returned a while ago, and waits for its turn as long as ctx lasts. Errors: those of
// ctx and of Logs.Extract.
func (e *extracts) of(ctx context.Context, listing uuid.UUID, upTo domain.Position) (string, error) {
	select {
	case e.turns <- struct{}{}:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	defer func() { <-e.turns }()
	if text, found := e.find(listing, upTo); found {
		return text, nil
	}
	text, err := e.logs.Extract(ctx, listing, upTo)
	if err == nil {
		e.keep(extract{listing, upTo, text})
	}
	return text, err
}

func (e *extracts) find(listing uuid.UUID, upTo domain.Position) (string, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, k := range e.kept {
		if k.listing == listing && k.upTo == upTo {
			return k.text, true
		}
	}
	return "", false
}

func (e *extracts) keep(taken extract) {
	e.mu.Lock()
	defer e.mu.Unlock()
	kept := e.kept[max(0, len(e.kept)-extractsKept+1):]
	e.kept = append(append([]extract(nil), kept...), taken)
}
