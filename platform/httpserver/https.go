package httpserver

import (
	"net/http"
	"strings"
)

// strictTransport keeps browsers at https for half a year after each visit, whatever a link says. It speaks for this
// host only: others under its domain are not ours.
const strictTransport = "max-age=15552000"

// isHTTPS reports whether the visitor's address begins with https, on which the names and flags of cookies depend: a
// browser drops a Secure or __Host- cookie that comes over plain http, and then nobody can sign in. It is so
//
//   - when the connection itself is encrypted;
//   - when a trusted proxy says so in X-Forwarded-Proto, the first element being what the visitor used. A stranger who
//     gets a lie past the proxy spoils only the cookies of his own browser;
//   - when the site's URL is https and the request is for the site's host. A proxy that says nothing, or that stands
//     behind another one and knows only the plain http between them, is thereby covered. Somebody who reaches such a site
//     over plain http cannot sign in, which is what https is for.
//
// Everything else is plain: http://127.0.0.1:8080 on the server itself, also where the site's URL is https.
func (s *Server) isHTTPS(r *http.Request, trusted bool) bool {
	if r.TLS != nil {
		return true
	}
	if trusted {
		proto, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ",")
		if strings.EqualFold(strings.TrimSpace(proto), "https") {
			return true
		}
	}
	return s.origin == "https://"+strings.TrimSuffix(strings.ToLower(r.Host), ":443")
}

// siteIsHTTPS reports whether the address that visitors use begins with https.
func (s *Server) siteIsHTTPS() bool { return strings.HasPrefix(s.origin, "https://") }
