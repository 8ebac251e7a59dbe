package load

import "math/rand/v2"

// exponent is that of the Zipf distribution.
const exponent = 1.1

// Choice draws what one client does next. It is not safe for concurrent use.
type Choice struct {
	scenario Scenario
	random   *rand.Rand
	zipf     *rand.Zipf // nil for the other distributions
}

// NewChoice returns the choice of a client; the same seed and client draw the same.
func (s Scenario) NewChoice(seed uint64, client int) *Choice {
	c := &Choice{scenario: s, random: rand.New(rand.NewPCG(seed, uint64(client)))} //nolint:gosec // no secret is drawn
	if s.Distribution == Zipf {
		c.zipf = rand.NewZipf(c.random, exponent, 1, uint64(s.Listings-1)) //nolint:gosec // it is positive
	}
	return c
}

// Listing returns the number of the next listing, from 0 on.
func (c *Choice) Listing() int {
	switch {
	case c.scenario.Listings == 1:
		return 0
	case c.zipf != nil:
		return int(c.zipf.Uint64()) //nolint:gosec // it is below the number of listings
	default:
		return c.random.IntN(c.scenario.Listings)
	}
}

// Kind returns what to do with it: Bid, Looking or Refusal.
func (c *Choice) Kind() Kind {
	if c.scenario.Reads == 0 && c.scenario.Refusals == 0 {
		return Bid
	}
	switch at := c.random.Float64(); {
	case at < c.scenario.Reads:
		return Looking
	case at < c.scenario.Reads+c.scenario.Refusals:
		return Refusal
	default:
		return Bid
	}
}
