package domain

import (
	"time"

	"github.com/google/uuid"
)

// Relist returns a new draft with the same content that links to this listing, which must be over at the instant now:
// ended, closed or not, or cancelled. It starts when it is published. This listing does not change.
//
// Errors, the first that applies: ErrListingNotFound, ErrNotOwner, ErrListingNotEnded.
func (l *Listing) Relist(by Command, id uuid.UUID, now time.Time) (*Listing, error) {
	if err := l.owned(by.Actor); err != nil {
		return nil, err
	}
	if !l.statusAt(l.stamp(now)).Final() {
		return nil, ErrListingNotEnded
	}
	old := l.state
	draft := State{
		ID:           id,
		Seller:       old.Seller,
		RelistedFrom: old.ID,
		CreatedAt:    micros(now),
		Ruleset:      Ruleset,
		Currency:     old.Currency,
		Title:        old.Title,
		Description:  old.Description,
		Terms:        old.Terms,
		Status:       StatusDraft,
	}
	draft.Terms.StartsAt = time.Time{}
	draft.Standing = Price(draft.priceRules(), nil)
	return &Listing{state: draft, changed: true}, nil
}
