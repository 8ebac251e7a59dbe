package rest

import (
	"math"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Content is what a seller writes. What it may be is checked by the rules, all fields at once, when the listing is
// published or a published one is edited; until then it may be incomplete.
type Content struct {
	Title           string     `json:"title,omitempty" example:"A blue chair" doc:"Plain text in one line; 1 to 120 characters when published."`
	Description     string     `json:"description,omitempty" doc:"Text of up to 20,000 characters."`
	StartPrice      *Money     `json:"start_price,omitempty" doc:"Where the bidding begins; needed when published."`
	Reserve         *Money     `json:"reserve,omitempty" doc:"The least that it is sold for, above the start price. Nobody is shown it once the listing is published."`
	BuyNow          *Money     `json:"buy_now,omitempty" doc:"The Buy It Now price: at least 1.3 times the start price and not below the reserve."`
	StartsAt        *time.Time `json:"starts_at,omitempty" doc:"When it opens; absent for the moment of publication, and in a published listing for the start that it has."`
	DurationSeconds float64    `json:"duration_seconds,omitempty" minimum:"0" maximum:"1000000000" example:"604800" doc:"From start to end: 1 hour to 30 days when published."`
	SoftClose       *SoftClose `json:"soft_close,omitempty" doc:"How late bids move the end; absent when they do not."`
	IncrementTable  string     `json:"increment_table,omitempty" maxLength:"100" example:"ebay-us-classic" doc:"The name of a table of increments; absent for the site's, or the one that the listing has."`
}

func (c Content) content() domain.Content {
	return domain.Content{
		Title:       c.Title,
		Description: c.Description,
		StartPrice:  c.StartPrice.offer(),
		Reserve:     c.Reserve.offer(),
		BuyNow:      c.BuyNow.offer(),
		StartsAt:    timeOf(c.StartsAt),
		Duration:    duration(c.DurationSeconds),
		SoftClose:   c.SoftClose.softClose(),
	}
}

// offer returns the amount as the rules read it; none for nil.
func (m *Money) offer() domain.Offer {
	if m == nil {
		return domain.Offer{}
	}
	return domain.Offer{Amount: m.Amount, Currency: m.Currency}
}

func (s *SoftClose) softClose() domain.SoftClose {
	if s == nil {
		return domain.SoftClose{}
	}
	return domain.SoftClose{
		Window:    duration(s.WindowSeconds),
		Extension: duration(s.ExtensionSeconds),
		Cap:       duration(s.CapSeconds),
	}
}

// duration returns that many seconds, to the microsecond. The document bounds them, so that none overflows.
func duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds*1e6)) * time.Microsecond
}

// timeOf is zero for nil.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
