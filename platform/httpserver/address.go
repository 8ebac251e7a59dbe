package httpserver

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// errMalformedAddress answers addresses that hold something that is no text.
var errMalformedAddress = newProblem(http.StatusBadRequest, "malformed_request",
	"The address holds bytes that are no text: it must be UTF-8 without NUL.")

// readableAddress refuses what no text of ours is and what a database would fail at: path and query must be UTF-8 without
// NUL, also where they are escaped.
func readableAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isText(r.URL.Path) || !isTextQuery(r.URL.RawQuery) {
			WriteError(w, r, errMalformedAddress)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isTextQuery(raw string) bool {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return false
	}
	for name, values := range query {
		if !isText(name) || !isText(strings.Join(values, "")) {
			return false
		}
	}
	return true
}

// isText reports whether s is UTF-8 without NUL.
func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
