package httpserver

import (
	"container/list"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/gavelhq/gavel/platform/fault"
)

// errTooManyRequests answers a client that is over its limit.
var errTooManyRequests = fault.New(fault.Limited, "too_many_requests",
	"Too many requests. Wait for as long as Retry-After says.")

// limiter counts requests per client. It remembers a bounded number of clients and forgets the longest silent first: a
// flood from many addresses can make it forgetful, but not large.
type limiter struct {
	settings RateSettings

	mu      sync.Mutex
	clients map[netip.Prefix]*list.Element
	recent  *list.List // of *limitedClient, the latest first
}

// limitedClient is one client's allowance.
type limitedClient struct {
	network netip.Prefix
	bucket  *rate.Limiter
}

func newLimiter(settings RateSettings) *limiter {
	return &limiter{settings: settings, clients: map[netip.Prefix]*list.Element{}, recent: list.New()}
}

// take uses up one request of the client at addr, or says how long it has to wait for one.
func (l *limiter) take(addr netip.Addr, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	reservation := l.bucket(network(addr)).ReserveN(now, 1)
	if !reservation.OK() {
		return time.Second, false
	}
	if wait = reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// bucket returns the allowance of one network, a fresh one where it is not remembered; l.mu is held.
func (l *limiter) bucket(network netip.Prefix) *rate.Limiter {
	if known, ok := l.clients[network]; ok {
		l.recent.MoveToFront(known)
		return known.Value.(*limitedClient).bucket
	}
	for l.recent.Len() >= max(l.settings.MaxClients, 1) {
		oldest := l.recent.Back()
		delete(l.clients, oldest.Value.(*limitedClient).network)
		l.recent.Remove(oldest)
	}
	c := &limitedClient{network: network, bucket: rate.NewLimiter(rate.Limit(l.settings.PerSecond), max(l.settings.Burst, 1))}
	l.clients[network] = l.recent.PushFront(c)
	return c.bucket
}

// network returns whom an address stands for: itself, or with IPv6 its /64, all of which one subscriber has.
func network(addr netip.Addr) netip.Prefix {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	p, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // the zero address: those whose address is not known share one allowance
	}
	return p
}

// limitRate refuses the requests of clients that are over their limit. Probes pass: a balancer that cannot ask would
// take a busy server for a dead one.
func (s *Server) limitRate(next http.Handler) http.Handler {
	if s.settings.Rate.PerSecond <= 0 {
		return next
	}
	l := newLimiter(s.settings.Rate)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isProbe(r) {
			if wait, ok := l.take(ClientAddr(r.Context()), s.clock.Now()); !ok {
				WriteError(w, r, errTooManyRequests.With(retryAfterField, wait))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
