package listings

import (
	"github.com/bojanz/currency"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/config"
)

// newHouse returns what the configuration decides about new listings. It takes the site's own increment tables to be
// what CheckConfig accepts. Errors: a table that it refuses, a currency that does not exist.
func newHouse(site config.Site, listings config.Listings) (app.House, error) {
	own, err := ownTables(site, listings)
	if err != nil {
		return app.House{}, err
	}
	return app.House{
		Currency: site.Currency,
		Table:    listings.Increments,
		Digits:   digits,
		TableOf: func(name string, c domain.Currency) (domain.IncrementTable, error) {
			table, ok := own[name]
			switch {
			case !ok:
				return domain.BuiltInTable(name, c)
			case c.Code != site.Currency:
				return domain.IncrementTable{}, domain.ErrInvalidIncrementTable.Detailf(
					"The increment table %q is in %s.", name, site.Currency)
			default:
				return table, nil
			}
		},
	}, nil
}

// ownTables returns the site's own increment tables by name. Errors: a table that is refused.
func ownTables(site config.Site, listings config.Listings) (map[string]domain.IncrementTable, error) {
	siteCurrency, err := currencyOf(site.Currency)
	if err != nil {
		return nil, err
	}
	own := map[string]domain.IncrementTable{}
	for name, rows := range listings.Tables {
		if own[name], err = ownTable(name, rows, siteCurrency); err != nil {
			return nil, err
		}
	}
	return own, nil
}

// ownTable returns one table. Errors: domain.ErrInvalidIncrementTable.
func ownTable(name string, configured config.Table, c domain.Currency) (domain.IncrementTable, error) {
	rows := make([]domain.IncrementRow, len(configured))
	for i, row := range configured {
		from, err := minor(row.From, c)
		if err != nil {
			return domain.IncrementTable{}, err
		}
		increment, err := minor(row.Increment, c)
		if err != nil {
			return domain.IncrementTable{}, err
		}
		rows[i] = domain.IncrementRow{From: from, Increment: increment}
	}
	return domain.NewIncrementTable(name, rows)
}

func minor(text string, c domain.Currency) (int64, error) {
	amount, err := domain.ParseAmount(text, c)
	if err != nil {
		return 0, domain.ErrInvalidIncrementTable.Detailf("%q is no amount in %s.", text, c.Code)
	}
	return amount.Minor, nil
}

// currencyOf returns the currency of a code. Errors: domain.ErrInvalidCurrency.
func currencyOf(code string) (domain.Currency, error) {
	n, known := digits(code)
	if !known {
		return domain.Currency{}, domain.ErrInvalidCurrency
	}
	return domain.NewCurrency(code, n)
}

// digits returns how many minor digits ISO 4217 gives to a currency, and whether there is such a currency.
func digits(code string) (n int, known bool) {
	given, known := currency.GetDigits(code)
	return int(given), known && code != ""
}
