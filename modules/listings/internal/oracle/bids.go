package oracle

// bid judges and places a bid; the first check that fails answers.
func (w *World) bid(l *listing, c Command, stamp int64) Answer {
	if code := l.mayBid(c, stamp); code != "" {
		return refused(code)
	}
	if c.Currency != l.terms.Currency {
		return refused("currency_mismatch")
	}
	amount, code := parse(c.Amount, c.Currency)
	if code != "" {
		return refused(code)
	}
	before := l.quote()
	if c.Actor == before.leader && amount <= before.m1 {
		return refused("not_above_own_maximum")
	}
	if c.Actor != before.leader && amount < before.next {
		return Answer{Result: "bid_too_low", NextMinimum: before.next}
	}

	l.record(stamp)
	l.bids = append(l.bids, bid{seq: l.events, bidder: c.Actor, max: amount, at: stamp, live: true})
	after := l.quote()
	l.extend(before, after, stamp)
	w.markBid(before, after, c.Actor, amount)
	return Answer{
		Result:      standing(after, c.Actor),
		NextMinimum: after.next,
		Price:       after.price,
		OwnMaximum:  amount,
		ReserveMet:  after.met,
		Ends:        l.ends,
		Seq:         l.events,
		Why:         why(after, c.Actor, amount),
	}
}

// mayBid are the checks that a bid and Buy It Now begin with.
func (l *listing) mayBid(c Command, stamp int64) string {
	switch {
	case l.frozen:
		return "listing_frozen"
	case l.state(stamp) != Open:
		return "listing_not_open"
	case c.Ineligible, l.excluded[c.Actor]:
		return "bidder_not_eligible"
	case c.Actor == Seller:
		return "seller_cannot_bid"
	}
	return ""
}

func standing(q quote, bidder string) string {
	if q.leader == bidder {
		return Leading
	}
	return Outbid
}

func why(q quote, bidder string, amount int64) string {
	switch {
	case q.leader != bidder && q.m1 == amount:
		return "earlier_equal_maximum"
	case q.leader != bidder:
		return "higher_maximum"
	case !q.met:
		return "reserve_not_met"
	}
	return ""
}

// extend moves the end after an accepted bid that changed price or leader within the window.
func (l *listing) extend(before, after quote, stamp int64) {
	soft := l.terms.Soft
	if soft.Window == 0 || l.ends-stamp > soft.Window {
		return
	}
	if before.price == after.price && before.leader == after.leader {
		return
	}
	moved := min(max(l.ends, stamp+soft.Extension), l.publishedEnd+soft.Cap)
	if moved > l.ends {
		l.ends = moved
	}
}

// buyNow ends the listing at the stamp in favour of the buyer.
func (l *listing) buyNow(c Command, stamp int64) Answer {
	if code := l.mayBid(c, stamp); code != "" {
		return refused(code)
	}
	if !l.buyable() {
		return refused("buy_now_unavailable")
	}
	l.record(stamp)
	l.ends = stamp
	l.outcome = &Outcome{State: Sold, Winner: c.Actor, Price: l.terms.BuyNow}
	return Answer{Result: Bought}
}

func (l *listing) buyable() bool {
	if l.terms.BuyNow == 0 {
		return false
	}
	q := l.quote()
	return q.leader == "" || !q.met
}
