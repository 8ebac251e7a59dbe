package rest

import (
	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/page"
)

// NewWriter returns what writes pages of lists.
func NewWriter() func(page.Of[app.ListingSummary]) (httpserver.Encoded[httpserver.List[Summary]], error) {
	return newWrittenPages().write
}

// NewListingWriter returns what writes published listings.
func NewListingWriter() func(app.ListingRecord) (httpserver.Encoded[Listing], error) {
	return newWrittenListings().write
}
