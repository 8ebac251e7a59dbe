package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/gavelhq/gavel/platform/config"
)

// httpTimeout bounds the wait for a server's answer.
const httpTimeout = 5 * time.Second

// listeners looks at the addresses of the server and at what stands in front of it.
func (d *doctor) listeners(ctx context.Context, cfg config.Config) {
	running := d.address(ctx, cfg.HTTP)
	if addr := cfg.Metrics.Addr; addr != "" && !running {
		if err := free(ctx, addr); err != nil {
			d.fail("metrics", fmt.Sprintf("metrics.addr %s: %v", addr, err), "stop what listens there, or set metrics.addr")
		}
	}
	if addr := cfg.Profiling.Addr; addr != "" && !running {
		if err := free(ctx, addr); err != nil {
			d.fail("profiling", fmt.Sprintf("profiling.addr %s: %v", addr, err), "stop what listens there, or set profiling.addr")
		}
	}
	d.certificate(cfg.HTTP.TLS)
	d.proxies(cfg.HTTP, cfg.Site.URL)
	if running && cfg.Site.URL != "" {
		d.site(ctx, cfg.Site.URL)
	}
}

// address looks whether a server can listen at http.addr. It reports whether ours does already.
func (d *doctor) address(ctx context.Context, cfg config.HTTP) (running bool) {
	const name = "http"
	addr := cfg.Addr
	err := free(ctx, addr)
	switch {
	case err == nil:
		d.ok(name, "http.addr %s is free: no server runs here", addr)
		return false
	case !errors.Is(err, syscall.EADDRINUSE):
		d.fail(name, fmt.Sprintf("nobody can listen at http.addr %s: %v", addr, err), "set http.addr to an address of this machine that its user may take")
		return false
	}
	target, err := readinessURL(cfg)
	if err != nil {
		d.fail(name, err.Error(), "correct http.addr")
		return false
	}
	version, err := askVersion(ctx, localClient(cfg), target)
	if err != nil {
		d.fail(name, fmt.Sprintf("at http.addr %s listens another program: %v", addr, err), "stop it, or set http.addr")
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	switch err := askReadiness(ctx, cfg); {
	case err != nil:
		d.fail(name, fmt.Sprintf("the server at %s (version %s) is %v", addr, version, err), "its log says why")
	case version != buildInfo().Version:
		d.warn(name, fmt.Sprintf("the server at %s is ready, but of version %s, while this is %s", addr, version, buildInfo().Version), "restart it")
	default:
		d.ok(name, "the server at %s is ready (version %s)", addr, version)
	}
	return true
}

// free tries whether one can listen at an address. Errors: why not.
func free(ctx context.Context, addr string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	return listener.Close()
}

// askVersion asks the server to which the URL leads, whatever its path, which version it is. Errors: that it does not
// answer, or is another program.
func askVersion(ctx context.Context, client *http.Client, target string) (string, error) {
	u, err := url.Parse(target)
	if err != nil {
		return "", err
	}
	u.Path = "/version"
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }() // what matters has been read
	var answer struct {
		Version string `json:"version"`
		Go      string `json:"go"`
	}
	err = json.NewDecoder(io.LimitReader(response.Body, maxHealthAnswer)).Decode(&answer)
	if response.StatusCode != http.StatusOK || err != nil || answer.Version == "" || answer.Go == "" {
		return "", fmt.Errorf("%s answers %s, but not as this program does", u, response.Status)
	}
	return answer.Version, nil
}

// proxies looks whether what the configuration says about the server's surroundings fits together.
func (d *doctor) proxies(cfg config.HTTP, site string) {
	const name = "proxy headers"
	trusted := make([]string, len(cfg.TrustedProxies))
	everybody := false
	for i, p := range cfg.TrustedProxies {
		trusted[i] = p.String()
		everybody = everybody || p.Bits() == 0
	}
	switch public := !loopback(cfg.Addr) && !secure(cfg.TLS); {
	case everybody:
		d.fail(name, "http.trusted_proxies trusts everybody, so that each client chooses the address that it is counted under",
			"name only the proxies in front of this server")
	case strings.HasPrefix(site, "https:") && len(trusted) == 0 && !secure(cfg.TLS):
		d.warn(name, "site.url is https, so a proxy stands in front of this server, but http.trusted_proxies names none: all visitors count as one",
			"set http.trusted_proxies to the address from which the proxy connects")
	case strings.HasPrefix(site, "http:") && !loopback(strings.TrimPrefix(site, "http://")), site == "" && public:
		d.warn(name, "visitors reach this server without encryption", "set http.tls, or put a proxy with TLS in front of it and set site.url and http.trusted_proxies")
	case site == "" && len(trusted) > 0:
		d.warn(name, "http.trusted_proxies names a proxy, but site.url does not say the address that visitors use", "set site.url")
	case len(trusted) > 0:
		d.ok(name, "X-Forwarded-For is believed from %s", strings.Join(trusted, ", "))
	default:
		d.ok(name, "no proxy; a client's address is the one that it connects from")
	}
}

// site looks whether the address that visitors use leads to a server of ours.
func (d *doctor) site(ctx context.Context, site string) {
	const name = "site"
	version, err := askVersion(ctx, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, site) // never through a proxy of ours
	if err != nil {
		d.warn(name, fmt.Sprintf("site.url %s does not lead here, seen from this machine: %v", site, err), "look at the proxy and at the name's address, or correct site.url")
		return
	}
	d.ok(name, "site.url %s leads to version %s", site, version)
}

// loopback reports whether an address, host:port or host, is of this machine only.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = strings.Trim(addr, "[]")
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
