package app

import (
	"context"
	"sync"
)

// turns let each network hash one password at a time. Others of it wait for their turn before they wait for the Hasher,
// so that whoever sends thousands of passwords delays himself: everybody else meets one of them there at most. It is safe
// for concurrent use.
type turns struct {
	mu       sync.Mutex
	networks map[string]*turn // of those that hash or wait
}

// turn is that of one network.
type turn struct {
	free chan struct{} // holds one while nobody has it
	used int           // by how many that have it or wait for it
}

// take waits for the turn of the network, and returns what ends it; nobody's network, as at the command line, has as many
// as it wants. Errors: the context's.
func (t *turns) take(ctx context.Context, network string) (end func(), err error) {
	if network == "" {
		return func() {}, nil
	}
	mine := t.enter(network)
	select {
	case <-mine.free:
		return func() {
			mine.free <- struct{}{}
			t.leave(network, mine)
		}, nil
	case <-ctx.Done():
		t.leave(network, mine)
		return nil, context.Cause(ctx)
	}
}

func (t *turns) enter(network string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine, found := t.networks[network]
	if !found {
		mine = &turn{free: make(chan struct{}, 1)}
		mine.free <- struct{}{}
		if t.networks == nil {
			t.networks = map[string]*turn{}
		}
		t.networks[network] = mine
	}
	mine.used++
	return mine
}

func (t *turns) leave(network string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.used--; mine.used == 0 {
		delete(t.networks, network)
	}
}

// hash hashes a password when it is the network's turn. Errors: the context's.
func (h *House) hash(ctx context.Context, network, password string) (string, error) {
	end, err := h.turns.take(ctx, network)
	if err != nil {
		return "", err
	}
	defer end()
	return h.hasher.Hash(ctx, password)
}

// compare compares a password when it is the network's turn. Errors: as Hasher.Compare.
func (h *House) compare(ctx context.Context, network, hash, password string) (same, outdated bool, err error) {
	end, err := h.turns.take(ctx, network)
	if err != nil {
		return false, false, err
	}
	defer end()
	return h.hasher.Compare(ctx, hash, password)
}
