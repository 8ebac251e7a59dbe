package oracle

import "strings"

// publish puts a listing on show, now and then after an attempt that the rules refuse.
func (g *generator) publish(number int) {
	terms := g.terms()
	c := Command{At: g.now, Listing: number, Kind: Publish, Actor: Seller, Terms: terms}
	if g.oneIn(15) {
		broken := c
		g.spoil(&broken.Terms)
		if g.do(broken).Result == Done {
			return // what was spoilt lies just inside the limits
		}
	}
	g.do(c)
}

func (g *generator) terms() Terms {
	t := Terms{Title: "A lamp", Currency: pick(g, []choice[string]{{6, "USD"}, {2, "JPY"}, {2, "KWD"}})}
	t.Table = g.table()
	t.Start = g.startPrice()
	if g.oneIn(40) {
		t.Start = MaxAmount - g.Int64N(1000)
	}
	small := t.Start <= MaxAmount/20
	if small && g.oneIn(2) {
		above := 1 + g.Int64N(8*increment(t.Table.In(t.Currency), t.Start)+t.Start)
		t.Reserve = min(t.Start+above, MaxAmount)
	}
	if small && g.oneIn(3) {
		least := max((13*t.Start+9)/10, t.Reserve)
		t.BuyNow = min(least+oneOf(g, 0, 0, 1, g.Int64N(4*t.Start)), MaxAmount)
	}
	if g.oneIn(3) {
		t.Starts = g.now + oneOf(g, 0, 1, Second, Hour, g.Int64N(2*Day))
	}
	if g.retractors && len(g.world.listings) > 0 {
		t.Starts = g.now + 5*Day + g.Int64N(20*Day)
	}
	t.Ends = max(t.Starts, g.now) + g.duration()
	if !g.oneIn(3) {
		t.Soft = g.softClose()
	}
	return t
}

// startPrice is of any size, and often at the edge of a row of a table.
func (g *generator) startPrice() int64 {
	return pick(g, []choice[int64]{
		{1, 1},
		{2, oneOf[int64](g, 99, 100, 499, 500, 999, 1000, 24_99, 25_00, 99_99, 100_00, 1000_00)},
		{6, g.anyAmount(8)},
	})
}

// anyAmount has any number of digits up to the given one, all equally likely.
func (g *generator) anyAmount(digits int) int64 {
	below := int64(10)
	for range g.IntN(digits) {
		below *= 10
	}
	return 1 + g.Int64N(below-1)
}

func (g *generator) table() Table {
	switch g.IntN(6) {
	case 0:
		return Table{Preset: "ebay-uk"}
	case 1:
		return Table{Flat: 1 + g.Int64N(oneOf[int64](g, 3, 500, 500, 500, 500, MaxAmount))}
	case 2:
		return Table{Rows: g.rows()}
	default:
		return Table{Preset: "ebay-us-classic"}
	}
}

// rows are a site's own table, any that the rules allow.
func (g *generator) rows() []Row {
	rows := []Row{{1, 1 + g.Int64N(10)}}
	for range g.IntN(5) {
		last := rows[len(rows)-1]
		rows = append(rows, Row{last.From + 1 + g.Int64N(20*last.From), last.Increment + g.Int64N(50)})
	}
	return rows
}

func (g *generator) duration() int64 {
	if g.retractors {
		return 30 * Day
	}
	return oneOf(g, Hour, Hour+1, 2*Hour, 12*Hour, 12*Hour+g.Int64N(Hour), Day, 3*Day, 7*Day, 30*Day, Hour+g.Int64N(3*Day))
}

func (g *generator) softClose() SoftClose {
	extension := oneOf(g, 1, Second, 2*Minute, 10*Minute, Day, 1+g.Int64N(Day))
	return SoftClose{
		Window:    oneOf(g, 1, Minute, 10*Minute, Hour, Day, 1+g.Int64N(Day)),
		Extension: extension,
		Cap:       oneOf(g, extension, extension+1, 2*extension, min(7*Day, extension+g.Int64N(2*Hour)), 7*Day),
	}
}

// spoil puts one thing at or beyond its limit.
func (g *generator) spoil(t *Terms) {
	starts := max(t.Starts, g.now)
	switch g.IntN(9) {
	case 0:
		t.Title = oneOf(g, "", strings.Repeat("é", 120), strings.Repeat("é", 121))
	case 1:
		t.Reserve = max(1, t.Start-g.Int64N(2))
	case 2:
		t.BuyNow = min(max(1, (13*t.Start)/10-g.Int64N(2)), MaxAmount)
	case 3:
		t.Reserve = min(3*t.Start, MaxAmount)
		t.BuyNow = t.Reserve - g.Int64N(2)
	case 4:
		t.Starts = g.now - g.Int64N(2)
	case 5:
		t.Ends = starts + Hour - g.Int64N(2)
	case 6:
		t.Ends = starts + 30*Day + g.Int64N(2)
	case 7:
		t.Soft = oneOf(g,
			SoftClose{Day + 1, 1, 1},
			SoftClose{Day, Day + 1, 2 * Day},
			SoftClose{Day, Day, 7*Day + 1},
			SoftClose{1, 2, 1},
			SoftClose{1, 1, 0},
			SoftClose{0, 1, 1},
		)
	case 8:
		t.Ends = starts - g.Int64N(2)
	}
}
