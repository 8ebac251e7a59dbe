package contract

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/words"
)

// What views have to answer, computed from stored states without regard to speed, and without the code that the stores
// may share.

// expectedSummary is a listing in a list.
func expectedSummary(s domain.State, now time.Time) app.ListingSummary {
	money := func(minor int64) domain.Money { return domain.Money{Minor: minor, Currency: s.Currency} }
	status := s.Phase().At(now)
	buyNow := int64(0)
	if status == domain.StatusOpen && !s.Frozen && (s.Standing.Leader.IsZero() || !s.Standing.ReserveMet) {
		buyNow = s.Terms.BuyNow
	}
	return app.ListingSummary{
		ID: s.ID, Seller: s.Seller, Title: s.Title, Status: status, Frozen: s.Frozen,
		StartPrice: money(s.Terms.StartPrice), Price: money(s.Standing.Price), NextMinimum: money(s.Standing.NextMinimum),
		BuyNow: money(buyNow), ReserveMet: s.Standing.ReserveMet, Bids: s.Bids,
		CreatedAt: s.CreatedAt, StartsAt: s.Terms.StartsAt, EndsAt: s.EndsAt,
	}
}

// expectedRecord is a listing that the viewer may see.
func expectedRecord(s domain.State, viewer domain.Actor, now time.Time) app.ListingRecord {
	money := func(minor int64) domain.Money { return domain.Money{Minor: minor, Currency: s.Currency} }
	r := app.ListingRecord{
		ListingSummary: expectedSummary(s, now),
		Description:    s.Description, Additions: s.Additions, Ruleset: s.Ruleset, Table: s.Terms.Table,
		SoftClose: s.Terms.SoftClose, Duration: s.Terms.Duration, BuyNowPrice: money(s.Terms.BuyNow),
		RelistedFrom: s.RelistedFrom, Version: s.Version, Head: s.Head, FinalPrice: money(0), Reserve: money(0),
	}
	leader := s.Standing.Leader.Bidder
	winner := s.Winner
	if r.Status == domain.StatusSold {
		if s.Status != domain.StatusSold {
			winner, s.FinalPrice = leader, s.Standing.Price
		}
		r.FinalPrice = money(s.FinalPrice)
	}
	r.Leader, r.Winner = s.Secret.AliasOf(leader), s.Secret.AliasOf(winner)
	for member, field := range map[*uuid.UUID]uuid.UUID{&r.LeaderID: leader, &r.WinnerID: winner} {
		if viewer.Moderator || viewer.ID == s.Seller || viewer.ID == field {
			*member = field
		}
	}
	if s.Status == domain.StatusDraft {
		r.Reserve = money(s.Terms.Reserve)
	}
	return r
}

// expectedList is everything that belongs to a list, in its order.
func expectedList(states []domain.State, f app.Filter, viewer domain.Actor, now time.Time) []app.ListingSummary {
	var all []app.ListingSummary
	for _, s := range states {
		if belongs(s, f, viewer, now) {
			all = append(all, expectedSummary(s, now))
		}
	}
	slices.SortFunc(all, func(a, b app.ListingSummary) int { return inOrder(f.Sort, a, b) })
	return all
}

func belongs(s domain.State, f app.Filter, viewer domain.Actor, now time.Time) bool {
	item := expectedSummary(s, now)
	draft := s.Status == domain.StatusDraft
	return (!draft || f.Seller != uuid.Nil && f.Seller == viewer.ID) &&
		(f.Seller == uuid.Nil || f.Seller == s.Seller) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, item.Status)) &&
		(f.Currency == "" || f.Currency == s.Currency.Code) &&
		(f.EndsAfter.IsZero() || !draft && s.EndsAt.After(f.EndsAfter)) &&
		(f.EndsBefore.IsZero() || !draft && s.EndsAt.Before(f.EndsBefore)) &&
		(!f.BuyNow || item.BuyNow.Minor > 0) &&
		saysAll(s, f.Words)
}

func saysAll(s domain.State, search string) bool {
	texts := []string{s.Title, s.Description}
	for _, addition := range s.Additions {
		texts = append(texts, addition.Text)
	}
	for _, wanted := range words.OfQuery(search) {
		begins := func(word string) bool { return strings.HasPrefix(word, wanted) }
		if !slices.ContainsFunc(words.Of(texts...), begins) {
			return false
		}
	}
	return true
}

// inOrder says which of two listings comes first. Drafts have no end and come after all ends where ends rise, before
// them where they fall; equal ones are in the order of their ids, which falls where the key falls.
func inOrder(order app.Sort, a, b app.ListingSummary) int {
	byID := bytes.Compare(a.ID[:], b.ID[:])
	switch order {
	case app.SortNewest:
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), -byID)
	case app.SortEndedLast:
		return -cmp.Or(byEnd(a, b), byID)
	default:
		return cmp.Or(byEnd(a, b), byID)
	}
}

func byEnd(a, b app.ListingSummary) int {
	switch {
	case a.EndsAt.IsZero() && b.EndsAt.IsZero():
		return 0
	case a.EndsAt.IsZero():
		return 1
	case b.EndsAt.IsZero():
		return -1
	default:
		return a.EndsAt.Compare(b.EndsAt)
	}
}
