package domain

import (
	"bytes"

	"github.com/google/uuid"
)

// Audit checks everything about a stored listing and its private log: that the entries follow from each other and lead
// to the listing's head, that members, amounts and texts are what the entries commit to, that each entry is what the
// rules make of those before it, and that together they give the stored state, byte for byte. Give it the events in
// the order in which they are stored, then End. Members who were erased go by their aliases, which is all that the rules
// need; what is left of them contradicts nothing.
type Audit struct {
	stored   State
	chain    *Chain
	replayer *replayer
	aliases  map[uuid.UUID]Alias // of the stand-ins
	erased   bool                // some member or other, by now
}

// NewAudit returns an audit of the listing in that state. Heads that were saved earlier find what a rewriting of log
// and listing hides. A draft has no log: its audit has nothing to check.
func NewAudit(stored State, saved ...Head) *Audit {
	a := &Audit{
		stored: stored, chain: NewChain(stored.ID, saved...), replayer: newReplayer(stored.Secret), aliases: map[uuid.UUID]Alias{},
	}
	a.replayer.aliasOf = func(standIn uuid.UUID) Alias { return a.aliases[standIn] }
	return a
}

// Next checks the next event. Errors: *Flaw.
func (a *Audit) Next(e Event) error {
	if err := a.chain.Next(e.Entry, e.Hash); err != nil {
		return err
	}
	if field := e.misopened(a.stored.Secret.key()); field != "" {
		return &Flaw{
			Listing: e.Listing, Seq: e.Seq, Problem: ProblemOpening,
			Detail: "the " + field + " beside it is not the one that it commits to",
		}
	}
	a.erased = a.erased || e.erased()
	return a.replayer.next(a.withStandIns(e))
}

// withStandIns returns the event with everybody replaced by his stand-in, and with those words that were erased beside it
// and are still in the listing.
func (a *Audit) withStandIns(e Event) Event {
	present := &a.replayer.listing.state
	former := a.standIn(a.stored.Secret.AliasOf(e.Sealed.FormerLeader))
	if a.erased && former == uuid.Nil {
		former = present.Standing.Leader.Bidder
	}
	e.Sealed.Actor, e.Sealed.Bidder = a.standIn(e.Actor), a.standIn(e.Bidder)
	e.Sealed.Leader, e.Sealed.FormerLeader = a.standIn(e.After.Leader), former
	if i := len(present.Additions); e.Kind == KindDescribed && i < len(a.stored.Additions) {
		e.Sealed.Text = a.kept(ofText, e.Seq, e.Text, e.Sealed.Text, a.stored.Additions[i].Text)
	}
	if e.Terms != nil {
		e.Sealed.Seller = a.standIn(e.Terms.Seller)
		e.Sealed.Title = a.kept(ofTitle, e.Seq, e.Terms.Title, e.Sealed.Title, a.stored.Title)
		e.Sealed.Description = a.kept(ofDescription, e.Seq, e.Terms.Description, e.Sealed.Description, a.stored.Description)
	}
	return e
}

// standIn returns the id by which the replay knows whoever has the alias, whether or not the log still names him.
func (a *Audit) standIn(alias Alias) uuid.UUID {
	if alias.IsZero() {
		return uuid.Nil
	}
	id := uuid.UUID(alias[:16])
	a.aliases[id] = alias
	return id
}

// kept returns the words beside an entry or, if they were erased, those of the listing, if they are what it commits to.
func (a *Audit) kept(of commitment, seq int64, entry Hash, beside, stored string) string {
	if beside == "" && a.stored.Secret.key().text(of, seq, stored) == entry {
		return stored
	}
	return beside
}

// storedWithStandIns returns the stored state as the replay gives it.
func (a *Audit) storedWithStandIns() State {
	s, replayed := a.stored, a.replayer.listing.state
	member := func(id *uuid.UUID, replayed uuid.UUID) {
		if a.erased && *id == uuid.Nil {
			*id = replayed
			return
		}
		*id = a.standIn(s.Secret.AliasOf(*id))
	}
	member(&s.Seller, replayed.Seller)
	member(&s.Standing.Leader.Bidder, replayed.Standing.Leader.Bidder)
	member(&s.Standing.RunnerUp.Bidder, replayed.Standing.RunnerUp.Bidder)
	member(&s.Winner, replayed.Winner)
	excluded := s.Excluded
	s.Excluded = nil
	for _, id := range excluded {
		s.exclude(a.standIn(s.Secret.AliasOf(id)))
	}
	return s
}

// End checks that the log ends at the listing's head and gives the listing. Errors: *Flaw.
func (a *Audit) End() error {
	if err := a.chain.End(a.stored.Head); err != nil {
		return err
	}
	if a.stored.Head.Seq == 0 {
		return nil
	}
	if field := stateDiffers(a.storedWithStandIns(), a.replayer.listing.state); field != "" {
		return &Flaw{
			Listing: a.stored.ID, Seq: a.stored.Head.Seq, Problem: ProblemState,
			Detail: "the stored " + field + " is not the one that the log gives",
		}
	}
	return nil
}

// misopened names the first thing beside the entry that is not what the entry commits to; empty if all is well. Members
// and words may have been erased: what is not there contradicts nothing.
func (e Event) misopened(secret key) string {
	opened := e
	opened.seal(secret)
	sealed := e.Sealed
	isOf := func(member uuid.UUID, a Alias) bool { return member == uuid.Nil || secret.aliasOf(member) == a }
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
