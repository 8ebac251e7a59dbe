package listings

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/fault"
)

// CheckConfig is the module's config.Check: the site's increment tables must be tables, and the one for new listings
// must exist.
func CheckConfig(cfg config.Config) []config.Problem {
	c, err := currencyOf(cfg.Site.Currency)
	if err != nil {
		return []config.Problem{{Key: "site.currency", Value: cfg.Site.Currency, Detail: fault.Of(err).Detail()}}
	}
	var problems []config.Problem
	for _, name := range slices.Sorted(maps.Keys(cfg.Listings.Tables)) {
		if _, err := ownTable(name, cfg.Listings.Tables[name], c); err != nil {
			problems = append(problems, config.Problem{
				Key: "listings.tables", Value: name, Detail: fmt.Sprintf("table %s: %s", name, fault.Of(err).Detail()),
			})
		}
	}
	chosen := cfg.Listings.Increments
	if _, own := cfg.Listings.Tables[chosen]; own {
		return problems
	}
	if _, err := domain.BuiltInTable(chosen, c); err != nil {
		problems = append(problems, config.Problem{Key: "listings.increments", Value: chosen, Detail: fault.Of(err).Detail()})
	}
	return problems
}
