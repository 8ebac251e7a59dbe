package oracle

import "sort"

// bid is one accepted bid; it is live until it is retracted or cancelled.
type bid struct {
	seq    int64
	bidder string
	max    int64
	at     int64
	live   bool
}

// quote is what the rules' price function gives: the price, the next minimum and who stands first and second.
type quote struct {
	price, next      int64
	leader, runnerUp string
	m1, m2           int64
	met              bool
	clipped          bool // the leader's maximum lies less than an increment above the runner-up's
}

// price is the rules' one pure function, step by step, over every bid there ever was. A reserve of 0 is none.
func price(start, reserve int64, rows []Row, bids []bid) quote {
	// 1. For each bidder the largest live maximum, ranked by the bid that set it.
	best := map[string]bid{}
	for _, b := range bids {
		if b.live && b.max > best[b.bidder].max {
			best[b.bidder] = b
		}
	}

	// 2. Ordered by maximum, the highest first, and by seq among equals.
	var order []bid
	for _, b := range best {
		order = append(order, b)
	}
	sort.Slice(order, func(i, j int) bool {
		if order[i].max != order[j].max {
			return order[i].max > order[j].max
		}
		return order[i].seq < order[j].seq
	})

	// 3. No live bid.
	if len(order) == 0 {
		return quote{price: start, next: start, met: reserve == 0}
	}

	// 4. The price: the start, the second price clipped at the first maximum, the reserve.
	q := quote{price: start, leader: order[0].bidder, m1: order[0].max, met: reserve == 0}
	if len(order) > 1 {
		q.runnerUp, q.m2 = order[1].bidder, order[1].max
		full := q.m2 + increment(rows, q.m2)
		q.price = max(q.price, min(q.m1, full))
		q.clipped = q.m2 < q.m1 && q.m1 < full
	}
	if reserve > 0 && q.m1 >= reserve {
		q.price = max(q.price, reserve)
		q.met = true
	}
	q.next = q.price + increment(rows, q.price)
	return q
}
