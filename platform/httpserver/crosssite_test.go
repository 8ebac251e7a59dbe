package httpserver_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestOtherSitesPagesChangeNothing(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()), withSettings(func(s *httpserver.Settings) { s.SiteURL = "https://Auctions.example.org:443" }))
	own := "http://" + h.server.Addr()
	cases := map[string]struct {
		headers []string
		refused bool
	}{
		"a program that is no browser":                {nil, false},
		"a program with a token":                      {[]string{"Authorization", "Bearer ada"}, false},
		"a page of our own":                           {[]string{"Sec-Fetch-Site", "same-origin", "Origin", own}, false},
		"a visitor who types the address":             {[]string{"Sec-Fetch-Site", "none"}, false},
		"a page of our own in an old browser":         {[]string{"Origin", own}, false},
		"a page at the site's address":                {[]string{"Origin", "https://auctions.example.org"}, false},
		"a page at the site's address behind a proxy": {[]string{"Origin", "https://auctions.example.org", "Sec-Fetch-Site", "cross-site"}, false},
		"another site's page":                         {[]string{"Origin", "https://evil.example.org", "Sec-Fetch-Site", "cross-site"}, true},
		"another site's page in an old browser":       {[]string{"Origin", "https://evil.example.org"}, true},
		"another site's page that hides":              {[]string{"Origin", "null"}, true},
		"a neighbour under the same domain":           {[]string{"Sec-Fetch-Site", "same-site", "Origin", "https://shop.example.org"}, true},
		"our name without encryption":                 {[]string{"Origin", "http://auctions.example.org"}, true},
		"our name at another port":                    {[]string{"Origin", "https://auctions.example.org:8443"}, true},
		"another site's page with a token":            {[]string{"Origin", "https://evil.example.org", "Sec-Fetch-Site", "cross-site", "Authorization", "Bearer ada"}, true},
		"another site's page with a session":          {[]string{"Sec-Fetch-Site", "cross-site", "Cookie", "gavel=ada"}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			headers := append([]string{"Content-Type", "application/json"}, c.headers...)
			for _, path := range []string{"/api/v1/bids", "/pages/echo"} {
				a := h.do(http.MethodPost, path, `{"id":"a","amount":1}`, headers...)
				if c.refused {
					problem(t, a, 403, "cross_site_request")
				} else {
					require.Equal(t, 200, a.Status, a.Body)
				}
			}
			require.Equal(t, 200, h.get("/api/v1/bids", c.headers...).Status, "reading is safe: the browser keeps the answer from the page")
		})
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, "BREW"} {
		problem(t, h.do(method, "/api/v1/door", "", "Sec-Fetch-Site", "cross-site"), 403, "cross_site_request")
	}
}

func TestWhatIsGoodForItselfComesFromAnywhere(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()), func(p *httpserver.Parts) { p.Routes[0].FromAnywhere = []string{"POST /pages/echo"} })
	foreign := []string{"Content-Type", "application/json", "Origin", "https://evil.example.org", "Sec-Fetch-Site", "cross-site"}
	require.Equal(t, 200, h.do(http.MethodPost, "/pages/echo", `{"id":"a","amount":1}`, foreign...).Status)
	problem(t, h.do(http.MethodPost, "/api/v1/bids", `{"id":"a","amount":1}`, foreign...), 403, "cross_site_request")
}

// A form can send these without asking the server first; none of them is JSON.
func TestFormsAreNoJSON(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for _, mediaType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		a := h.do(http.MethodPost, "/api/v1/bids", `{"id":"a","amount":1}`, "Content-Type", mediaType)
		problem(t, a, 415, "invalid_request")
	}
}

func TestASiteWithoutAnOriginIsRefused(t *testing.T) {
	t.Parallel()
	for _, site := range []string{"auctions.example.org", "https://", "https://a b", ":"} {
		p, _, _ := parts(t)
		p.Settings.SiteURL = site
		_, err := httpserver.New(p)
		require.Error(t, err, site)
	}
}
