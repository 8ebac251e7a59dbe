package listings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/config"
)

func TestCheckConfig(t *testing.T) {
	t.Parallel()
	rising := config.Table{{From: "0.01", Increment: "1.00"}, {From: "50", Increment: "5.00"}}
	tests := map[string]struct {
		currency string
		listings config.Listings
		want     []config.Problem
	}{
		"the default":                 {listings: config.Listings{Increments: "ebay-us-classic"}},
		"a flat table":                {listings: config.Listings{Increments: "flat:0.50"}},
		"a table of the site's own":   {listings: config.Listings{Increments: "charity", Tables: map[string]config.Table{"charity": rising}}},
		"a table that nobody chose":   {listings: config.Listings{Increments: "ebay-uk", Tables: map[string]config.Table{"charity": rising}}},
		"a currency without cents":    {currency: "JPY", listings: config.Listings{Increments: "flat:100"}},
		"a currency of a thousand":    {currency: "KWD", listings: config.Listings{Increments: "flat:0.125"}},
		"a name that there is not":    {listings: config.Listings{Increments: "ebay-mars"}, want: []config.Problem{{Key: "listings.increments", Value: "ebay-mars", Detail: `There is no increment table named "ebay-mars".`}}},
		"a flat table of nothing":     {listings: config.Listings{Increments: "flat:0"}, want: []config.Problem{{Key: "listings.increments", Value: "flat:0", Detail: `"0" is no increment in USD.`}}},
		"too fine for the currency":   {currency: "JPY", listings: config.Listings{Increments: "flat:0.50"}, want: []config.Problem{{Key: "listings.increments", Value: "flat:0.50", Detail: `"0.50" is no increment in JPY.`}}},
		"a table that does not begin": {listings: own("50", "5.00"), want: []config.Problem{{Key: "listings.tables", Value: "charity", Detail: "table charity: The first row must begin at 1 minor unit."}}},
		"a table too fine":            {listings: own("0.001", "5.00"), want: []config.Problem{{Key: "listings.tables", Value: "charity", Detail: `table charity: "0.001" is no amount in USD.`}}},
		"an increment of nothing":     {listings: own("0.01", "0.00"), want: []config.Problem{{Key: "listings.tables", Value: "charity", Detail: `table charity: "0.00" is no amount in USD.`}}},
		"a table that does not rise": {
			listings: own("0.01", "1.00", "50", "0.50"),
			want:     []config.Problem{{Key: "listings.tables", Value: "charity", Detail: "table charity: Row 2: an increment must not be smaller than the one before."}},
		},
		"rows out of order": {
			listings: own("0.01", "1.00", "50", "5.00", "50", "6.00"),
			want:     []config.Problem{{Key: "listings.tables", Value: "charity", Detail: "table charity: Row 3 must begin above the row before."}},
		},
		"a name that is taken": {
			listings: config.Listings{Increments: "ebay-uk", Tables: map[string]config.Table{"ebay-uk": rising}},
			want:     []config.Problem{{Key: "listings.tables", Value: "ebay-uk", Detail: `table ebay-uk: "ebay-uk" cannot be the name of a table of your own.`}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := config.Config{Site: config.Site{Currency: "USD"}, Listings: test.listings}
			if test.currency != "" {
				cfg.Site.Currency = test.currency
			}
			require.Equal(t, test.want, listings.CheckConfig(cfg))
		})
	}
}

// own is a configuration whose one table, charity, has rows of these pairs.
func own(pairs ...string) config.Listings {
	var table config.Table
	for i := 0; i < len(pairs); i += 2 {
		table = append(table, config.Increment{From: pairs[i], Increment: pairs[i+1]})
	}
	return config.Listings{Increments: "charity", Tables: map[string]config.Table{"charity": table}}
}
