package domain

import (
	"fmt"

	"github.com/google/uuid"
)

// Problem says what is wrong with a log.
type Problem string

// The problems.
const (
	ProblemMissing    Problem = "missing"    // an event is not there: removed, or the tail cut off
	ProblemUnexpected Problem = "unexpected" // an event that does not belong there: inserted, moved or another log's
	ProblemMalformed  Problem = "malformed"  // bytes that are no entry
	ProblemTime       Problem = "time"       // a stamp before that of the event before
	ProblemHash       Problem = "hash"       // the entry or its hash was edited, or what comes before it
	ProblemHead       Problem = "head"       // the log was rewritten: it does not lead to the head
	ProblemOpening    Problem = "opening"    // a member, amount or text is not what the entry commits to
	ProblemOutcome    Problem = "outcome"    // the entry is not what the rules make of the events before
	ProblemState      Problem = "state"      // the stored listing is not what its log gives
)

// Flaw is the error of a log that does not verify: the first bad event and what is wrong with it.
type Flaw struct {
	// Listing is whose log it is.
	Listing uuid.UUID
	// Seq is the position of the first bad event.
	Seq int64
	// Problem says what is wrong.
	Problem Problem
	// Detail says so in a sentence, without giving secrets away.
	Detail string
}

// Error names the listing, the event and what is wrong.
func (f *Flaw) Error() string {
	return fmt.Sprintf("log of listing %s, event %d: %s: %s", f.Listing, f.Seq, f.Problem, f.Detail)
}

// Chain checks that a log's entries follow from each other and lead to a head; it needs no secrets. Give it the events
// in the order in which they are stored, then End.
type Chain struct {
	listing uuid.UUID
	saved   []Head
	last    Head
}

// NewChain returns a check of the listing's log. Heads of this log that were saved earlier find what a rewriting of all
// hashes hides.
func NewChain(listing uuid.UUID, saved ...Head) *Chain { return &Chain{listing: listing, saved: saved} }

// Next checks the next entry and its hash. Errors: *Flaw.
func (c *Chain) Next(e Entry, hash Hash) error {
	want := c.last.Seq + 1
	switch {
	case e.Listing != c.listing:
		return c.flaw(want, ProblemUnexpected, "it belongs to the log of listing %s", e.Listing)
	case e.Seq > want:
		return c.flaw(want, ProblemMissing, "event %d stands in its place: it was removed or moved", e.Seq)
	case e.Seq < want:
		return c.flaw(e.Seq, ProblemUnexpected, "it stands where event %d belongs: it was inserted or moved", want)
	case e.At.Before(c.last.At):
		return c.flaw(want, ProblemTime, "its stamp lies before that of the event before")
	case chained(c.last.Hash, EncodeEntry(e)) != hash:
		return c.flaw(want, ProblemHash, "its hash is not that of its contents after the event before: one of them was edited")
	}
	for _, head := range c.saved {
		if head.Seq == want && head.Hash != hash {
			return c.flaw(want, ProblemHead, "its hash is not the one that was saved earlier: the log was rewritten here or before")
		}
	}
	c.last = Head{Seq: want, Hash: hash, At: e.At}
	return nil
}

// End checks that the log ends at the head. Errors: *Flaw.
func (c *Chain) End(head Head) error {
	if err := c.reaches(head, "the head says"); err != nil {
		return err
	}
	for _, saved := range c.saved {
		if err := c.reaches(saved, "a head saved earlier says"); err != nil {
			return err
		}
	}
	switch {
	case c.last.Seq > head.Seq:
		return c.flaw(head.Seq+1, ProblemUnexpected, "the head says that the log ends before it")
	case c.last.Hash != head.Hash:
		return c.flaw(head.Seq, ProblemHead, "its hash is not the head's: the log was rewritten here or before")
	}
	return nil
}

// reaches tells whether the log is long enough for a head.
func (c *Chain) reaches(head Head, who string) error {
	if c.last.Seq < head.Seq {
		return c.flaw(c.last.Seq+1, ProblemMissing, "the log ends here, though %s that it has %d events", who, head.Seq)
	}
	return nil
}

func (c *Chain) flaw(seq int64, problem Problem, format string, args ...any) error {
	return &Flaw{Listing: c.listing, Seq: seq, Problem: problem, Detail: fmt.Sprintf(format, args...)}
}
