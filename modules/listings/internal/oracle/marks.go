package oracle

// Mark names something that happened in a history.
type Mark string

// The marks that enough histories must bear; besides these every result of a command is a mark.
const (
	Tie            Mark = "tie"             // a bid equal to the leader's maximum was accepted
	Clip           Mark = "clip"            // after a bid the leader's maximum was less than an increment above the second
	ReserveCrossed Mark = "reserve crossed" // by whomever
	ByRival        Mark = "reserve crossed by a rival"
	ByOwnRaise     Mark = "reserve crossed by an own raise"
	OwnRaise       Mark = "own raise"
	NeutralRaise   Mark = "own raise, price unmoved"
	Extension      Mark = "extension"
	Retraction     Mark = "retraction"
)

func markOf(result string) Mark {
	if result == Retracted {
		return Retraction
	}
	return Mark("result " + result)
}

func (w *World) mark(m Mark) { w.marks[m] = true }

// Marks are what happened so far.
func (w *World) Marks() map[Mark]bool { return w.marks }

// markBid notes what an accepted bid did.
func (w *World) markBid(before, after quote, bidder string, amount int64, extended bool) {
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
	if extended {
		w.mark(Extension)
	}
}
