package domain

import (
	"errors"
	"time"
)

// errNoSecret is a mistake of ours: a listing published without a secret would give its reserve away.
var errNoSecret = errors.New("publish: the secret is all zeros")

// CheckPublish tells whether the actor may publish the listing, whatever it says: only its seller may, and only while it
// is a draft. Errors: ErrListingNotFound for another member's draft, ErrNotOwner, ErrAlreadyPublished.
func (l *Listing) CheckPublish(by Actor) error {
	if err := l.owned(by); err != nil {
		return err
	}
	if l.state.Status != StatusDraft {
		return ErrAlreadyPublished
	}
	return nil
}

// Publish makes a draft a listing that opens at its start: now, where none was given. The secret is SecretSize random
// bytes of the caller's; nobody else may ever see them. Errors: ErrListingNotFound for another member's draft,
// ErrNotOwner, ErrAlreadyPublished, or the first of the fields that forbid it, with all of them in the field "errors":
// ErrInvalidTitle, ErrInvalidDescription, ErrInvalidStartPrice, ErrInvalidReserve, ErrInvalidBuyNow, ErrInvalidStartsAt,
// ErrInvalidDuration, ErrInvalidSoftClose, ErrInvalidIncrementTable.
func (l *Listing) Publish(by Command, secret Secret, now time.Time) error {
	if err := l.CheckPublish(by.Actor); err != nil {
		return err
	}
	at := l.stamp(now)
	terms := l.state.Terms
	if terms.StartsAt.IsZero() {
		terms.StartsAt = at
	}
	if err := terms.check(l.state.Title, l.state.Description, at, terms.end(), at); err != nil {
		return err
	}
	if secret == (Secret{}) {
		return errNoSecret
	}
	l.state.Secret = secret
	e := l.begin(KindPublished, by, RoleSeller, at)
	l.append(e.withTerms(l.state, l.state.Title, l.state.Description, terms), nil)
	l.openIfDue(at)
	return nil
}

// withTerms returns the event of publishing the listing s, or editing it, with these words and terms.
func (e Event) withTerms(s State, title, description string, t Terms) Event {
	e.Terms = &PublishedTerms{
		Ruleset:      s.Ruleset,
		RelistedFrom: s.RelistedFrom,
		CreatedAt:    s.CreatedAt,
		Table:        t.Table,
		StartPrice:   t.StartPrice,
		BuyNow:       t.BuyNow,
		StartsAt:     t.StartsAt,
		Duration:     t.Duration,
		SoftClose:    t.SoftClose,
	}
	e.Sealed.Seller, e.Sealed.Title, e.Sealed.Description = s.Seller, title, description
	e.Sealed.Reserve = t.Reserve
	return e
}
