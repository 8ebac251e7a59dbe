package domain

import (
	"errors"
	"slices"
)

// ErrStaleBids says that the live bids do not belong to the listing as it was loaded: somebody changed it in between, and
// the price must not be computed anew from some of the bids. The unit of work has to run again.
var ErrStaleBids = errors.New("the live bids given do not lead to the listing's standing")

// LiveBids returns the bids that a log's events leave live, in the order of their seq.
func LiveBids(events []Event) []LiveBid {
	var live []LiveBid
	for _, e := range events {
		live = e.follow(live)
	}
	return live
}

// follow returns the live bids after e, given those before it.
func (e Event) follow(live []LiveBid) []LiveBid {
	switch e.Kind {
	case KindBidPlaced:
		return append(live, e.liveBid())
	case KindBidsRetracted, KindBidsCancelled:
		return without(live, e.Withdrawn)
	default:
		return live
	}
}

func (e Event) liveBid() LiveBid {
	return LiveBid{Bid: Bid{Seq: e.Seq, Bidder: e.Sealed.Bidder, Max: e.Sealed.Maximum}, At: e.At}
}

// checkLive refuses live bids that cannot be all of the listing's. The best two bids are compared by seq: there is one
// bid of a seq.
func (l *Listing) checkLive(live []LiveBid) error {
	all, kept := Price(l.state.priceRules(), live), l.state.Standing
	if all.Leader.Seq != kept.Leader.Seq || all.RunnerUp.Seq != kept.RunnerUp.Seq || all.Price != kept.Price {
		return ErrStaleBids
	}
	return nil
}

// without returns the bids but those with the given seqs, which rise.
func without(live []LiveBid, withdrawn []int64) []LiveBid {
	rest := make([]LiveBid, 0, len(live))
	for _, b := range live {
		if _, found := slices.BinarySearch(withdrawn, b.Seq); !found {
			rest = append(rest, b)
		}
	}
	return rest
}

func seqs(bids []LiveBid) []int64 {
	all := make([]int64, len(bids))
	for i, b := range bids {
		all[i] = b.Seq
	}
	return all
}
