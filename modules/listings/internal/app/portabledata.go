package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
)

// PortableData is the profilesapi.DataSource: what a member sold, what he bid, with his own maxima, what became
// of what he sold and bought, and what he watches.
type PortableData struct {
	dealings Dealings
	sales    SaleViews
	watches  WatchViews
	clock    clock.Clock
}

var _ profilesapi.DataSource = (*PortableData)(nil)

// NewPortableData returns the source.
func NewPortableData(dealings Dealings, sales SaleViews, watches WatchViews, c clock.Clock) *PortableData {
	return &PortableData{dealings: dealings, sales: sales, watches: watches, clock: c}
}

// Export returns listings.json, bids.json, sales.json and watches.json. Errors: what the store reports.
func (p *PortableData) Export(ctx context.Context, member uuid.UUID) ([]profilesapi.PortableData, error) {
	listings, err := p.listings(ctx, member)
	if err != nil {
		return nil, fmt.Errorf("export the listings of %s: %w", member, err)
	}
	bids, err := p.bids(ctx, member)
	if err != nil {
		return nil, fmt.Errorf("export the bids of %s: %w", member, err)
	}
	sales, err := p.settled(ctx, member)
	if err != nil {
		return nil, fmt.Errorf("export the sales of %s: %w", member, err)
	}
	watches, err := p.watched(ctx, member)
	if err != nil {
		return nil, fmt.Errorf("export the watch list of %s: %w", member, err)
	}
	var files []profilesapi.PortableData
	for _, f := range []struct {
		name    string
		content any
	}{{"listings.json", listings}, {"bids.json", bids}, {"sales.json", sales}, {"watches.json", watches}} {
		file, err := portable(f.name, f.content)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func portable(file string, content any) (profilesapi.PortableData, error) {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return profilesapi.PortableData{}, fmt.Errorf("write %s: %w", file, err)
	}
	return profilesapi.PortableData{File: file, JSON: text}, nil
}

// portableListing is a listing in listings.json. Amounts are decimal text in its currency. The reserve is there while the
// listing is a draft; afterwards nobody is shown it again.
type portableListing struct {
	ID              uuid.UUID          `json:"id"`
	Status          domain.Status      `json:"status"`
	Title           string             `json:"title"`
	Description     string             `json:"description"`
	Additions       []portableAddition `json:"additions"`
	Currency        string             `json:"currency"`
	StartPrice      string             `json:"start_price"`
	Reserve         string             `json:"reserve,omitempty"`
	BuyNow          string             `json:"buy_now,omitempty"`
	IncrementTable  string             `json:"increment_table"`
	CreatedAt       time.Time          `json:"created_at"`
	StartsAt        time.Time          `json:"starts_at,omitzero"`
	DurationSeconds float64            `json:"duration_seconds"`
	EndsAt          time.Time          `json:"ends_at,omitzero"`
	RelistedFrom    uuid.UUID          `json:"relisted_from,omitzero"`
	BidCount        int64              `json:"bid_count"`
	Price           string             `json:"price"`
	FinalPrice      string             `json:"final_price,omitempty"`
}

type portableAddition struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

func (p *PortableData) listings(ctx context.Context, seller uuid.UUID) ([]portableListing, error) {
	now, all := p.clock.Now(), []portableListing{}
	for after := uuid.Nil; ; {
		states, err := p.dealings.Sold(ctx, seller, after, listingsAtOnce)
		if err != nil {
			return nil, err
		}
		for _, s := range states {
			all = append(all, portableListingOf(s, now))
			after = s.ID
		}
		if len(states) < listingsAtOnce {
			return all, nil
		}
	}
}

func portableListingOf(s domain.State, now time.Time) portableListing {
	_, finalPrice := outcomeAt(s, now)
	listing := portableListing{
		ID:              s.ID,
		Status:          s.Phase().At(now),
		Title:           s.Title,
		Description:     s.Description,
		Additions:       make([]portableAddition, len(s.Additions)),
		Currency:        s.Currency.Code,
		StartPrice:      s.Currency.Money(s.Terms.StartPrice).Decimal(),
		BuyNow:          someDecimal(s.Currency, s.Terms.BuyNow),
		IncrementTable:  s.Terms.Table.Name(),
		CreatedAt:       s.CreatedAt,
		StartsAt:        s.Terms.StartsAt,
		DurationSeconds: s.Terms.Duration.Seconds(),
		EndsAt:          s.EndsAt,
		RelistedFrom:    s.RelistedFrom,
		BidCount:        s.Bids,
		Price:           s.Currency.Money(s.Standing.Price).Decimal(),
		FinalPrice:      someDecimal(s.Currency, finalPrice),
	}
	for i, a := range s.Additions {
		listing.Additions[i] = portableAddition(a)
	}
	if s.Status == domain.StatusDraft {
		listing.Reserve = someDecimal(s.Currency, s.Terms.Reserve)
	}
	return listing
}

// portableBid is a bid, or a purchase at once, in bids.json. Amounts are decimal text in its currency.
type portableBid struct {
	ListingID uuid.UUID   `json:"listing_id"`
	Seq       int64       `json:"seq"`
	Alias     string      `json:"alias"`
	At        time.Time   `json:"at"`
	Kind      string      `json:"kind"` // bid or purchase
	Currency  string      `json:"currency"`
	Maximum   string      `json:"maximum,omitempty"`
	Paid      string      `json:"paid,omitempty"`
	Status    BidStanding `json:"status"`
	Reason    string      `json:"reason,omitempty"`
}

// bids returns the member's bids. An event that withdraws some comes after them and belongs to the same listing.
func (p *PortableData) bids(ctx context.Context, member uuid.UUID) ([]portableBid, error) {
	all := []portableBid{}
	for e, err := range bidsOf(ctx, p.dealings, member, uuid.Nil) {
		if err != nil {
			return nil, err
		}
		switch e.Kind {
		case domain.KindBidPlaced, domain.KindBought:
			all = append(all, portableBidOf(e))
		default:
			withdraw(all, e)
		}
	}
	return all, nil
}

func portableBidOf(e domain.Event) portableBid {
	bid := portableBid{
		ListingID: e.Listing,
		Seq:       e.Seq,
		Alias:     e.Bidder.String(),
		At:        e.At,
		Kind:      "bid",
		Currency:  e.Currency.Code,
		Maximum:   someDecimal(e.Currency, e.Sealed.Maximum),
		Status:    BidLive,
	}
	if e.Kind == domain.KindBought {
		bid.Kind, bid.Paid = "purchase", e.Currency.Money(e.After.FinalPrice).Decimal()
	}
	return bid
}

// withdraw marks the bids that the event withdraws, which are among the last.
func withdraw(bids []portableBid, e domain.Event) {
	for i := len(bids) - 1; i >= 0 && bids[i].ListingID == e.Listing; i-- {
		if _, withdrawn := slices.BinarySearch(e.Withdrawn, bids[i].Seq); !withdrawn {
			continue
		}
		bids[i].Status, bids[i].Reason = BidCancelled, e.Sealed.Text
		if e.Kind == domain.KindBidsRetracted {
			bids[i].Status, bids[i].Reason = BidRetracted, string(e.RetractReason)
		}
	}
}

// portableWatch is a listing in watches.json.
type portableWatch struct {
	ListingID uuid.UUID `json:"listing_id"`
	Since     time.Time `json:"since"`
}

func (p *PortableData) watched(ctx context.Context, member uuid.UUID) ([]portableWatch, error) {
	all := []portableWatch{}
	for after := uuid.Nil; ; {
		watches, err := p.watches.Watches(ctx, member, after, listingsAtOnce)
		if err != nil {
			return nil, err
		}
		for _, w := range watches {
			all = append(all, portableWatch{ListingID: w.Listing, Since: w.Since})
			after = w.Listing
		}
		if len(watches) < listingsAtOnce {
			return all, nil
		}
	}
}

// someDecimal is empty for zero, which means none.
func someDecimal(c domain.Currency, minor int64) string {
	if minor == 0 {
		return ""
	}
	return c.Money(minor).Decimal()
}
