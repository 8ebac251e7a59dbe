package issues

import (
	"net/url"

	"github.com/gavelhq/gavel/platform/config"
)

// houseOf returns the name under which others know the issues that are reported here: the host that visitors use, which no
// other house has, or the name of a house that has no address yet.
func houseOf(site config.Site) string {
	if address, err := url.Parse(site.URL); err == nil && address.Host != "" {
		return address.Host
	}
	return site.Name
}
