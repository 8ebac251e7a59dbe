package mail

import (
	"math/rand/v2"
	"time"
)

// Patience is how often a mail is tried, and how long after each other.
type Patience struct {
	// Attempts is how often, the first included.
	Attempts int
	// First is the time before the second attempt, which doubles from then on up to Longest. A quarter of it, up or down,
	// is left to chance, so that what failed together is not tried together.
	First, Longest time.Duration
	// Outage is for how long after what a mail tells it is put back when no mail server is ready, as if it had not been
	// tried. Later that counts like any other failure, so that it ends.
	Outage time.Duration
}

// DefaultPatience tries 20 times within about three days, which is as long as mail servers try (RFC 5321 asks for four or
// five days, of which the reader of news has no use).
func DefaultPatience() Patience {
	return Patience{Attempts: 20, First: time.Minute, Longest: 6 * time.Hour, Outage: 3 * 24 * time.Hour}
}

// Wait returns the time after so many attempts; 0 if there is to be no other.
func (p Patience) Wait(attempts int) time.Duration {
	if attempts >= p.Attempts {
		return 0
	}
	wait := p.First
	for range attempts - 1 {
		if wait *= 2; wait >= p.Longest {
			wait = p.Longest
			break
		}
	}
	return wait - wait/4 + rand.N(wait/2)
}
