package replay

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Histories is a file of worked examples of the rules.
type Histories struct {
	// File is its name.
	File string
	// Table names the increment table, Currency the currency of all of them.
	Table, Currency string
	// Vectors are the histories.
	Vectors []Vector
}

// Vector is one history: what was done to one listing, and what must come of it. Times are since the start.
type Vector struct {
	// Name is what the file calls it.
	Name string
	// Start, Reserve and BuyNow are amounts; empty is none.
	Start, Reserve, BuyNow string
	// Ends is the end.
	Ends time.Duration
	// SoftClose says how late bids move the end; zero is off.
	SoftClose domain.SoftClose
	// Steps are the commands, in their order.
	Steps []Step
	// Outcome is how it must end.
	Outcome Outcome
}

// Step is one command and what must come of it.
type Step struct {
	// At is when.
	At time.Duration
	// Do is what: bid, retract, buy_now, cancel_bids or cancel_listing.
	Do string
	// Bidder is who bids, retracts or buys, or whose bids the seller cancels; empty for cancel_listing.
	Bidder string
	// Max is the maximum of a bid.
	Max string
	// Result is the answer, or the code of the refusal.
	Result string
	// View is how the listing must look then; nil if it must not be open any more.
	View *View
}

// View is how an open listing looks.
type View struct {
	Price           string
	Leader          *string // nil for nobody
	NextMinimum     string
	ReserveMet      bool
	BuyNowAvailable bool
	Ends            time.Duration
}

// Outcome is how a listing ended.
type Outcome struct {
	State  string
	Winner *string // nil unless sold
	Price  *string // nil unless sold
}

// maxHistories is the largest file of histories that is read, in bytes.
const maxHistories = 64 << 20

// ReadHistories reads a file of histories. What it does not know it refuses. Errors: *JSONError, a file that is empty or
// too large, or what r reports.
func ReadHistories(r io.Reader, file string) (*Histories, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxHistories+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", file, err)
	case len(text) > maxHistories:
		return nil, fmt.Errorf("%s has more than %d MiB, which no file of histories needs", file, maxHistories>>20)
	case len(bytes.TrimSpace(text)) == 0:
		return nil, fmt.Errorf("%s is empty: it must hold histories in JSON, as {\"ruleset\", \"table\", \"currency\", \"vectors\"}", file)
	}
	d, root, err := parse(file, text)
	if err != nil {
		return nil, err
	}
	h := histories(d, root, &err)
	if err != nil {
		return nil, err
	}
	h.File = file
	return h, nil
}

func histories(d *document, root *node, err *error) *Histories {
	f := fieldsOf(d, root, "the document", err)
	if ruleset := f.text("ruleset"); ruleset != domain.Ruleset {
		f.fail(root.offset, "the ruleset must be %q and is %q", domain.Ruleset, ruleset)
	}
	h := &Histories{Table: f.text("table"), Currency: f.text("currency")}
	for i, n := range f.list("vectors") {
		h.Vectors = append(h.Vectors, vector(fieldsOf(d, n, fmt.Sprintf("vector %d", i+1), err)))
	}
	f.done()
	if len(h.Vectors) == 0 {
		f.fail(root.offset, "there are no vectors")
	}
	return h
}

func vector(f *fields) Vector {
	v := Vector{Name: f.text("name"), Start: f.text("start")}
	if f.has("reserve") {
		v.Reserve = f.text("reserve")
	}
	if f.has("buy_now") {
		v.BuyNow = f.text("buy_now")
	}
	v.Ends = f.seconds("ends")
	if f.has("soft_close") {
		soft := f.object("soft_close", f.what+": the soft close")
		v.SoftClose = domain.SoftClose{
			Window: soft.seconds("window"), Extension: soft.seconds("extension"), Cap: soft.seconds("cap"),
		}
		soft.done()
	}
	for i, n := range f.list("steps") {
		step := step(fieldsOf(f.document, n, fmt.Sprintf("%s: step %d", f.what, i+1), f.err))
		if i > 0 && step.At < v.Steps[i-1].At {
			f.fail(n.offset, "%s: step %d is before the step before it", f.what, i+1)
		}
		v.Steps = append(v.Steps, step)
	}
	outcome := f.object("outcome", f.what+": the outcome")
	v.Outcome = Outcome{
		State: outcome.text("state"), Winner: outcome.textOrNull("winner"), Price: outcome.textOrNull("price"),
	}
	outcome.done()
	f.done()
	return v
}

func step(f *fields) Step {
	s := Step{At: f.seconds("at"), Do: f.text("do")}
	switch s.Do {
	case doBid:
		s.Bidder, s.Max = f.text("bidder"), f.text("max")
	case doRetract, doBuyNow, doCancelBids:
		s.Bidder = f.text("bidder")
	case doCancelListing:
	default:
		f.fail(f.offset, "%s: %q is nothing that can be done: %s, %s, %s, %s or %s",
			f.what, s.Do, doBid, doRetract, doBuyNow, doCancelBids, doCancelListing)
	}
	s.Result = f.text("result")
	if f.has("price") || f.has("leader") || f.has("next_minimum") || f.has("reserve_met") || f.has("buy_now_available") || f.has("ends") {
		s.View = &View{
			Price:           f.text("price"),
			Leader:          f.textOrNull("leader"),
			NextMinimum:     f.text("next_minimum"),
			ReserveMet:      f.flag("reserve_met"),
			BuyNowAvailable: f.flag("buy_now_available"),
			Ends:            f.seconds("ends"),
		}
	}
	f.done()
	return s
}

// What can be done in a step.
const (
	doBid           = "bid"
	doRetract       = "retract"
	doBuyNow        = "buy_now"
	doCancelBids    = "cancel_bids"
	doCancelListing = "cancel_listing"
)
