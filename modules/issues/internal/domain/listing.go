package domain

import (
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// MaxReason is how long the reason of an act on a listing can be, in characters: as listings have it.
const MaxReason = 1_000

// OnListing returns the listing that staff may act on from an issue about it, or about a bid on it; zero for none. A listing
// in connection with which a member is reported may be anybody's, and stays out of it.
func (s Subject) OnListing() uuid.UUID {
	if s.Kind == SubjectListing || s.Kind == SubjectBid {
		return s.Listing
	}
	return uuid.Nil
}

// FreezeListing notes that a member of staff stops the bidding on the listing that the issue is about, and returns which
// that is. The use case stops it, in the same unit of work. It is no answer to the reporter: the clock of the first
// response runs on. Errors, the first that applies: ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrNoListing,
// ErrInvalidReason.
func (i *Issue) FreezeListing(by Actor, reason string, now time.Time) (uuid.UUID, error) {
	return i.actOnListing(by, CommandFreeze, reason, ListingFrozen{Reason: reason}, now)
}

// CancelListing notes that a member of staff calls the listing off. Otherwise, and Errors: as FreezeListing.
func (i *Issue) CancelListing(by Actor, reason string, now time.Time) (uuid.UUID, error) {
	return i.actOnListing(by, CommandCancel, reason, ListingCancelled{Reason: reason}, now)
}

func (i *Issue) actOnListing(by Actor, c Command, reason string, done Payload, now time.Time) (uuid.UUID, error) {
	t, err := i.begin(by, c, now)
	if err != nil {
		return uuid.Nil, err
	}
	listing := t.state.Subject.OnListing()
	if listing == uuid.Nil {
		return uuid.Nil, ErrNoListing
	}
	if blank(reason) || !validText(reason) || utf8.RuneCountInString(reason) > MaxReason {
		return uuid.Nil, ErrInvalidReason
	}
	t.tell(done)
	t.done()
	return listing, nil
}
