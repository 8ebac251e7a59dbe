package domain

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// NewDraft returns a new draft of the seller. A draft may be incomplete; it is checked when it is published, but its
// amounts must be amounts. Errors: ErrInvalidCurrency, and the errors of Offer.In with the field's name, all of them in
// the field "errors".
func NewDraft(id, seller uuid.UUID, currency Currency, content Content, now time.Time) (*Listing, error) {
	if _, err := NewCurrency(currency.Code, currency.Digits); err != nil {
		return nil, err
	}
	if content.Table.IsZero() {
		table, err := BuiltInTable(DefaultTable, currency)
		if err != nil {
			return nil, fmt.Errorf("default increment table: %w", err)
		}
		content.Table = table
	}
	l := &Listing{changed: true, state: State{
		ID:        id,
		Seller:    seller,
		CreatedAt: micros(now),
		Ruleset:   Ruleset,
		Currency:  currency,
		Status:    StatusDraft,
	}}
	if err := l.editDraft(content); err != nil {
		return nil, err
	}
	return l, nil
}

// CheckDelete tells whether the actor may delete the listing, which only its seller may, and only while it is a draft.
// Errors: ErrListingNotFound, ErrNotOwner, ErrListingNotDraft.
func (l *Listing) CheckDelete(by Actor) error {
	if err := l.owned(by); err != nil {
		return err
	}
	if l.state.Status != StatusDraft {
		return ErrListingNotDraft
	}
	return nil
}

// editDraft takes the content over as it is.
func (l *Listing) editDraft(content Content) error {
	terms, err := l.parse(content)
	if err != nil {
		return err
	}
	s := &l.state
	if terms.equal(s.Terms) && content.Title == s.Title && content.Description == s.Description {
		return nil
	}
	s.Title, s.Description, s.Terms = content.Title, content.Description, terms
	s.Standing = Price(s.priceRules(), nil)
	l.changed = true
	return nil
}

// parse reads the content in the listing's currency; without a table it keeps the present one.
func (l *Listing) parse(content Content) (Terms, error) {
	terms, err := content.parse(l.state.Currency)
	if err != nil {
		return Terms{}, err
	}
	if terms.Table.IsZero() {
		terms.Table = l.state.Terms.Table
	}
	return terms, nil
}
