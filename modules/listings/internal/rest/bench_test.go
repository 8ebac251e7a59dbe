package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/rest"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/page"
)

// summaries are those of a first page.
func summaries() page.Of[app.ListingSummary] {
	usd := domain.Currency{Code: "USD", Digits: 2}
	found := page.Of[app.ListingSummary]{Items: make([]app.ListingSummary, 20), Next: "eyJ2IjoxLCJsIjoibGlzdGluZ3MvZW5kaW5nIn0"}
	for i := range found.Items {
		found.Items[i] = app.ListingSummary{
			ID: uuid.New(), Seller: uuid.New(), Title: "A brass lamp from the thirties", Status: domain.StatusOpen,
			StartPrice: usd.Money(100), Price: usd.Money(1250), NextMinimum: usd.Money(1300), BuyNow: usd.Money(0), ReserveMet: true,
			Bids: 7, CreatedAt: noon, StartsAt: noon, EndsAt: noon.Add(7 * 24 * time.Hour),
		}
	}
	return found
}

// BenchmarkWritePage writes the body of a first page: anew, again, and for a client who has it.
func BenchmarkWritePage(b *testing.B) {
	found := summaries()
	for name, newWriter := range map[string]bool{"anew": true, "again": false} {
		for asks, known := range map[string]bool{"first": false, "knowing": true} {
			b.Run(name+"/"+asks, func(b *testing.B) {
				write := rest.NewWriter()
				first, err := write(found)
				require.NoError(b, err)
				var c httpserver.Conditional
				if known {
					c.IfNoneMatch = first.Respond(c).ETag
				}
				b.ReportAllocs()
				for b.Loop() {
					if newWriter {
						write = rest.NewWriter()
					}
					body, err := write(found)
					require.NoError(b, err)
					require.Equal(b, known, body.Respond(c).Status == http.StatusNotModified)
				}
			})
		}
	}
}

// BenchmarkWriteListing does the same with one listing.
func BenchmarkWriteListing(b *testing.B) {
	record := record()
	for name, newWriter := range map[string]bool{"anew": true, "again": false} {
		b.Run(name, func(b *testing.B) {
			write := rest.NewListingWriter()
			b.ReportAllocs()
			for b.Loop() {
				if newWriter {
					write = rest.NewListingWriter()
				}
				_, err := write(record)
				require.NoError(b, err)
			}
		})
	}
}
