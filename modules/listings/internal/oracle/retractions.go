package oracle

// retract takes back all live bids of the actor, or late only his newest.
func (w *World) retract(l *listing, c Command, stamp int64) Answer {
	switch {
	case l.frozen:
		return refused("listing_frozen")
	case l.state(stamp) != Open:
		return refused("listing_not_open")
	}

	var live []*bid
	for i := range l.bids {
		if l.bids[i].live && l.bids[i].bidder == c.Actor {
			live = append(live, &l.bids[i])
		}
	}
	if len(live) == 0 {
		return refused("nothing_to_retract")
	}
	if l.ends-stamp < 12*Hour {
		newest := live[len(live)-1]
		if stamp-newest.at > Hour {
			return refused("too_late_to_retract")
		}
		live = []*bid{newest}
	}
	if w.recentRetractions(c.Actor, stamp) >= 3 {
		return refused("too_many_retractions")
	}

	l.record(stamp)
	w.retractions[c.Actor] = append(w.retractions[c.Actor], stamp)
	for _, b := range live {
		b.live = false
	}
	w.mark(Retraction)
	if len(live) > 1 {
		w.mark(RetractedAll)
	}
	return Answer{Result: Retracted}
}

// recentRetractions counts a member's retractions, on whatever listing, less than 30 days before an instant.
func (w *World) recentRetractions(member string, at int64) int {
	count := 0
	for _, retracted := range w.retractions[member] {
		if at-retracted < 30*Day {
			count++
		}
	}
	return count
}

// cancelBids takes all live bids of a bidder out and excludes him.
func (l *listing) cancelBids(c Command, stamp int64) Answer {
	switch {
	case c.Actor != Seller && c.Actor != Moderator:
		return refused("not_owner")
	case l.frozen:
		return refused("listing_frozen")
	case l.state(stamp) != Open:
		return refused("listing_not_open")
	}
	found := false
	for i := range l.bids {
		if l.bids[i].live && l.bids[i].bidder == c.Target {
			l.bids[i].live = false
			found = true
		}
	}
	if !found {
		return refused("nothing_to_cancel")
	}
	l.record(stamp)
	l.excluded[c.Target] = true
	return Answer{Result: Cancelled}
}
