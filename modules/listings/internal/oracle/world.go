package oracle

// World is a set of listings and their bidders, kept by the rules.
type World struct {
	listings    map[int]*listing
	retractions map[string][]int64 // when each member retracted, on whatever listing
	marks       map[Mark]bool
}

// NewWorld gives a world in which nothing has happened yet.
func NewWorld() *World {
	return &World{
		listings:    map[int]*listing{},
		retractions: map[string][]int64{},
		marks:       map[Mark]bool{},
	}
}

// listing is everything that ever happened to a listing.
type listing struct {
	terms        Terms
	bids         []bid
	excluded     map[string]bool
	ends         int64
	publishedEnd int64 // what the soft close's cap counts from
	frozen       bool
	cancelled    bool
	opened       bool
	outcome      *Outcome
	events       int64 // in the log
	lastEvent    int64 // when
}

// Do carries out a command, or refuses it and changes nothing.
func (w *World) Do(c Command) Answer {
	if c.Kind == Tick {
		return w.tick(c)
	}
	l := w.listings[c.Listing]
	if l == nil {
		answer := w.publish(c)
		w.markAnswer(c, answer)
		return answer
	}
	stamp := max(c.At, l.lastEvent)
	w.markTimes(l, c, stamp)
	ends, leader := l.ends, l.quote().leader
	answer := w.on(l, c, stamp)
	w.markAnswer(c, answer)
	w.markCourse(l, c, stamp, ends, leader)
	return answer
}

// on carries a command out on a listing that was published.
func (w *World) on(l *listing, c Command, stamp int64) Answer {
	switch c.Kind {
	case Bid:
		return w.bid(l, c, stamp)
	case BuyNow:
		return l.buyNow(c, stamp)
	case Retract:
		return w.retract(l, c, stamp)
	case CancelBids:
		return l.cancelBids(c, stamp)
	case CancelListing:
		return l.cancel(c, stamp)
	case Freeze:
		return l.freeze(c, stamp)
	case Unfreeze:
		return l.unfreeze(c, stamp)
	case Edit:
		return l.edit(c, stamp)
	case Append:
		return l.append(c, stamp)
	default:
		return publishAgain(c)
	}
}

// View gives what can be seen of a listing at an instant.
func (w *World) View(number int, at int64) View {
	l := w.listings[number]
	if l == nil {
		return View{State: Draft}
	}
	at = max(at, l.lastEvent)
	view := View{State: l.state(at), Frozen: l.frozen, Events: l.events, LastEvent: l.lastEvent}
	if l.outcome != nil {
		view.Outcome = *l.outcome
	}
	if view.State != Scheduled && view.State != Open {
		return view
	}
	q := l.quote()
	view.Price, view.NextMinimum, view.Leader, view.ReserveMet = q.price, q.next, q.leader, q.met
	view.Ends = l.ends
	view.BuyNowAvailable = view.State == Open && !l.frozen && l.buyable()
	return view
}

// quote is the price and the leader as they are now.
func (l *listing) quote() quote {
	return price(l.terms.Start, l.terms.Reserve, l.terms.Table.In(l.terms.Currency), l.bids)
}

// state is decided by the stamp, never by whether a job has run; the end passing does not end what is frozen.
func (l *listing) state(stamp int64) string {
	switch {
	case l.cancelled:
		return Cancelled
	case l.outcome != nil:
		return Ended
	case stamp < l.terms.Starts:
		return Scheduled
	case l.frozen, stamp < l.ends:
		return Open
	default:
		return Ended
	}
}

// record appends an event to the log, and before it the opening if that is due.
func (l *listing) record(stamp int64) {
	l.open(stamp)
	l.events++
	l.lastEvent = stamp
}

func (l *listing) open(stamp int64) {
	if l.opened || stamp < l.terms.Starts {
		return
	}
	l.opened = true
	l.events++
	l.lastEvent = l.terms.Starts
}

// tick is the job's round: it opens what is due and closes what is over.
func (w *World) tick(c Command) Answer {
	for _, l := range w.listings {
		l.tick(max(c.At, l.lastEvent))
	}
	answer := Answer{Result: Done}
	w.markAnswer(c, answer)
	return answer
}

func (l *listing) tick(stamp int64) {
	if l.frozen || l.cancelled || l.outcome != nil {
		return
	}
	l.open(stamp)
	if stamp >= l.ends {
		l.record(l.ends)
		l.outcome = l.closing()
	}
}

// closing is how the listing ends by what was bid.
func (l *listing) closing() *Outcome {
	q := l.quote()
	switch {
	case q.leader == "":
		return &Outcome{State: UnsoldNoBids}
	case !q.met:
		return &Outcome{State: UnsoldReserve}
	default:
		return &Outcome{State: Sold, Winner: q.leader, Price: q.price}
	}
}

func refused(code string) Answer { return Answer{Result: code} }
