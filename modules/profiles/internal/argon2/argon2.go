// Package argon2 hashes passwords with Argon2id (RFC 9106). It is the app.Hasher of the house.
package argon2

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// ErrUnknownNotation: a stored hash is not one of ours, or asks for more than any of ours would.
var ErrUnknownNotation = errors.New("a stored password hash is in an unknown notation")

const (
	saltSize = 16
	hashSize = 32
	// lanes is how many threads would compute one hash; one, because at once is how many hashes are computed anyway.
	lanes = 1
)

// Settings are the cost of one hash.
type Settings struct {
	// Memory is what one hash takes, in bytes; Iterations is how often it goes over it.
	Memory     int64
	Iterations int
	// AtOnce is how many are computed at the same time. Others wait.
	AtOnce int
}

// Hasher hashes passwords. It is safe for concurrent use.
type Hasher struct {
	cost  cost
	turns chan struct{}
	dummy string // the hash of nobody's password, as costly as any other
}

// New returns a hasher. Errors: settings that no hash can be computed with.
func New(s Settings) (*Hasher, error) {
	c := cost{memory: uint32(max(0, min(s.Memory/1024, maxMemory+1))), iterations: uint32(max(0, min(s.Iterations, maxIterations+1)))}
	if err := c.check(); err != nil || s.AtOnce < 1 {
		return nil, fmt.Errorf("hash passwords with %d bytes, %d iterations, %d at once: not possible", s.Memory, s.Iterations, s.AtOnce)
	}
	h := &Hasher{cost: c, turns: make(chan struct{}, s.AtOnce)}
	// No password has this hash: it was drawn, not computed.
	h.dummy = phc{cost: c, salt: random(saltSize), hash: random(hashSize)}.String()
	return h, nil
}

// Hash returns the hash of a password, in the notation of the PHC. Errors: the context's, when it ends before it is this
// one's turn.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := random(saltSize)
	hash, err := h.compute(ctx, password, salt, h.cost, hashSize)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return phc{cost: h.cost, salt: salt, hash: hash}.String(), nil
}

// Compare reports whether the hash is of the password, and whether it was computed at another cost than that of today. An
// empty hash takes as long as any of today and matches nothing. Errors: the context's; ErrUnknownNotation.
func (h *Hasher) Compare(ctx context.Context, hash, password string) (same, outdated bool, err error) {
	nobody := hash == ""
	if nobody {
		hash = h.dummy
	}
	stored, err := parse(hash)
	if err != nil {
		return false, false, err
	}
	computed, err := h.compute(ctx, password, stored.salt, stored.cost, len(stored.hash))
	if err != nil {
		return false, false, fmt.Errorf("compare a password: %w", err)
	}
	same = subtle.ConstantTimeCompare(computed, stored.hash) == 1 && !nobody
	return same, stored.cost != h.cost, nil
}

// compute hashes when it is this one's turn.
func (h *Hasher) compute(ctx context.Context, password string, salt []byte, c cost, size int) ([]byte, error) {
	if err := ctx.Err(); err != nil { // both ways may be open
		return nil, context.Cause(ctx)
	}
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-h.turns }()
	return argon2.IDKey([]byte(password), salt, c.iterations, c.memory, lanes, uint32(size)), nil
}

func random(n int) []byte {
	p := make([]byte, n)
	_, _ = rand.Read(p) // never fails: without randomness the program ends
	return p
}
