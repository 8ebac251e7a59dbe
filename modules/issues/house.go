package issues

import (
	"net/url"
	"unicode/utf8"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/config"
)

// houseOf returns the name under which others know the issues that are reported here: the host that visitors use, which no
// other house has, or the name of a house that has no address yet, or one too long for a file.
func houseOf(site config.Site) string {
	address, err := url.Parse(site.URL)
	if err == nil && address.Host != "" && utf8.RuneCountInString(address.Host) <= domain.MaxRepository {
		return address.Host
	}
	return site.Name
}
