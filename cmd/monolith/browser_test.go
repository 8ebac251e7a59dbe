package main

import (
	"crypto/tls"
	"crypto/x509"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPeopleSignInWithABrowser uses the pages as people do, from registering to signing out, wherever the server stands.
func TestPeopleSignInWithABrowser(t *testing.T) {
	t.Parallel()
	t.Run("at the plain address of a server without configuration", func(t *testing.T) {
		t.Parallel()
		h := openHouse(t, nil, inMemory())
		newBrowser(t, h.base, nil).usesThePages(h, "gavel", "gavel-device")
	})
	t.Run("at the plain address of a server whose site is elsewhere", func(t *testing.T) {
		t.Parallel()
		h := openHouse(t, map[string]string{"site.url": "https://auctions.example.org"}, inMemory())
		newBrowser(t, h.base, nil).usesThePages(h, "gavel", "gavel-device")
	})
	t.Run("at a server with a certificate of its own", func(t *testing.T) {
		t.Parallel()
		crt, key := certificate(t)
		h := openHouse(t, map[string]string{"http.tls.certificate": crt, "http.tls.key": key}, inMemory())
		text, err := os.ReadFile(crt)
		require.NoError(t, err)
		trusted := x509.NewCertPool()
		require.True(t, trusted.AppendCertsFromPEM(text))
		newBrowser(t, "https://"+h.server.Addr(), trusted).usesThePages(h, "__Host-gavel", "__Host-gavel-device")
	})
	t.Run("behind a proxy with TLS", func(t *testing.T) {
		t.Parallel()
		h := openHouse(t, map[string]string{"http.trusted_proxies": "127.0.0.1/32"}, inMemory())
		address, trusted := proxyTo(t, h.server.Addr())
		newBrowser(t, address, trusted).usesThePages(h, "__Host-gavel", "__Host-gavel-device")
	})
	t.Run("behind a proxy with TLS that the server was not told of", func(t *testing.T) {
		t.Parallel()
		h := openHouse(t, nil, inMemory())
		address, trusted := proxyTo(t, h.server.Addr())
		newBrowser(t, address, trusted).usesThePages(h, "gavel", "gavel-device") // less safe, but it works
	})
}

// proxyTo starts a proxy with TLS, set up as the documents say, in front of a server.
func proxyTo(t *testing.T, addr string) (address string, trusted *x509.CertPool) {
	t.Helper()
	behind := &http.Transport{}
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Transport: behind, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: addr})
		r.SetXForwarded()
		r.Out.Host = r.In.Host
	}})
	t.Cleanup(func() {
		proxy.Close()
		behind.CloseIdleConnections()
	})
	trusted = x509.NewCertPool()
	trusted.AddCert(proxy.Certificate())
	return proxy.URL, trusted
}

// browser shows pages and sends their forms. It follows redirects, keeps cookies strictly, and says where a request
// comes from.
type browser struct {
	t      *testing.T
	client *http.Client
	jar    *strictJar
	origin string
}

// newBrowser returns a browser of somebody who visits the origin. trusted are the authorities that it knows, over TLS.
func newBrowser(t *testing.T, origin string, trusted *x509.CertPool) *browser {
	t.Helper()
	b := &browser{t: t, jar: newStrictJar(t), origin: origin}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	b.client = &http.Client{Transport: transport, Jar: b.jar}
	return b
}

