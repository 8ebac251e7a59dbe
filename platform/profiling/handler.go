package profiling

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"
)

// Path is where profiles are served, and nothing else: go tool pprof http://ADDR/debug/pprof/heap.
const Path = "/debug/pprof/"

// longest is for how long a profile may measure.
const longest = 5 * time.Minute

// newHandler serves the profiles, and neither the command line, which may hold a password, nor what pprof asks of programs
// in other languages.
func newHandler(network bool) http.Handler {
	mux := http.NewServeMux() // our own: net/http/pprof puts itself on the default one, which nobody serves
	mux.HandleFunc("GET "+Path, pprof.Index)
	mux.HandleFunc("GET "+Path+"profile", pprof.Profile)
	mux.HandleFunc("GET "+Path+"trace", pprof.Trace)
	return guard(network, mux)
}

// guard keeps out pages that lead a browser on this machine here, by a link to the address or by a name of their own that they give
// it, and whoever would measure for ever.
func guard(network bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !network && !ownName(r.Host):
			http.Error(w, "Ask for an IP address or for localhost.", http.StatusMisdirectedRequest)
		case fromElsewhere(r.Header.Get("Sec-Fetch-Site")):
			http.Error(w, "Other sites do not take profiles.", http.StatusForbidden)
		case !bearable(r.URL.Query().Get("seconds")):
			http.Error(w, fmt.Sprintf("A profile measures for at most %.0f seconds.", longest.Seconds()), http.StatusBadRequest)
		default:
			w.Header().Set("Cache-Control", "no-store")
			next.ServeHTTP(w, r)
		}
	})
}

// ownName reports whether a request was sent to the machine rather than to a name that somebody else can give it.
func ownName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || net.ParseIP(host) != nil
}

// fromElsewhere reports whether a browser says that another site's page makes the request.
func fromElsewhere(site string) bool { return site != "" && site != "none" && site != "same-origin" }

// bearable reports whether a profile may measure that long.
func bearable(seconds string) bool {
	n, _ := strconv.ParseFloat(seconds, 64) // of what is no number, 0, and pprof's default counts
	return n <= longest.Seconds()
}
