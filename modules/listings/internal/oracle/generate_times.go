package oracle

// instant is one at which a rule changes its answer, and the kind of command that it changes it for.
type instant struct {
	at   int64
	kind Kind
}

// pass lets time go on: mostly a little, sometimes right up to an instant that matters. It gives the kind of command
// that would show so, or nothing.
func (g *generator) pass(l *listing) Kind {
	window := l.ends - l.terms.Soft.Window
	switch {
	case window < l.ends && g.now < window && !g.retractors && g.oneIn(4):
		return g.jump(instant{window, Bid})
	case g.oneIn(6):
		return g.jump(g.instants(l)...)
	case g.oneIn(12):
		// The next command comes at the same instant.
	case g.retractors:
		g.now += g.Int64N(oneOf(g, Hour, 12*Hour))
	default:
		left := max(l.ends-g.now, 8)
		g.now += g.Int64N(min(left/8, oneOf(g, Second, Minute, 10*Minute, left)))
	}
	return ""
}

// jump goes to one of the instants that are ahead, or a microsecond to either side of it.
func (g *generator) jump(instants ...instant) Kind {
	var ahead []instant
	for _, i := range instants {
		if i.at > g.now {
			ahead = append(ahead, i)
		}
	}
	if len(ahead) == 0 {
		return ""
	}
	chosen := oneOf(g, ahead...)
	g.now = max(g.now, chosen.at-1+g.Int64N(3))
	return chosen.kind
}

// instants are those of a listing. The end is rarely among them, for little can happen after it.
func (g *generator) instants(l *listing) []instant {
	if g.oneIn(12) {
		return []instant{{l.ends, Bid}}
	}
	starts := instant{l.terms.Starts, Bid}
	if g.retractors {
		return append(g.forgotten(), starts)
	}
	instants := []instant{
		starts,
		{l.ends - l.terms.Soft.Window, Bid},
		{l.ends - 12*Hour, Retract},
		{l.ends - 12*Hour, CancelListing},
	}
	for _, b := range l.bids {
		instants = append(instants, instant{b.at + Hour, Retract})
	}
	return instants
}

// forgotten are the instants at which retractions of bidders who used up what they may cease to count.
func (g *generator) forgotten() []instant {
	var instants []instant
	for _, bidder := range g.bidders {
		if times := g.world.retractions[bidder]; len(times) >= 3 {
			instants = append(instants, instant{times[len(times)-3] + 30*Day, Retract})
		}
	}
	return instants
}