// usesThePages registers, follows the link in the house's letter, signs in, looks at the account and signs out.
// Afterwards a copy of the session is worth nothing.
func (b *browser) usesThePages(h *house, sessionCookie, deviceCookie string) {
	t := b.t
	t.Helper()
	b.open("/account").is("/sign-in", "Sign in")
	ada := map[string]string{"email": "ada@example.org", "handle": "ada", "password": password}
	b.open("/register").send(ada).is("/sign-in", "Sign in")
	wrong := map[string]string{"email": "ada@example.org", "password": "not the password"}
	b.open("/sign-in").send(wrong).is("/sign-in", "Sign in")
	require.Empty(t, b.cookies(), "nobody is signed in")
	b.open("/verify?token="+h.mailed("ada@example.org", "/verify")).send(nil).is("/sign-in", "Sign in")

	account := b.open("/sign-in").send(map[string]string{"email": "ada@example.org", "password": password})
	account.is("/account", "Your account")
	require.Contains(t, account.text, "<dd>ada</dd>")
	require.Empty(t, b.jar.dropped)
	session := b.cookies()[sessionCookie]
	require.Len(t, session, 43, "the cookies: %v", b.cookies())
	require.Len(t, b.cookies()[deviceCookie], 43, "the cookies: %v", b.cookies())
	b.open("/account").is("/account", "Your account")

	stranger := newBrowser(t, b.origin, b.client.Transport.(*http.Transport).TLSClientConfig.RootCAs)
	stranger.jar = b.jar
	stranger.client.Jar = b.jar
	stranger.origin = "https://evil.example"
	require.Equal(t, http.StatusForbidden, stranger.request(http.MethodPost, b.origin+"/sign-out", url.Values{}).status)

	b.open("/account").send(nil).is("/sign-in", "Sign in")
	require.NotContains(t, b.cookies(), sessionCookie)
	require.Contains(t, b.cookies(), deviceCookie, "the browser is known next time")
	b.open("/account").is("/sign-in", "Sign in")
	copied := &http.Cookie{Name: sessionCookie, Value: session, Path: "/", Secure: sessionCookie != "gavel"}
	b.jar.set(t, b.origin, copied.String())
	require.Contains(t, b.cookies(), sessionCookie)
	b.open("/account").is("/sign-in", "Sign in")
	require.NotContains(t, b.cookies(), sessionCookie, "what is worth nothing is taken away")
}

// cookies are what the browser shows the server.
func (b *browser) cookies() map[string]string {
	b.t.Helper()
	u, err := url.Parse(b.origin)
	require.NoError(b.t, err)
	shown := map[string]string{}
	for _, c := range b.jar.Cookies(u) {
		shown[c.Name] = c.Value
	}
	return shown
}

// shown is a page that a browser shows.
type shown struct {
	b      *browser
	status int
	path   string
	text   string
}

// open goes to a page.
func (b *browser) open(path string) shown {
	b.t.Helper()
	return b.request(http.MethodGet, b.origin+path, nil)
}

// request asks for a page and follows to where it leads.
func (b *browser) request(method, address string, form url.Values) shown {
	t := b.t
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", b.origin) // and no Sec-Fetch-Site, which older browsers do not know
	}
	response, err := b.client.Do(request)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return shown{b: b, status: response.StatusCode, path: response.Request.URL.Path, text: string(text)}
}

// is requires that the browser shows that page, at that path.
func (s shown) is(path, title string) {
	s.b.t.Helper()
	require.Equal(s.b.t, path, s.path, s.text)
	require.Contains(s.b.t, s.text, "<h1>"+title+"</h1>")
}

var (
	formOfPage  = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
	inputOfForm = regexp.MustCompile(`<input [^>]*name="([^"]*)"[^>]* value="([^"]*)"`)
)

// send fills in the form of the page and sends it.
func (s shown) send(values map[string]string) shown {
	t := s.b.t
	t.Helper()
	action := formOfPage.FindStringSubmatch(s.text)
	require.NotNil(t, action, "the page at %s has no form: %s", s.path, s.text)
	form := url.Values{}
	for _, input := range inputOfForm.FindAllStringSubmatch(s.text, -1) {
		form.Set(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	for name, value := range values {
		require.True(t, form.Has(name), "the form at %s has no field %s", s.path, name)
		form.Set(name, value)
	}
	return s.b.request(http.MethodPost, s.b.origin+html.UnescapeString(action[1]), form)
}
