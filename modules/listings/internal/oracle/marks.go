package oracle

// Mark names something that happened in a history.
type Mark string

// The marks of what happened to prices and times. Besides these there is one for every kind of command that was
// accepted ([Accepted]), for every code of a refusal ([Refused]), and for every boundary in time that was tried.
const (
	Tie            Mark = "tie"             // a bid equal to the leader's maximum was accepted
	Clip           Mark = "clip"            // after a bid the leader's maximum was less than an increment above the second
	ReserveCrossed Mark = "reserve crossed" // by whomever
	ByRival        Mark = "reserve crossed by a rival"
	ByOwnRaise     Mark = "reserve crossed by an own raise"
	OwnRaise       Mark = "own raise"
	NeutralRaise   Mark = "own raise, price unmoved"
	Extension      Mark = "extension"
	CutByCap       Mark = "extension cut by the cap"
	Thaw           Mark = "end moved by unfreezing"
	FrozenPastEnd  Mark = "frozen past the end"
	Retraction     Mark = "retraction"
	RetractedAll   Mark = "retraction of several bids"
	LeaderLost     Mark = "leader changed without a bid"
	ClockSetBack   Mark = "clock set back"
)

// Accepted is the mark of a command of that kind that was accepted.
func Accepted(kind Kind) Mark { return Mark("accepted " + kind) }

// Refused is the mark of a command that was refused with that code.
func Refused(code string) Mark { return Mark("refused " + code) }

// markTerms notes what kind of listing was published.
func (w *World) markTerms(t Terms) {
	w.mark(Mark("currency " + t.Currency))
	switch {
	case t.Table.Preset != "":
		w.mark(Mark("table " + t.Table.Preset))
	case t.Table.Flat > 0:
		w.mark("table flat")
	default:
		w.mark("table of the site")
	}
}

// markAnswer notes what a command was answered with.
func (w *World) markAnswer(c Command, answer Answer) {
	switch answer.Result {
	case Leading, Outbid, Bought, Retracted, Cancelled, Done:
		w.mark(Accepted(c.Kind))
	default:
		w.mark(Refused(answer.Result))
	}
}

func (w *World) mark(m Mark) { w.marks[m] = true }

// Marks are what happened so far.
func (w *World) Marks() map[Mark]bool { return w.marks }

// markBid notes what an accepted bid did.
func (w *World) markBid(before, after quote, bidder string, amount int64) {
	own := bidder == before.leader
	if before.leader != "" && !own && amount == before.m1 {
		w.mark(Tie)
	}
	if after.clipped {
		w.mark(Clip)
	}
	if own {
		w.mark(OwnRaise)
		if before.price == after.price {
			w.mark(NeutralRaise)
		}
	}
	if !before.met && after.met {
		w.mark(ReserveCrossed)
		if own {
			w.mark(ByOwnRaise)
		} else {
			w.mark(ByRival)
		}
	}
}

// markCourse notes what a command, of whatever kind, did to the listing's course.
func (w *World) markCourse(l *listing, c Command, stamp, ends int64, leader string) {
	moved := l.outcome == nil && l.ends != ends
	switch {
	case c.At < stamp:
		w.mark(ClockSetBack)
	case l.frozen && stamp >= ends:
		w.mark(FrozenPastEnd)
	case moved && c.Kind == Bid:
		w.mark(Extension)
		if l.ends == l.publishedEnd+l.terms.Soft.Cap && l.ends < stamp+l.terms.Soft.Extension {
			w.mark(CutByCap)
		}
	case moved && c.Kind == Unfreeze:
		w.mark(Thaw)
	case c.Kind != Bid && l.quote().leader != leader:
		w.mark(LeaderLost)
	}
}
