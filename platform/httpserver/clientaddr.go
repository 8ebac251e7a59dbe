package httpserver

import (
	"net/http"
	"net/netip"
	"strings"
)

// addresses tells who a request comes from.
type addresses struct {
	trusted []netip.Prefix
}

// client returns the client's address and whether the peer is a trusted proxy. Behind one it is the last address in
// X-Forwarded-For that is not itself a trusted proxy; what stands before that was written by strangers.
func (a addresses) client(r *http.Request) (addr netip.Addr, trusted bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	addr = peer.Addr().Unmap().WithZone("")
	if !a.trusts(addr) {
		return addr, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := hopAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return addr, true // the nearest address that can be read
		}
		addr = hop.Unmap().WithZone("")
		if !a.trusts(addr) {
			return addr, true
		}
	}
	return addr, true
}

// hopAddr reads an element of X-Forwarded-For. Some proxies write the client's port behind the address.
func hopAddr(text string) (netip.Addr, error) {
	if hop, err := netip.ParseAddrPort(text); err == nil {
		return hop.Addr(), nil
	}
	return netip.ParseAddr(text)
}

func (a addresses) trusts(addr netip.Addr) bool {
	for _, p := range a.trusted {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
