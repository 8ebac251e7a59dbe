package oracle

import "fmt"

// markTimes notes when a command comes right at an instant at which its answer changes, or a microsecond beside it.
func (w *World) markTimes(l *listing, c Command, stamp int64) {
	left := l.ends - stamp
	switch c.Kind {
	case Bid:
		w.near("bid", "the start", stamp-l.terms.Starts)
		w.near("bid", "the end", -left)
		if l.terms.Soft.Window > 0 {
			w.near("bid", "the soft close's window", l.terms.Soft.Window-left)
		}
	case CancelListing:
		w.near("cancellation", "12 hours before the end", 12*Hour-left)
	case Retract:
		w.near("retraction", "12 hours before the end", 12*Hour-left)
		for _, b := range l.bids {
			if b.live && b.bidder == c.Actor && left < 12*Hour {
				w.near("late retraction", "an hour after a bid", stamp-b.at-Hour)
			}
		}
		for _, at := range w.retractions[c.Actor] {
			w.near("retraction", "30 days after another", stamp-at-30*Day)
		}
	default: // no other command has a boundary of its own
	}
}

// near marks what is at most a microsecond away from a boundary.
func (w *World) near(what, boundary string, beyond int64) {
	switch beyond {
	case -1, 0, 1:
		w.mark(Mark(fmt.Sprintf("%s at %s %+d µs", what, boundary, beyond)))
	}
}
