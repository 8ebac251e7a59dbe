package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// strictJar keeps cookies as the strictest of browsers do. To what net/http/cookiejar knows it adds the rules of RFC
// 6265bis for storing a cookie: prefixes are promises, only https may set what is Secure, and nothing that is not Secure
// takes the place of something that is. Some browsers are less strict about 127.0.0.1; what works here works there.
type strictJar struct {
	kept    *cookiejar.Jar
	secure  map[string]bool // host and name of those that are Secure
	dropped []string        // why, for a test that fails
}

func newStrictJar(t *testing.T) *strictJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &strictJar{kept: jar, secure: map[string]bool{}}
}

// SetCookies keeps those that a browser would keep.
func (j *strictJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		if why := j.objection(u, c); why != "" {
			j.dropped = append(j.dropped, c.Name+": "+why)
			continue
		}
		j.secure[u.Hostname()+" "+c.Name] = c.Secure
		j.kept.SetCookies(u, []*http.Cookie{c})
	}
}

// Cookies are what a browser would show the address; never what is Secure over plain http, not even to this machine.
func (j *strictJar) Cookies(u *url.URL) []*http.Cookie {
	return slices.DeleteFunc(j.kept.Cookies(u), func(c *http.Cookie) bool {
		return u.Scheme != "https" && j.secure[u.Hostname()+" "+c.Name]
	})
}

// objection tells why a browser would drop the cookie; empty for nothing.
func (j *strictJar) objection(u *url.URL, c *http.Cookie) string {
	name, https := strings.ToLower(c.Name), u.Scheme == "https"
	switch {
	case len(c.Name)+len(c.Value) > 4096:
		return "it is too long"
	case c.Secure && !https:
		return "it is Secure and came over plain http"
	case strings.HasPrefix(name, "__secure-") && !c.Secure:
		return "its name says Secure, and it is not"
	case strings.HasPrefix(name, "__host-") && (!c.Secure || c.Path != "/" || c.Domain != ""):
		return "its name says that it is Secure, for the whole host and for no other, and it is not"
	case c.SameSite == http.SameSiteNoneMode && !c.Secure:
		return "it is for other sites and not Secure"
	case !https && j.secure[u.Hostname()+" "+c.Name]:
		return "it would take the place of one that is Secure"
	}
	return ""
}

func TestTheJarIsAsStrictAsABrowser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		url, cookie string
		kept        bool
	}{
		"a plain one":                             {"http://127.0.0.1:8080", "gavel=x; Path=/; HttpOnly; SameSite=Lax", true},
		"a plain one over TLS":                    {"https://127.0.0.1:8080", "gavel=x; Path=/; HttpOnly; SameSite=Lax", true},
		"a Secure one over plain http":            {"http://127.0.0.1:8080", "gavel=x; Path=/; Secure", false},
		"__Host- over TLS":                        {"https://127.0.0.1:8080", "__Host-gavel=x; Path=/; Secure", true},
		"__Host- over plain http":                 {"http://127.0.0.1:8080", "__Host-gavel=x; Path=/; Secure", false},
		"__Host- over plain http, not Secure":     {"http://127.0.0.1:8080", "__Host-gavel=x; Path=/", false},
		"__Host- that is not Secure":              {"https://127.0.0.1:8080", "__Host-gavel=x; Path=/", false},
		"__Host- for a part of the host":          {"https://127.0.0.1:8080", "__Host-gavel=x; Path=/account; Secure", false},
		"__Host- without a path":                  {"https://127.0.0.1:8080", "__Host-gavel=x; Secure", false},
		"__Host- for other hosts":                 {"https://a.example.org", "__Host-gavel=x; Path=/; Secure; Domain=example.org", false},
		"__host- in small letters, not Secure":    {"https://127.0.0.1:8080", "__host-gavel=x; Path=/", false},
		"__Secure- that is not":                   {"https://127.0.0.1:8080", "__Secure-gavel=x; Path=/", false},
		"one for other sites that is not Secure":  {"https://127.0.0.1:8080", "gavel=x; Path=/; SameSite=None", false},
		"one that is longer than browsers accept": {"http://127.0.0.1:8080", "gavel=" + strings.Repeat("x", 4096) + "; Path=/", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			jar := newStrictJar(t)
			jar.set(t, c.url, c.cookie)
			require.Equal(t, c.kept, len(jar.dropped) == 0, jar.dropped)
		})
	}
	t.Run("plain http cannot overwrite what is Secure", func(t *testing.T) {
		t.Parallel()
		jar := newStrictJar(t)
		jar.set(t, "https://127.0.0.1", "gavel=x; Path=/; Secure")
		jar.set(t, "http://127.0.0.1", "gavel=y; Path=/")
		require.Len(t, jar.dropped, 1)
		require.Empty(t, jar.Cookies(&url.URL{Scheme: "http", Host: "127.0.0.1"}))
		require.Len(t, jar.Cookies(&url.URL{Scheme: "https", Host: "127.0.0.1"}), 1)
	})
}

// set sets a cookie as an answer from the address does.
func (j *strictJar) set(t *testing.T, from, cookie string) {
	t.Helper()
	u, err := url.Parse(from)
	require.NoError(t, err)
	c, err := http.ParseSetCookie(cookie)
	require.NoError(t, err)
	j.SetCookies(u, []*http.Cookie{c})
}
