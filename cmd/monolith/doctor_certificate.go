package main

import (
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"github.com/gavelhq/gavel/platform/config"
)

// expiryNotice is how long before its end a certificate should have been renewed.
const expiryNotice = 14 * 24 * time.Hour

// certificate looks whether the server can speak HTTPS by itself, if it should, and for how long.
func (d *doctor) certificate(cfg config.TLS) {
	const name = "certificate"
	if names := config.SplitNames(cfg.ACME.Domains); len(names) > 0 {
		d.ok(name, "fetched for %s from %s when the first visitor comes; port 443 of each name must lead to this server",
			strings.Join(names, ", "), cfg.ACME.Directory)
		return
	}
	if cfg.Certificate == "" {
		return
	}
	pair, err := tls.LoadX509KeyPair(cfg.Certificate, cfg.Key)
	if err != nil {
		d.fail(name, fmt.Sprintf("http.tls.certificate %s and http.tls.key %s: %v", cfg.Certificate, cfg.Key, err),
			"put a certificate and its key there, readable for the user that the server runs as")
		return
	}
	end := pair.Leaf.NotAfter
	detail := fmt.Sprintf("%s is valid until %s", cfg.Certificate, end.UTC().Format(time.DateTime))
	switch left := end.Sub(d.now.Now()); {
	case left <= 0:
		d.fail(name, detail+", which has passed", "renew it; the server need not be restarted")
	case left < expiryNotice:
		d.warn(name, detail, "renew it; the server need not be restarted")
	default:
		d.ok(name, "%s", detail)
	}
}
