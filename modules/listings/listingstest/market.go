package listingstest

import (
	"context"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Market fills a program with listings and bids through the module's own use cases, for tests outside the module. Get it
// from the graph: fx.Populate(&market).
type Market struct {
	fx.In

	CreateDraft    *app.CreateDraft
	PublishListing *app.PublishListing
	PlaceBid       *app.PlaceBid
	KeepTime       *app.KeepTime
}

// Offer is what a seller publishes. What is left out has a value of no interest.
type Offer struct {
	// Seller sells it; zero draws one.
	Seller uuid.UUID
	// Title is what it is called.
	Title string
	// StartPrice, Reserve and BuyNow are decimal text in US dollars; empty is 1 for the start price, and else
	// none.
	StartPrice, Reserve, BuyNow string
	// Duration is from the start, which is now, to the end; zero is a week.
	Duration time.Duration
}

// Publish puts a listing on the market. Errors: those of the use cases.
func (m Market) Publish(ctx context.Context, offer Offer) (uuid.UUID, error) {
	id, err := m.Draft(ctx, &offer)
	if err != nil {
		return uuid.Nil, err
	}
	return id, m.PublishListing.Do(ctx, app.PublishListingCommand{Listing: id, By: domain.Actor{ID: offer.Seller}})
}

// Draft makes a listing that nobody but its seller sees, and completes the offer. Errors: those of app.CreateDraft.
func (m Market) Draft(ctx context.Context, offer *Offer) (uuid.UUID, error) {
	offer.complete()
	return m.CreateDraft.Do(ctx, app.CreateDraftCommand{
		Seller:   offer.Seller,
		Currency: houseCurrency,
		Content: domain.Content{
			Title:      offer.Title,
			StartPrice: amount(offer.StartPrice),
			Reserve:    amount(offer.Reserve),
			BuyNow:     amount(offer.BuyNow),
			Duration:   offer.Duration,
		},
	})
}

// Bid places a bid of that maximum, decimal text, and returns the price after it. Errors: those of app.PlaceBid.
func (m Market) Bid(ctx context.Context, listing, bidder uuid.UUID, maximum string) (price string, err error) {
	answer, err := m.PlaceBid.Do(ctx, app.PlaceBidCommand{Listing: listing, Bidder: bidder, Maximum: amount(maximum)})
	return answer.Price.Decimal(), err
}

// Lead is Bid by somebody who only wants to know whether he leads now. Errors: those of app.PlaceBid.
func (m Market) Lead(ctx context.Context, listing, bidder uuid.UUID, maximum string) (leads bool, err error) {
	answer, err := m.PlaceBid.Do(ctx, app.PlaceBidCommand{Listing: listing, Bidder: bidder, Maximum: amount(maximum)})
	return answer.Result == domain.ResultLeading, err
}

// houseCurrency is that of everything on this market.
const houseCurrency = "USD"

func (o *Offer) complete() {
	if o.Seller == uuid.Nil {
		o.Seller = uuid.New()
	}
	if o.Title == "" {
		o.Title = "A box of books"
	}
	if o.StartPrice == "" {
		o.StartPrice = "1"
	}
	if o.Duration == 0 {
		o.Duration = 7 * 24 * time.Hour
	}
}

func amount(text string) domain.Offer {
	if text == "" {
		return domain.Offer{}
	}
	return domain.Offer{Amount: text, Currency: houseCurrency}
}
