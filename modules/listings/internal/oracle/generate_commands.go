package oracle

import "strings"

// command chooses what to do next on a listing, often what is apt.
func (g *generator) command(l *listing, apt Kind) Command {
	kind := g.kind()
	switch {
	case l.frozen && g.oneIn(3):
		kind = Unfreeze
	case apt != "" && g.oneIn(2):
		kind = apt
	}
	return g.ask(l, kind)
}

// kind chooses among the commands: mostly bids.
func (g *generator) kind() Kind {
	bids, retractions := 60, 7
	if g.retractors {
		bids, retractions = 40, 40
	}
	return pick(g, []choice[Kind]{
		{bids, Bid},
		{retractions, Retract},
		{2, BuyNow},
		{3, CancelBids},
		{1, CancelListing},
		{2, Freeze},
		{1, Unfreeze},
		{2, Edit},
		{1, Append},
		{3, Tick},
		{1, Publish},
	})
}

// ask fills in who asks for a command and what with.
func (g *generator) ask(l *listing, kind Kind) Command {
	c := Command{Kind: kind, Actor: g.bidder()}
	switch kind {
	case Bid:
		return g.bid(l)
	case Retract:
		c.Actor = g.standingBidder(l)
	case BuyNow:
		c.Actor = pick(g, []choice[string]{{8, g.bidder()}, {1, Seller}})
		c.Ineligible = g.oneIn(10)
	case CancelBids:
		c.Target, c.Actor = g.standingBidder(l), g.authority()
	case CancelListing:
		c.Actor = g.authority()
	case Freeze, Unfreeze:
		c.Actor = pick(g, []choice[string]{{14, Moderator}, {1, Seller}, {1, c.Actor}})
	case Edit:
		c.Actor = g.owner()
		c.Terms = g.edited(l)
	case Append, Publish:
		c.Actor = g.owner()
		c.Terms = l.terms
	case Tick: // nobody asks
	}
	return c
}

func (g *generator) bidder() string { return oneOf(g, g.bidders...) }

// standingBidder is mostly one with a live bid.
func (g *generator) standingBidder(l *listing) string {
	bidders := []string{g.bidder()}
	for _, b := range l.bids {
		if b.live {
			bidders = append(bidders, b.bidder)
		}
	}
	return oneOf(g, bidders...)
}

func (g *generator) authority() string {
	return pick(g, []choice[string]{{5, Seller}, {5, Moderator}, {1, g.bidder()}})
}

func (g *generator) owner() string {
	return pick(g, []choice[string]{{12, Seller}, {1, g.bidder()}})
}

// edited are other terms for a listing, of which currency and table stay.
func (g *generator) edited(l *listing) Terms {
	t := g.terms()
	t.Currency, t.Table = l.terms.Currency, l.terms.Table
	if l.state(max(g.now, l.lastEvent)) == Open || g.oneIn(2) {
		t.Starts = l.terms.Starts
	}
	if t.Starts == 0 {
		t.Starts = g.now + Second
	}
	t.Ends = t.Starts + g.duration()
	if t.Starts == l.terms.Starts && g.oneIn(3) {
		t.Ends = l.terms.Ends
	}
	if g.oneIn(6) {
		g.spoil(&t)
	}
	return t
}

// bid chooses who bids and how much.
func (g *generator) bid(l *listing) Command {
	q := l.quote()
	c := Command{Kind: Bid, Actor: g.bidder(), Currency: l.terms.Currency}
	if g.oneIn(40) {
		c.Actor = Seller
	}
	c.Ineligible = g.oneIn(60)
	if g.oneIn(40) {
		c.Currency = oneOf(g, "USD", "JPY", "KWD", "EUR")
	}
	c.Amount = g.spelling(Format(g.amount(l, q, c.Actor), l.terms.Currency))
	if g.oneIn(25) {
		c.Amount = g.misspelling(c.Amount)
	}
	return c
}

// amount chooses a number near one at which a rule changes its answer.
func (g *generator) amount(l *listing, q quote, bidder string) int64 {
	rows := l.terms.Table.In(l.terms.Currency)
	step := increment(rows, q.price)
	near := func(x int64) int64 { return x - 1 + g.Int64N(3) }
	choices := []choice[int64]{
		{4, near(q.next)},
		{4, q.next},
		{6, q.next + g.Int64N(10*step)},
		{2, q.price + g.Int64N(q.price+1)},
		{1, near(l.terms.Start)},
		{1, g.anyAmount(15)},
	}
	if l.terms.Reserve > 0 {
		choices = append(choices, choice[int64]{5, near(l.terms.Reserve)}, choice[int64]{1, l.terms.Reserve + step})
	}
	if l.terms.BuyNow > 0 {
		choices = append(choices, choice[int64]{1, near(l.terms.BuyNow)})
	}
	if q.leader == bidder {
		choices = append(choices, choice[int64]{10, near(q.m1)}, choice[int64]{12, q.m1 + 1 + g.Int64N(5*step)})
	} else if q.leader != "" {
		choices = append(choices,
			choice[int64]{8, q.m1},
			choice[int64]{4, near(q.m1)},
			choice[int64]{6, q.m1 + g.Int64N(increment(rows, q.m1))},
			choice[int64]{3, near(q.m1 + increment(rows, q.m1))},
		)
	}
	return max(1, min(pick(g, choices), MaxAmount))
}

// spelling writes the same amount in another way now and then: zeros before it, none at its end.
func (g *generator) spelling(amount string) string {
	switch {
	case g.oneIn(30):
		return "00" + amount
	case strings.HasSuffix(amount, ".00") && g.oneIn(3):
		return strings.TrimSuffix(amount, ".00")
	case strings.Contains(amount, ".") && strings.HasSuffix(amount, "0") && g.oneIn(10):
		return strings.TrimSuffix(amount, "0")
	}
	return amount
}

// misspelling is text that is no amount, or none that may be bid.
func (g *generator) misspelling(amount string) string {
	return oneOf(g,
		"", " ", "abc", "1e3", "0x10", "1,000", "NaN", "1.2.3", "1_000", "٣", " "+amount, amount+" ", "+"+amount,
		"0", "0.0001", "0000.00", amount+"0000", amount+"."+amount,
		"1000000000000000", "1000000000000001", "10000000000000", "10000000000000.01", "1000000000000.001",
		"99999999999999999999999999",
	)
}
