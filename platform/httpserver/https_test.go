package httpserver_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

const strict = "max-age=15552000"

func TestHTTPSIsRecognised(t *testing.T) {
	t.Parallel()
	trusting := func(s *httpserver.Settings) { s.TrustedProxies = prefixes("127.0.0.0/8") }
	secureSite := func(s *httpserver.Settings) { s.SiteURL = "https://auctions.example.org" }
	plain := serve(t, withPorter(newPorter()))
	behind := serve(t, withPorter(newPorter()), withSettings(trusting))
	site := serve(t, withPorter(newPorter()), withSettings(secureSite))
	siteBehind := serve(t, withPorter(newPorter()), withSettings(secureSite), withSettings(trusting))
	port := serve(t, withPorter(newPorter()), withSettings(func(s *httpserver.Settings) { s.SiteURL = "https://auctions.example.org:8443" }))
	open := serve(t, withPorter(newPorter()), withSettings(func(s *httpserver.Settings) { s.SiteURL = "http://auctions.example.org" }))
	cases := map[string]struct {
		server *harness
		host   string
		proto  string
		secure bool
	}{
		"nothing is encrypted":                           {plain, "", "", false},
		"a stranger says so":                             {plain, "", "https", false},
		"a trusted proxy says so":                        {behind, "", "https", true},
		"a trusted proxy says so in capitals":            {behind, "", "HTTPS", true},
		"a trusted proxy says that it is not":            {behind, "", "http", false},
		"a trusted proxy says nothing":                   {behind, "", "", false},
		"the first of two proxies says so":               {behind, "", "https, http", true},
		"the first of two proxies says that it is not":   {behind, "", "http, https", false},
		"the site's host, from an unknown proxy":         {site, "auctions.example.org", "", true},
		"the site's host, in capitals, with the port":    {site, "Auctions.Example.org:443", "", true},
		"the site's host, and the proxy knows no better": {siteBehind, "auctions.example.org", "http", true},
		"the site's host at another port":                {site, "auctions.example.org:8080", "", false},
		"a host under the site's":                        {site, "www.auctions.example.org", "", false},
		"the server's own address beside the site's":     {site, "", "", false},
		"a proxy that changes the host but says so":      {siteBehind, "", "https", true},
		"a site at a port of its own":                    {port, "auctions.example.org:8443", "", true},
		"the usual port of such a site":                  {port, "auctions.example.org", "", false},
		"a site without encryption":                      {open, "auctions.example.org", "", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+c.server.server.Addr()+"/api/v1/sessions?name=ada", nil)
			require.NoError(t, err)
			r.Host = c.host
			if c.proto != "" {
				r.Header.Set("X-Forwarded-Proto", c.proto)
			}
			response, err := c.server.client.Do(r)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			if c.secure {
				require.Equal(t, "__Host-gavel=ada; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax", response.Header.Get("Set-Cookie"))
				require.Equal(t, strict, response.Header.Get("Strict-Transport-Security"))
			} else {
				require.Equal(t, "gavel=ada; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax", response.Header.Get("Set-Cookie"))
				require.Empty(t, response.Header.Get("Strict-Transport-Security"))
			}
		})
	}
}

// browser signs in at the address and returns who the server takes it for afterwards. Its jar keeps cookies as browsers
// do, and it refuses, as they do, those that begin with __Host- or are Secure but come over plain http, which the jar
// does not.
func browser(t *testing.T, address string, transport *http.Transport) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{Jar: jar, Transport: transport}
	defer transport.CloseIdleConnections()
	h := &harness{t: t, client: client}
	signedIn := h.doURL(http.MethodPost, address+"/api/v1/sessions?name=ada", "", "Origin", address, "Sec-Fetch-Site", "same-origin")
	require.Equal(t, http.StatusNoContent, signedIn.Status, signedIn.Body)
	cookie, err := http.ParseSetCookie(signedIn.Header.Get("Set-Cookie"))
	require.NoError(t, err)
	u, err := url.Parse(address)
	require.NoError(t, err)
	require.Equal(t, u.Scheme == "https", cookie.Secure)
	require.Equal(t, u.Scheme == "https", cookie.Name == "__Host-gavel")
	require.True(t, cookie.HttpOnly)
	require.Equal(t, "/", cookie.Path)
	require.Empty(t, cookie.Domain)
	a := h.doURL(http.MethodGet, address+"/api/v1/whoami", "")
	return object(t, a.Body)["id"].(string)
}

