package stationery

import "net"

// Site is the house that the letters speak for.
type Site struct {
	Name string
	// URL is where its pages are, without a trailing slash.
	URL string
}

// NewSite returns the house of that name at its address, or where that is empty at the one that its server listens on:
// then the links work on the server's machine at least.
func NewSite(name, address, listener string, encrypted bool) Site {
	if address != "" {
		return Site{Name: name, URL: address}
	}
	if host, port, err := net.SplitHostPort(listener); err == nil {
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			listener = net.JoinHostPort("localhost", port)
		}
	}
	if encrypted {
		return Site{Name: name, URL: "https://" + listener}
	}
	return Site{Name: name, URL: "http://" + listener}
}
