package httpserver

import (
	"net/netip"
	"time"
)

// Settings are what an operator may decide. Start from DefaultSettings: a zero limit or timeout means none.
type Settings struct {
	Name string // of the site, for the API's document
	Addr string // host:port to listen on; port 0 takes a free one

	// SiteURL is the address that visitors use, such as https://auctions.example.org; empty when it is Addr.
	SiteURL string

	ReadHeaderTimeout time.Duration // for the request line and headers
	ReadTimeout       time.Duration // for the whole request, body included
	WriteTimeout      time.Duration // from the end of the request's headers to the end of the answer
	IdleTimeout       time.Duration // between two requests of one connection
	ReadinessTimeout  time.Duration // for each readiness check
	DrainDelay        time.Duration // between turning readiness off and refusing connections, so that balancers notice
	ShutdownTimeout   time.Duration // for the requests accepted before the stop

	MaxHeaderBytes int   // of the request line and headers; net/http allows a few KiB more
	MaxBodyBytes   int64 // of a request's body

	// TrustedProxies are the networks whose X-Forwarded-For, X-Forwarded-Proto and X-Request-Id are believed.
	TrustedProxies []netip.Prefix

	TLS     TLSSettings
	Rate    RateSettings
	Metrics MetricsSettings
}

// RateSettings limit the requests of one client: an IPv4 address or an IPv6 /64 network.
type RateSettings struct {
	PerSecond  float64 // requests in the long run; 0 for no limit
	Burst      int     // requests at once
	MaxClients int     // how many clients are remembered; the longest silent is forgotten first
}

// MetricsSettings say where /metrics is served. With neither field it is not served at all.
type MetricsSettings struct {
	Addr  string // host:port of a listener of its own
	Token string // bearer token that a reader must show; needed to serve metrics on the main listener
}

// DefaultSettings returns settings fit for a server that faces the network.
func DefaultSettings() Settings {
	return Settings{
		Name:              "Gavel",
		Addr:              "127.0.0.1:8080",
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ReadinessTimeout:  5 * time.Second,
		ShutdownTimeout:   25 * time.Second,
		MaxHeaderBytes:    32 << 10,
		MaxBodyBytes:      1 << 20,
		Rate:              RateSettings{PerSecond: 50, Burst: 200, MaxClients: 10_000},
	}
}
