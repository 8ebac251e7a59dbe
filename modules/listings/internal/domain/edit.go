package domain

import (
	"time"

	"github.com/gavelhq/gavel/platform/fault"
)

// Edit replaces the content. A draft may be edited freely. A listing that is scheduled, or open without a bid ever
// accepted, may be changed to whatever could be published now, but for currency, seller, ruleset and table, and once it
// is open also the start; its new end lies after now and starts a new count for the soft close. An end that unfreezing has
// moved stays while start and duration do: who corrects a word does not mean to shorten the listing.
//
// Errors: ErrListingNotFound, ErrNotOwner, ErrListingFrozen, ErrListingNotOpen, ErrListingHasBids, the errors of
// Offer.In, and those of Publish for the fields.
func (l *Listing) Edit(by Command, content Content, now time.Time) error {
	if err := l.owned(by.Actor); err != nil {
		return err
	}
	if l.state.Status == StatusDraft {
		return l.editDraft(content)
	}
	at := l.stamp(now)
	if err := l.running(at); err != nil {
		return err
	}
	if l.state.Bids > 0 {
		return ErrListingHasBids
	}
	terms, err := l.editedTerms(content, at)
	if err != nil {
		return err
	}
	e := l.begin(KindEdited, by, RoleSeller, at)
	l.append(e.withTerms(l.state, content.Title, content.Description, terms), nil)
	return nil
}

// editedTerms checks new content for a published listing without bids.
func (l *Listing) editedTerms(content Content, at time.Time) (Terms, error) {
	terms, err := l.parse(content)
	if err != nil {
		return Terms{}, err
	}
	present := l.state.Terms
	if terms.StartsAt.IsZero() {
		terms.StartsAt = present.StartsAt
	}
	earliest := at
	if l.statusAt(at) == StatusOpen {
		if !terms.StartsAt.Equal(present.StartsAt) {
			return Terms{}, single(ErrInvalidStartsAt.Detailf("The listing is open, so its start stays."))
		}
		earliest = present.StartsAt
	}
	if !terms.Table.Equal(present.Table) {
		return Terms{}, single(ErrInvalidIncrementTable.Detailf("The increment table stays once a listing is published."))
	}
	return terms, terms.check(content.Title, content.Description, earliest, l.state.endUnder(terms), at)
}

// AppendDescription adds a text to the description, dated with the stamp; that is all that may change once there are
// bids. Errors: ErrListingNotFound, ErrNotOwner, ErrListingFrozen, ErrListingNotOpen (drafts too: edit them),
// ErrInvalidDescription for an empty or too long text, or too many of them.
func (l *Listing) AppendDescription(by Command, text string, now time.Time) error {
	if err := l.owned(by.Actor); err != nil {
		return err
	}
	at := l.stamp(now)
	if err := l.running(at); err != nil {
		return err
	}
	switch {
	case blank(text) || !validText(text, MaxDescription):
		return single(ErrInvalidDescription)
	case len(l.state.Additions) == MaxAdditions:
		return single(ErrInvalidDescription.Detailf("A description can be added to %d times.", MaxAdditions))
	}
	e := l.begin(KindDescribed, by, RoleSeller, at)
	e.Sealed.Text = text
	l.append(e, nil)
	return nil
}

// single is a refusal of one field, in the form in which several are told.
func single(refusal *fault.Error) error { return fieldErrors{refusal}.err() }
