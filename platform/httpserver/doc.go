// Package httpserver is the program's HTTP edge: one server that modules register their routes with, and what every
// route gets from it without asking: limits, timeouts, request ids, the access log, metrics, security headers, health
// and readiness, and errors as RFC 9457 problems.
//
// A module registers routes and readiness checks through fx value groups, see AsRoutes and AsCheck. Its handlers return
// plain errors: a fault becomes a problem with the fault's code, anything else a 500 that gives nothing away and is
// logged once.
package httpserver
