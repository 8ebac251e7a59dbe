package delivery

import (
	"math/rand/v2"
	"time"
)

// Patience is how often an event is tried, and how long after each other.
type Patience struct {
	// Attempts is how often, the first included.
	Attempts int
	// First is the time before the second attempt, which doubles from then on up to Longest. A quarter of it, up or down,
	// is left to chance, so that what failed together is not tried together.
	First, Longest time.Duration
}

// DefaultPatience tries 16 times, within about two and a half hours.
func DefaultPatience() Patience {
	return Patience{Attempts: 16, First: time.Second, Longest: 30 * time.Minute}
}

// wait returns the time after so many attempts.
func (p Patience) wait(attempts int) time.Duration {
	wait := p.First
	for range attempts - 1 {
		if wait *= 2; wait >= p.Longest {
			wait = p.Longest
			break
		}
	}
	if wait < 4 {
		return wait
	}
	return wait - wait/4 + rand.N(wait/2)
}
