package app

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/events"
)

var publishedKinds = map[domain.EventKind]string{
	domain.KindPublished:     listingsapi.KindPublished,
	domain.KindOpened:        listingsapi.KindOpened,
	domain.KindEdited:        listingsapi.KindEdited,
	domain.KindDescribed:     listingsapi.KindDescribed,
	domain.KindBidPlaced:     listingsapi.KindBidPlaced,
	domain.KindBidsRetracted: listingsapi.KindBidsRetracted,
	domain.KindBidsCancelled: listingsapi.KindBidsCancelled,
	domain.KindBought:        listingsapi.KindBought,
	domain.KindFrozen:        listingsapi.KindFrozen,
	domain.KindUnfrozen:      listingsapi.KindUnfrozen,
	domain.KindCancelled:     listingsapi.KindCancelled,
	domain.KindClosed:        listingsapi.KindClosed,
}

// Message is the published form of an event that a listing recorded: what other modules may know of it. Every event is
// published. Its id follows from the listing and the seq, so that writing it twice is noticed.
func Message(l *domain.Listing, e domain.Event) (events.Message, bool) {
	state := l.State()
	payload, err := json.Marshal(listingsapi.Event{
		ListingID:      e.Listing,
		SellerID:       state.Seller,
		Title:          state.Title,
		Seq:            e.Seq,
		At:             e.At,
		ActorID:        known(e.Sealed.Actor),
		BidderID:       known(e.Sealed.Bidder),
		LeaderID:       known(e.Sealed.Leader),
		FormerLeaderID: known(e.Sealed.FormerLeader),
		Status:         string(e.After.Status),
		Price:          e.Currency.Money(e.After.Price).Decimal(),
		NextMinimum:    e.Currency.Money(e.After.NextMinimum).Decimal(),
		Currency:       e.Currency.Code,
		ReserveMet:     e.After.ReserveMet,
		EndsAt:         e.After.EndsAt,
		FinalPrice:     finalPrice(e),
	})
	if err != nil {
		panic(fmt.Sprintf("write %s as JSON: %v", e.Kind, err)) // plain fields cannot fail
	}
	return events.Message{
		ID:        uuid.NewSHA1(e.Listing, fmt.Appendf(nil, "event %d", e.Seq)),
		Kind:      publishedKinds[e.Kind],
		Aggregate: e.Listing,
		Seq:       e.Seq,
		At:        e.At,
		Payload:   payload,
	}, true
}

func finalPrice(e domain.Event) string {
	if e.After.Status != domain.StatusSold {
		return ""
	}
	return e.Currency.Money(e.After.FinalPrice).Decimal()
}

// known returns nil for no member.
func known(member uuid.UUID) *uuid.UUID {
	if member == uuid.Nil {
		return nil
	}
	return &member
}
