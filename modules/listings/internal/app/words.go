package app

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// Words puts into words what members are told. They name no maximum, no reserve, no reason, and no bidder: nothing that the
// listing's page would not show to everybody.
type Words struct {
	// Zone is the time zone in which times are written.
	Zone *time.Location
}

// sight is the layout in which people read an instant: "Sunday, 1 March 2026, 12:00 UTC".
const sight = "Monday, 2 January 2006, 15:04 MST"

func (w Words) instant(t time.Time) string { return t.In(w.Zone).Format(sight) }

// noticeID makes the identity of news of what happened to a listing, and to whom.
func noticeID(listing uuid.UUID, what string, member uuid.UUID) uuid.UUID {
	return uuid.NewSHA1(listing, fmt.Appendf(nil, "notice %s %s", what, member))
}

// notice returns news for the member about the listing.
func notice(
	listing, member uuid.UUID, what string, kind profilesapi.NoticeKind, at time.Time, subject, text string,
) profilesapi.Notice {
	return profilesapi.Notice{
		ID:      noticeID(listing, what, member),
		Member:  member,
		Kind:    kind,
		Subject: subject,
		Text:    text,
		About:   listing,
		Path:    "/listings/" + listing.String(),
		At:      at,
	}
}

// endsSoon tells somebody who watches the listing.
func (w Words) endsSoon(member uuid.UUID, s domain.State, now time.Time) profilesapi.Notice {
	text := fmt.Sprintf("“%s”, which you watch, ends on %s.\n\n", s.Title, w.instant(s.EndsAt))
	if s.Standing.Leader.Bidder == uuid.Nil {
		text += fmt.Sprintf("Nobody has bid yet. The first bid must be %s or more.", s.Currency.Money(s.Standing.NextMinimum))
	} else {
		text += fmt.Sprintf("The price is %s. The next bid must be %s or more.",
			s.Currency.Money(s.Standing.Price), s.Currency.Money(s.Standing.NextMinimum))
	}
	return notice(s.ID, member, "ends_soon", profilesapi.NoticeEndsSoon, now, "Ends soon: "+s.Title, text)
}

// minuteOf returns the minute in which news of who leads is gathered.
func minuteOf(at time.Time) time.Time { return at.UTC().Truncate(time.Minute) }

// lead returns news of who leads: one for each member, listing and minute, which leaves at the end of that minute.
func lead(e listingsapi.Event, member uuid.UUID, subject, text string) profilesapi.Notice {
	minute := minuteOf(e.At)
	n := notice(e.ListingID, member, fmt.Sprintf("outbid %d", minute.Unix()), profilesapi.NoticeOutbid, e.At, subject, text)
	n.MailAt = minute.Add(time.Minute)
	return n
}

// outbid tells who led before.
func (w Words) outbid(e listingsapi.Event, member uuid.UUID) profilesapi.Notice {
	return lead(e, member, "You have been outbid: "+e.Title, fmt.Sprintf(
		"Somebody else leads on “%s” since %s. The price is %s.\n\nTo lead again, bid %s or more before it ends on %s.",
		e.Title, w.instant(e.At), price(e), minimum(e), w.instant(e.EndsAt)))
}

// leadsAgain tells who was outbid within the same minute that he is not any more.
func (w Words) leadsAgain(e listingsapi.Event, member uuid.UUID) profilesapi.Notice {
	return lead(e, member, "You lead again: "+e.Title, fmt.Sprintf(
		"You were outbid on “%s” for a moment, and lead again since %s. The price is %s.\n\nIt ends on %s.",
		e.Title, w.instant(e.At), price(e), w.instant(e.EndsAt)))
}

// bidsCancelled tells whose bids do not count any more.
func (w Words) bidsCancelled(e listingsapi.Event, member uuid.UUID) profilesapi.Notice {
	return notice(e.ListingID, member, fmt.Sprintf("bids_cancelled %d", e.Seq), profilesapi.NoticeCancelled, e.At,
		"Your bids were cancelled: "+e.Title,
		fmt.Sprintf("The seller or a moderator has cancelled your bids on “%s”. They do not count any more, and you cannot bid on "+
			"this listing again.", e.Title))
}

// won tells who has to pay.
func (w Words) won(e listingsapi.Event, member uuid.UUID) profilesapi.Notice {
	return notice(e.ListingID, member, "won", profilesapi.NoticeWon, e.At, "You have won: "+e.Title,
		fmt.Sprintf("You have won “%s” for %s. It ended on %s.", e.Title, finalOf(e), w.instant(e.EndsAt)))
}

// lost tells a bidder for whom there is nothing to pay.
func (w Words) lost(e listingsapi.Event, member uuid.UUID) profilesapi.Notice {
	text := fmt.Sprintf("“%s” has ended. Somebody else has won it for %s.", e.Title, finalOf(e))
	if e.Status != statusSold {
		text = fmt.Sprintf("“%s” has ended and goes to nobody, because its reserve was not met.", e.Title)
	}
	return notice(e.ListingID, member, "lost", profilesapi.NoticeLost, e.At, "You have not won: "+e.Title, text)
}

// sold tells the seller.
func (w Words) sold(e listingsapi.Event) profilesapi.Notice {
	return notice(e.ListingID, e.SellerID, "sold", profilesapi.NoticeSold, e.At, "Sold: "+e.Title,
		fmt.Sprintf("“%s” is sold for %s. It ended on %s.", e.Title, finalOf(e), w.instant(e.EndsAt)))
}

// unsold tells the seller.
func (w Words) unsold(e listingsapi.Event) profilesapi.Notice {
	text := fmt.Sprintf("“%s” has ended without a bid.", e.Title)
	if e.Status == string(domain.StatusUnsoldReserve) {
		text = fmt.Sprintf("“%s” has ended at %s, which does not meet your reserve. It is not sold.", e.Title, price(e))
	}
	return notice(e.ListingID, e.SellerID, "unsold", profilesapi.NoticeUnsold, e.At, "Not sold: "+e.Title,
		text+"\n\nYou can list it again.")
}

// calledOff tells the seller, when it was somebody else who did it.
func (w Words) calledOff(e listingsapi.Event) profilesapi.Notice {
	return notice(e.ListingID, e.SellerID, "cancelled", profilesapi.NoticeCancelled, e.At, "Called off: "+e.Title,
		fmt.Sprintf("A moderator has called your listing “%s” off. It sells nothing.", e.Title))
}

// calledOffBidder tells a bidder.
func (w Words) calledOffBidder(e listingsapi.Event, member uuid.UUID) profilesapi.Notice {
	return notice(e.ListingID, member, "cancelled", profilesapi.NoticeCancelled, e.At, "Called off: "+e.Title,
		fmt.Sprintf("“%s” was called off. It sells nothing, and your bids do not count any more.", e.Title))
}

// statusSold is the listingsapi.Event.Status of a listing that has a winner.
const statusSold = string(domain.StatusSold)

func price(e listingsapi.Event) string { return e.Price + " " + e.Currency }

func minimum(e listingsapi.Event) string { return e.NextMinimum + " " + e.Currency }

func finalOf(e listingsapi.Event) string { return e.FinalPrice + " " + e.Currency }
