package app

import (
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// What a stored listing looks like to whom is decided here, once for all stores: they find and order, this discloses.

// SummaryOf returns the listing as everybody may see it in a list at the instant now.
func SummaryOf(s domain.State, now time.Time) ListingSummary {
	return ListingSummary{
		ID:          s.ID,
		Seller:      s.Seller,
		Title:       s.Title,
		Status:      s.Phase().At(now),
		Frozen:      s.Frozen,
		StartPrice:  s.Currency.Money(s.Terms.StartPrice),
		Price:       s.Currency.Money(s.Standing.Price),
		NextMinimum: s.Currency.Money(s.Standing.NextMinimum),
		BuyNow:      s.Currency.Money(buyNowAt(s, now)),
		ReserveMet:  s.Standing.ReserveMet,
		Bids:        s.Bids,
		CreatedAt:   s.CreatedAt,
		StartsAt:    s.Terms.StartsAt,
		EndsAt:      s.EndsAt,
	}
}

// RecordOf returns the listing as viewer may see it at the instant now. Errors: domain.ErrListingNotFound for another
// member's draft.
func RecordOf(s domain.State, viewer domain.Actor, now time.Time) (ListingRecord, error) {
	draft := s.Status == domain.StatusDraft
	if draft && s.Seller != viewer.ID {
		return ListingRecord{}, domain.ErrListingNotFound
	}
	leader := s.Standing.Leader.Bidder
	winner, finalPrice := outcomeAt(s, now)
	record := ListingRecord{
		ListingSummary: SummaryOf(s, now),
		Description:    s.Description,
		Additions:      slices.Clone(s.Additions),
		Ruleset:        s.Ruleset,
		Table:          s.Terms.Table,
		SoftClose:      s.Terms.SoftClose,
		Duration:       s.Terms.Duration,
		BuyNowPrice:    s.Currency.Money(s.Terms.BuyNow),
		RelistedFrom:   s.RelistedFrom,
		Leader:         s.Secret.AliasOf(leader),
		Winner:         s.Secret.AliasOf(winner),
		LeaderID:       shownTo(viewer, s.Seller, leader),
		WinnerID:       shownTo(viewer, s.Seller, winner),
		FinalPrice:     s.Currency.Money(finalPrice),
		Reserve:        s.Currency.Money(0),
		Version:        s.Version,
		Head:           s.Head,
	}
	if draft {
		record.Reserve.Minor = s.Terms.Reserve
	}
	return record, nil
}

// Key returns where the listing stands in a list with this order. What has no end stands where the last end would.
func (s ListingSummary) Key(order Sort) ListingKey {
	switch {
	case order == SortNewest:
		return ListingKey{At: s.CreatedAt.UnixMicro(), ID: s.ID}
	case s.EndsAt.IsZero():
		return ListingKey{At: NoEnd, ID: s.ID}
	default:
		return ListingKey{At: s.EndsAt.UnixMicro(), ID: s.ID}
	}
}

// NoEnd is the end of a draft as far as orders are concerned, in microseconds since 1970: after every other.
const NoEnd int64 = math.MaxInt64

// buyNowAt returns the price at which the listing can be bought at the instant now; 0 if it cannot.
func buyNowAt(s domain.State, now time.Time) int64 {
	if !s.Phase().BuyNowAvailable(now) {
		return 0
	}
	return s.Terms.BuyNow
}

// outcomeAt returns who has bought by the instant now, and for how much, whether or not the close has been stored.
func outcomeAt(s domain.State, now time.Time) (winner uuid.UUID, price int64) {
	switch {
	case s.Status == domain.StatusSold:
		return s.Winner, s.FinalPrice
	case s.Phase().At(now) == domain.StatusSold:
		return s.Standing.Leader.Bidder, s.Standing.Price
	default:
		return uuid.Nil, 0
	}
}

// shownTo returns the member to the seller, to moderators and to the member; zero to everybody else.
func shownTo(viewer domain.Actor, seller, member uuid.UUID) uuid.UUID {
	if viewer.Moderator || viewer.ID != uuid.Nil && (viewer.ID == seller || viewer.ID == member) {
		return member
	}
	return uuid.Nil
}
