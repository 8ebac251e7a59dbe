package httpserver

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gavelhq/gavel/platform/fault"
)

// errCrossSite answers what a page of another site made a browser send.
var errCrossSite = fault.New(fault.Forbidden, "cross_site_request",
	"This request comes from a page of another site. Pages of this site and programs that are no browsers may send it.")

// crossSiteProtection refuses what changes something and was sent by a page of another origin than the server's own and
// the site's. Browsers say where a request comes from; programs say nothing and pass. It holds for bearer tokens, too: a
// page of another site has no business with one. Errors: an origin that is none.
func crossSiteProtection(origin string) (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { WriteError(w, r, errCrossSite) }))
	if origin == "" {
		return protection, nil
	}
	return protection, protection.AddTrustedOrigin(origin)
}

// originOf returns the origin of a URL as browsers write it: in lower case, without the scheme's own port.
// Empty stays empty. Errors: a text that is no URL with a scheme and a host.
func originOf(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return "", fmt.Errorf("%q is not the URL of a site", text)
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	return scheme + "://" + strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme]), nil
}

// isSafe reports whether a method only reads.
func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
