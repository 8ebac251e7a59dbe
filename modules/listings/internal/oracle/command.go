package oracle

import (
	"fmt"
	"strings"
)

// Kind is what a command asks for.
type Kind string

// The commands of a history. Tick is the opening and closing job looking at all listings.
const (
	Publish       Kind = "publish"
	Edit          Kind = "edit"
	Append        Kind = "append"
	Bid           Kind = "bid"
	BuyNow        Kind = "buy_now"
	Retract       Kind = "retract"
	CancelBids    Kind = "cancel_bids"
	CancelListing Kind = "cancel_listing"
	Freeze        Kind = "freeze"
	Unfreeze      Kind = "unfreeze"
	Tick          Kind = "tick"
)

// Members with a part of their own; every other name is a bidder's.
const (
	Seller    = "seller"
	Moderator = "moderator"
)

// Command is one step of a history.
type Command struct {
	At      int64 // what the clock shows, which may be less than it showed before
	Listing int   // which listing of the history, from 0
	Kind    Kind
	Actor   string // who asks

	Amount     string // Bid: decimal text as sent
	Currency   string // Bid: as sent
	Ineligible bool   // Bid, BuyNow: the actor is suspended, unverified or blocked
	Target     string // CancelBids: whose
	Terms      Terms  // Publish, Edit
}

// String describes the command for a person.
func (c Command) String() string {
	text := fmt.Sprintf("listing %d: %s by %s", c.Listing, c.Kind, c.Actor)
	switch c.Kind {
	case Bid:
		text += fmt.Sprintf(" of %q %s", c.Amount, c.Currency)
	case CancelBids:
		text += " of " + c.Target
	case Publish, Edit:
		text += fmt.Sprintf(" %+v", c.Terms)
	default: // who asks for what says it all
	}
	if c.Ineligible {
		text += " (not eligible)"
	}
	return text
}

// History is a sequence of commands on one or several listings. Seed and Index name it for [Generate].
type History struct {
	Seed, Index uint64
	Commands    []Command
}

// String describes the history for a person, a line for each command, the time counted from the first.
func (h History) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "history %d of seed %d, %d commands", h.Index, h.Seed, len(h.Commands))
	for i, c := range h.Commands {
		fmt.Fprintf(&text, "\n%3d  %17.6fs  %s", i, float64(c.At-h.Commands[0].At)/float64(Second), c)
	}
	return text.String()
}

// Results of accepted commands; every other result of an [Answer] is the code of a refusal.
const (
	Leading   = "leading"
	Outbid    = "outbid"
	Bought    = "bought"
	Retracted = "retracted"
	Cancelled = "cancelled"
	Done      = "done"
)

// Invalid stands for every refusal invalid_<field>: which of several broken fields is named first is not a rule.
const Invalid = "invalid"

// Answer is what a command is answered with: its result, and for bids what explains it.
type Answer struct {
	Result      string
	NextMinimum int64 // accepted bids, and bid_too_low

	// Of accepted bids alone.
	Price      int64
	OwnMaximum int64
	ReserveMet bool
	Ends       int64
	Seq        int64  // of the bid in the listing's log
	Why        string // higher_maximum, earlier_equal_maximum, reserve_not_met, or nothing to explain
}
