package argon2

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// What a stored hash may ask for at most, so that a forged one cannot exhaust the machine.
const (
	maxMemory     = 1 << 20 // KiB: 1 GiB, as much as the configuration allows
	minMemory     = 8       // KiB, by RFC 9106
	maxIterations = 20
	minSalt       = 8
	minHash       = 16
	maxBytes      = 64 // of salt and of hash
	maxNotation   = 256
)

// cost is what one hash takes: KiB of memory, and how often it goes over it.
type cost struct{ memory, iterations uint32 }

// check refuses a cost that no hash of ours has. Errors: ErrUnknownNotation.
func (c cost) check() error {
	if c.memory < minMemory || c.memory > maxMemory || c.iterations < 1 || c.iterations > maxIterations {
		return ErrUnknownNotation
	}
	return nil
}

// phc is a hash in the notation of the Password Hashing Competition: $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
type phc struct {
	cost       cost
	salt, hash []byte
}

var encoding = base64.RawStdEncoding.Strict()

// String writes the notation.
func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.cost.memory, p.cost.iterations, lanes,
		encoding.EncodeToString(p.salt), encoding.EncodeToString(p.hash))
}

// parse reads what String wrote. Errors: ErrUnknownNotation.
func parse(text string) (phc, error) {
	parts := strings.Split(text, "$")
	if len(text) > maxNotation || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" ||
		parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, ErrUnknownNotation
	}
	c, err := parseCost(parts[3])
	if err != nil {
		return phc{}, err
	}
	p := phc{cost: c}
	if p.salt, err = bytesOf(parts[4], minSalt); err != nil {
		return phc{}, err
	}
	if p.hash, err = bytesOf(parts[5], minHash); err != nil {
		return phc{}, err
	}
	return p, nil
}

func parseCost(text string) (cost, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 3 || parts[2] != "p="+strconv.Itoa(lanes) {
		return cost{}, ErrUnknownNotation
	}
	memory, err := number(parts[0], "m=")
	if err != nil {
		return cost{}, err
	}
	iterations, err := number(parts[1], "t=")
	if err != nil {
		return cost{}, err
	}
	c := cost{memory: memory, iterations: iterations}
	return c, c.check()
}

func number(text, prefix string) (uint32, error) {
	digits, ok := strings.CutPrefix(text, prefix)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil {
		return 0, ErrUnknownNotation
	}
	return uint32(n), nil
}

func bytesOf(text string, least int) ([]byte, error) {
	p, err := encoding.DecodeString(text)
	if err != nil || len(p) < least || len(p) > maxBytes {
		return nil, ErrUnknownNotation
	}
	return p, nil
}
