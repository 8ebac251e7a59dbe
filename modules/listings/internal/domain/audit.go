package domain

import (
	"bytes"

	"github.com/google/uuid"
)

// Audit checks everything about a stored listing and its private log: that the entries follow from each other and lead
// to the listing's head, that members, amounts and texts are what the entries commit to, that each entry is what the
// rules make of those before it, and that together they give the stored state, byte for byte. Give it the events in
// the order in which they are stored, then End. Where members were erased, the first two are all that can be checked.
type Audit struct {
	stored   State
	chain    *Chain
	replayer *replayer
	erased   bool
}

// NewAudit returns an audit of the listing in that state. Heads that were saved earlier find what a rewriting of log
// and listing hides. A draft has no log: its audit has nothing to check.
func NewAudit(stored State, saved ...Head) *Audit {
	return &Audit{stored: stored, chain: NewChain(stored.ID, saved...), replayer: newReplayer(stored.Secret)}
}

// Next checks the next event. Errors: *Flaw.
func (a *Audit) Next(e Event) error {
	if err := a.chain.Next(e.Entry, e.Hash); err != nil {
		return err
	}
	if field := e.misopened(a.stored.Secret); field != "" {
		return &Flaw{
			Listing: e.Listing, Seq: e.Seq, Problem: ProblemOpening,
			Detail: "the " + field + " beside it is not the one that it commits to",
		}
	}
	if a.erased = a.erased || e.erased(); a.erased {
		return nil
	}
	return a.replayer.next(e)
}

// End checks that the log ends at the listing's head and gives the listing. Errors: *Flaw.
func (a *Audit) End() error {
	if err := a.chain.End(a.stored.Head); err != nil {
		return err
	}
	if a.erased || a.stored.Head.Seq == 0 {
		return nil
	}
	if field := stateDiffers(a.stored, a.replayer.listing.state); field != "" {
		return &Flaw{
			Listing: a.stored.ID, Seq: a.stored.Head.Seq, Problem: ProblemState,
			Detail: "the stored " + field + " is not the one that the log gives",
		}
	}
	return nil
}

// misopened names the first thing beside the entry that is not what the entry commits to; empty if all is well. Members
// and words may have been erased: what is not there contradicts nothing.
func (e Event) misopened(secret Secret) string {
	opened := e
	opened.seal(secret)
	sealed := e.Sealed
	isOf := func(member uuid.UUID, a Alias) bool { return member == uuid.Nil || secret.AliasOf(member) == a }
	says := func(text string, entry, given Hash) bool { return text == "" || entry == given }
	switch {
	case sealed.Command != uuid.Nil && opened.Command != e.Command:
		return "command id"
	case !isOf(sealed.Actor, e.Actor):
		return "actor"
	case !isOf(sealed.Bidder, e.Bidder):
		return "bidder"
	case !isOf(sealed.Leader, e.After.Leader):
		return "leader"
	case opened.Maximum != e.Maximum, e.Maximum.IsZero() && sealed.Maximum != 0:
		return "maximum"
	case !says(sealed.Text, e.Text, opened.Text):
		return "text"
	case e.Terms == nil && (sealed.Reserve != 0 || sealed.Title != "" || sealed.Description != "" || sealed.Seller != uuid.Nil):
		return "terms"
	case e.Terms == nil:
		return ""
	case !isOf(sealed.Seller, e.Terms.Seller):
		return "seller"
	case opened.Terms.Reserve != e.Terms.Reserve:
		return "reserve"
	case !says(sealed.Title, e.Terms.Title, opened.Terms.Title):
		return "title"
	case !says(sealed.Description, e.Terms.Description, opened.Terms.Description):
		return "description"
	default:
		return ""
	}
}

// stateDiffers names the first field in which two states differ; empty if they are the same, byte for byte.
func stateDiffers(a, b State) string {
	of := stateFields(b)
	for i, field := range stateFields(a) {
		if !bytes.Equal(field.bytes, of[i].bytes) {
			return field.name
		}
	}
	return ""
}
