package httpserver

import (
	"net/http"
	"strconv"
)

// Refusal returns the status that err is answered with and sets on h the headers that go with it. It is for pages that
// show a refusal to people; what is a failure of ours, from 500 on, they leave to WriteError, which also logs it.
func Refusal(h http.Header, err error) int {
	p := faultToProblem(err)
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return p.Status
}
