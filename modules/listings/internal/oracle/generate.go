package oracle

import "math/rand/v2"

// Generate makes the history that a seed and an index name, the same on every machine. Each command is chosen knowing
// what the rules made of those before, so that amounts crowd around the next minimum, the leader's maximum and the
// reserve, and times around the start, the end and the limits of the rules, one unit to either side.
func Generate(seed, index uint64) History {
	g := &generator{
		Rand:  rand.New(rand.NewPCG(seed, index)),
		world: NewWorld(),
		now:   birth,
	}
	g.cast()
	g.publish(0)
	for range g.length() {
		g.step()
	}
	g.finish()
	return History{Seed: seed, Index: index, Commands: g.commands}
}

// birth is when histories begin: 2026-03-01 12:00 UTC, and a fraction that shows lost microseconds.
const birth = 1_772_366_400_000_000 + 123_457

// generator holds a history in the making.
type generator struct {
	*rand.Rand
	world            *World
	now              int64
	commands         []Command
	bidders          []string
	numberOfListings int
	retractors       bool // a history of many retractions over several listings
}

// cast decides who takes part and on how many listings.
func (g *generator) cast() {
	g.bidders = []string{"A", "B", "C", "D", "E"}[:2+g.IntN(4)]
	g.numberOfListings = 1
	if g.oneIn(8) {
		g.numberOfListings = 2 + g.IntN(2)
	}
	g.retractors = g.oneIn(10)
	if g.retractors {
		g.bidders = []string{"A", "A", "A", "B"}
		g.numberOfListings = 2
	}
}

// length is how many steps the history has before it comes to its end.
func (g *generator) length() int {
	if g.retractors {
		return 30 + g.IntN(30)
	}
	return 8 + g.IntN(28)
}

// do carries a command out and writes it down.
func (g *generator) do(c Command) Answer {
	g.commands = append(g.commands, c)
	return g.world.Do(c)
}

// step lets some time pass and does one command on one of the listings.
func (g *generator) step() {
	number := g.IntN(g.numberOfListings)
	if first := g.world.listings[0]; g.retractors && first.outcome == nil && g.now < first.ends && !g.oneIn(8) {
		number = 0
	}
	l := g.world.listings[number]
	if l == nil {
		g.publish(number)
		return
	}
	if l.outcome != nil && !g.oneIn(6) {
		return
	}
	c := g.command(l, g.pass(l))
	c.Listing, c.At = number, g.now
	if g.oneIn(30) {
		c.At -= g.Int64N(5 * Second) // a clock that was set back
	}
	g.do(c)
}

// finish brings every listing to its end, and asks once more afterwards.
func (g *generator) finish() {
	for number := range g.numberOfListings {
		l := g.world.listings[number]
		if l == nil {
			continue
		}
		if l.frozen && !g.oneIn(20) {
			g.do(Command{At: g.now, Listing: number, Kind: Unfreeze, Actor: Moderator})
		}
		if l.ends > g.now {
			g.now = l.ends - 1 + g.Int64N(3)
		}
		g.do(g.bidOn(l, number))
		g.do(Command{At: g.now, Listing: number, Kind: Tick})
		g.now = max(g.now, l.ends) + g.Int64N(Hour)
		g.do(Command{At: g.now, Listing: number, Kind: Tick})
		c := g.command(l, "")
		c.Listing, c.At = number, g.now
		g.do(c)
		g.do(Command{At: g.now, Listing: number, Kind: Tick})
	}
}

func (g *generator) bidOn(l *listing, number int) Command {
	c := g.bid(l)
	c.Listing, c.At = number, g.now
	return c
}

// oneIn is true once in n times.
func (g *generator) oneIn(n int) bool { return g.IntN(n) == 0 }

// choice is one of several things to do, as likely as its weight is heavy.
type choice[T any] struct {
	weight int
	value  T
}

func pick[T any](g *generator, choices []choice[T]) T {
	total := 0
	for _, c := range choices {
		total += c.weight
	}
	at := g.IntN(total)
	for _, c := range choices {
		if at < c.weight {
			return c.value
		}
		at -= c.weight
	}
	panic("unreachable: the weights add up to the total")
}

func oneOf[T any](g *generator, values ...T) T { return values[g.IntN(len(values))] }
