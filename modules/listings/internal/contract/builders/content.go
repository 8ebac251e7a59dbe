package builders

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// WithID gives the listing that id.
func (l *Listing) WithID(id uuid.UUID) *Listing {
	l.id = id
	return l
}

// By makes the member the seller.
func (l *Listing) By(seller uuid.UUID) *Listing {
	l.seller = seller
	return l
}

// At sets the builder's clock; before the first command also the instant at which the draft was made.
func (l *Listing) At(now time.Time) *Listing {
	if len(l.steps) == 0 {
		l.created = now
	}
	l.now = now
	return l
}

// After moves the builder's clock on.
func (l *Listing) After(d time.Duration) *Listing {
	l.now = l.now.Add(d)
	return l
}

// Titled gives the listing that title.
func (l *Listing) Titled(title string) *Listing {
	l.content.Title = title
	return l
}

// Described gives the listing that description.
func (l *Listing) Described(description string) *Listing {
	l.content.Description = description
	return l
}

// In sells in another currency, from that start price.
func (l *Listing) In(c domain.Currency, from string) *Listing {
	l.currency = c
	return l.From(from)
}

// From sets the start price; no amount is none.
func (l *Listing) From(amount string) *Listing {
	l.content.StartPrice = l.optional(amount)
	return l
}

// WithReserve sets the reserve.
func (l *Listing) WithReserve(amount string) *Listing {
	l.content.Reserve = l.optional(amount)
	return l
}

// WithBuyNow sets the Buy It Now price.
func (l *Listing) WithBuyNow(amount string) *Listing {
	l.content.BuyNow = l.optional(amount)
	return l
}

// Starting sets the start, that long after the draft was made.
func (l *Listing) Starting(in time.Duration) *Listing {
	l.content.StartsAt = l.created.Add(in)
	return l
}

// Lasting sets the time from start to end.
func (l *Listing) Lasting(d time.Duration) *Listing {
	l.content.Duration = d
	return l
}

// SoftClosing makes late bids move the end.
func (l *Listing) SoftClosing(window, extension, limit time.Duration) *Listing {
	l.content.SoftClose = domain.SoftClose{Window: window, Extension: extension, Cap: limit}
	return l
}

// Rising sets the increment table.
func (l *Listing) Rising(table domain.IncrementTable) *Listing {
	l.content.Table = table
	return l
}

// Relisting makes the draft another try of the old listing, by its seller and in its currency.
func (l *Listing) Relisting(old *Listing) *Listing {
	l.relisted, l.seller, l.currency = old, old.seller, old.currency
	return l
}

func (l *Listing) optional(amount string) domain.Offer {
	if amount == "" {
		return domain.Offer{}
	}
	return l.offer(amount)
}
