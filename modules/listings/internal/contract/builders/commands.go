package builders

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Reason is why moderators and sellers do what needs a reason.
const Reason = "The serial number does not match."

var errNotDue = errors.New("the listing is not due, or over")

// Published publishes the draft.
func (l *Listing) Published() *Listing {
	secret := l.secret()
	return l.then("publish", l.Seller(), func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return d.Publish(by, secret, at)
	})
}

// Edited publishes other content; change is given what the builder has.
func (l *Listing) Edited(change func(*domain.Content)) *Listing {
	content := l.content
	change(&content)
	l.content = content
	return l.then("edit", l.Seller(), func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return d.Edit(by, content, at)
	})
}

// Appended adds to the description.
func (l *Listing) Appended(text string) *Listing {
	return l.then("append", l.Seller(), func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return d.AppendDescription(by, text, at)
	})
}

// BidBy places a bid.
func (l *Listing) BidBy(bidder uuid.UUID, maximum string) *Listing {
	offer := l.offer(maximum)
	return l.then("bid", domain.Actor{ID: bidder}, func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		_, err := d.PlaceBid(by, offer, nil, at)
		return err
	})
}

// BoughtBy buys at once.
func (l *Listing) BoughtBy(buyer uuid.UUID) *Listing {
	return l.then("buy now", domain.Actor{ID: buyer}, func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		_, err := d.BuyNow(by, nil, at)
		return err
	})
}

// RetractedBy takes back what the bidder may take back.
func (l *Listing) RetractedBy(bidder uuid.UUID) *Listing {
	return l.then("retract", domain.Actor{ID: bidder}, func(d *domain.Listing, live liveBids, by domain.Command, at time.Time) error {
		bids, err := live()
		if err != nil {
			return err
		}
		_, err = d.Retract(by, domain.ReasonWrongAmount, bids, at)
		return err
	})
}

// WithBidsCancelled takes out the bidder's bids, by the seller.
func (l *Listing) WithBidsCancelled(bidder uuid.UUID) *Listing {
	return l.then("cancel bids", l.Seller(), func(d *domain.Listing, live liveBids, by domain.Command, at time.Time) error {
		bids, err := live()
		if err != nil {
			return err
		}
		_, err = d.CancelBids(by, bidder, Reason, bids, at)
		return err
	})
}

// Frozen stops the listing.
func (l *Listing) Frozen() *Listing {
	return l.then("freeze", Moderator, func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return d.Freeze(by, Reason, at)
	})
}

// Unfrozen lets it go on.
func (l *Listing) Unfrozen() *Listing {
	return l.then("unfreeze", Moderator, func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return d.Unfreeze(by, Reason, at)
	})
}

// Cancelled calls the listing off, by a moderator.
func (l *Listing) Cancelled() *Listing {
	return l.then("cancel", Moderator, func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return d.Cancel(by, Reason, at)
	})
}

// Opened stores that the start has passed.
func (l *Listing) Opened() *Listing {
	return l.then("open", domain.Actor{}, func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return happened(d.Open(by.ID, at))
	})
}

// Closed stores that the end has passed.
func (l *Listing) Closed() *Listing {
	return l.then("close", domain.Actor{}, func(d *domain.Listing, _ liveBids, by domain.Command, at time.Time) error {
		return happened(d.Close(by.ID, at))
	})
}

// then adds a command at the builder's instant.
func (l *Listing) then(
	name string, by domain.Actor, run func(d *domain.Listing, live liveBids, by domain.Command, at time.Time) error,
) *Listing {
	l.steps = append(l.steps, step{name: name, by: domain.Command{ID: ID(), Actor: by}, at: l.now, run: run})
	return l
}

func happened(did bool) error {
	if !did {
		return errNotDue
	}
	return nil
}
