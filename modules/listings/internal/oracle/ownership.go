package oracle

// publish puts a listing on show: it starts now or later and lasts 1 hour to 30 days.
func (w *World) publish(c Command) Answer {
	if c.Kind != Publish || c.Actor != Seller {
		return refused("listing_not_found") // another's draft
	}
	terms := c.Terms
	if terms.Starts == 0 {
		terms.Starts = c.At
	}
	if terms.Starts < c.At || !terms.valid() {
		return refused(Invalid)
	}
	l := &listing{terms: terms, ends: terms.Ends, publishedEnd: terms.Ends, excluded: map[string]bool{}}
	l.events, l.lastEvent = 1, c.At
	l.open(c.At)
	w.listings[c.Listing] = l
	w.markTerms(terms)
	return Answer{Result: Done}
}

// publishAgain is refused, as nothing is published twice.
func publishAgain(c Command) Answer {
	if c.Actor != Seller {
		return refused("not_owner")
	}
	return refused("already_published")
}

// edit changes the terms while no bid was ever accepted; once open, the start stays.
func (l *listing) edit(c Command, stamp int64) Answer {
	if code := l.mayEdit(c, stamp); code != "" {
		return refused(code)
	}
	if len(l.bids) > 0 {
		return refused("listing_has_bids")
	}
	terms, ends, publishedEnd := c.Terms, c.Terms.Ends, c.Terms.Ends
	if terms.Starts == l.terms.Starts && terms.Ends == l.terms.Ends {
		ends, publishedEnd = l.ends, l.publishedEnd // whatever unfreezing made of it
	}
	started := l.state(stamp) == Open
	switch {
	case started && terms.Starts != l.terms.Starts,
		!started && terms.Starts < stamp,
		ends <= stamp,
		!terms.valid():
		return refused(Invalid)
	}
	l.record(stamp)
	l.terms = terms
	l.ends, l.publishedEnd = ends, publishedEnd
	return Answer{Result: Done}
}

// append adds to the description, which is all that may change once there are bids.
func (l *listing) append(c Command, stamp int64) Answer {
	if code := l.mayEdit(c, stamp); code != "" {
		return refused(code)
	}
	l.record(stamp)
	return Answer{Result: Done}
}

func (l *listing) mayEdit(c Command, stamp int64) string {
	state := l.state(stamp)
	switch {
	case c.Actor != Seller:
		return "not_owner"
	case l.frozen:
		return "listing_frozen"
	case state != Scheduled && state != Open:
		return "listing_not_open"
	}
	return ""
}

// cancel calls the whole listing off.
func (l *listing) cancel(c Command, stamp int64) Answer {
	state := l.state(stamp)
	switch {
	case c.Actor != Seller && c.Actor != Moderator:
		return refused("not_owner")
	case state != Scheduled && state != Open:
		return refused("listing_not_open")
	case c.Actor == Moderator, state == Scheduled, l.ends-stamp >= 12*Hour, len(l.bids) == 0:
		l.record(stamp)
		l.cancelled, l.frozen = true, false
		l.outcome = &Outcome{State: Cancelled}
		return Answer{Result: Cancelled}
	default:
		return refused("too_late_to_cancel")
	}
}

// freeze stops everything but its own end and the cancellation of the listing.
func (l *listing) freeze(c Command, stamp int64) Answer {
	state := l.state(stamp)
	switch {
	case c.Actor != Moderator:
		return refused("not_moderator")
	case l.frozen:
		return refused("listing_frozen")
	case state != Scheduled && state != Open:
		return refused("listing_not_open")
	}
	l.record(stamp)
	l.frozen = true
	return Answer{Result: Done}
}

// unfreeze lets the listing go on, for a day at least.
func (l *listing) unfreeze(c Command, stamp int64) Answer {
	switch {
	case c.Actor != Moderator:
		return refused("not_moderator")
	case !l.frozen:
		return refused("listing_not_frozen")
	}
	l.record(stamp)
	l.frozen = false
	if moved := stamp + Day; moved > l.ends {
		l.ends, l.publishedEnd = moved, moved
	}
	return Answer{Result: Done}
}