func TestABrowserCanSignIn(t *testing.T) {
	t.Parallel()
	t.Run("at the plain address of a server without configuration", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withPorter(newPorter()))
		require.Equal(t, ada.String(), browser(t, "http://"+h.server.Addr(), &http.Transport{}))
	})
	t.Run("behind a proxy with TLS", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withPorter(newPorter()), withSettings(func(s *httpserver.Settings) { s.TrustedProxies = prefixes("127.0.0.1/32") }))
		address, pool := proxyTo(t, h.server.Addr(), func(r *httputil.ProxyRequest) { r.SetXForwarded() })
		require.Equal(t, ada.String(), browser(t, address, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}))
	})
	t.Run("at a server with a certificate of its own", func(t *testing.T) {
		t.Parallel()
		files := newCertificateFiles(t)
		h := serve(t, withPorter(newPorter()), withSettings(files.settings))
		require.Equal(t, ada.String(), browser(t, "https://"+h.server.Addr(), &http.Transport{TLSClientConfig: &tls.Config{RootCAs: files.pool()}}))
	})
	t.Run("and is signed out by a session that ended, over TLS too", func(t *testing.T) {
		t.Parallel()
		files := newCertificateFiles(t)
		h := serve(t, withPorter(newPorter()), withSettings(files.settings))
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: files.pool()}}
		defer transport.CloseIdleConnections()
		secure := &harness{t: t, client: &http.Client{Transport: transport}}
		a := secure.doURL(http.MethodGet, "https://"+h.server.Addr()+"/api/v1/whoami", "", "Cookie", "__Host-gavel=eve; gavel=ada")
		require.Equal(t, uuid.Nil.String(), object(t, a.Body)["id"], "the plain cookie may have been written by somebody else")
		require.Equal(t, []string{"__Host-gavel=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"}, a.Header.Values("Set-Cookie"))
	})
}

// proxyTo starts a proxy with TLS in front of a server, which stops with the test.
func proxyTo(t *testing.T, addr string, rewrite func(*httputil.ProxyRequest)) (address string, trusted *x509.CertPool) {
	t.Helper()
	backend := &http.Transport{}
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Transport: backend, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: addr})
		rewrite(r)
	}})
	t.Cleanup(func() {
		proxy.Close()
		backend.CloseIdleConnections()
	})
	trusted = x509.NewCertPool()
	trusted.AddCert(proxy.Certificate())
	return proxy.URL, trusted
}

func TestPlainHTTPBeyondThisMachineIsWarnedOf(t *testing.T) {
	t.Parallel()
	files := newCertificateFiles(t)
	everywhere := func(s *httpserver.Settings) { s.Addr = ":0" }
	cases := map[string]struct {
		settings []func(*httpserver.Settings)
		warned   bool
	}{
		"to every network":          {[]func(*httpserver.Settings){everywhere}, true},
		"for a site without https":  {[]func(*httpserver.Settings){everywhere, func(s *httpserver.Settings) { s.SiteURL = "http://auctions.example.org" }}, true},
		"on this machine only":      {nil, false},
		"behind a trusted proxy":    {[]func(*httpserver.Settings){everywhere, func(s *httpserver.Settings) { s.TrustedProxies = prefixes("10.0.0.1/32") }}, false},
		"for a site with https":     {[]func(*httpserver.Settings){everywhere, func(s *httpserver.Settings) { s.SiteURL = "https://auctions.example.org" }}, false},
		"with a certificate of our": {[]func(*httpserver.Settings){everywhere, files.settings}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var changes []func(*httpserver.Parts)
			for _, change := range c.settings {
				changes = append(changes, withSettings(change))
			}
			h := serve(t, changes...)
			warnings := h.logs.FilterMessageSnippet("without encryption").All()
			require.Equal(t, c.warned, len(warnings) == 1)
			if c.warned {
				require.Contains(t, warnings[0].Message, "set http.tls")
			}
		})
	}
}
