package httpserver

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"

	"go.uber.org/zap"
	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// TLSSettings say how the server speaks HTTPS by itself: with a certificate from files, or with those that it gets from
// an ACME authority. With neither it speaks plain HTTP.
type TLSSettings struct {
	Certificate string // PEM file with the certificate and its chain; read again when it changes
	Key         string // PEM file with the certificate's private key
	ACME        ACMESettings
}

// ACMESettings say where certificates come from. Without Domains none are asked for.
type ACMESettings struct {
	Domains   []string // the host names; nobody gets a certificate for another one by asking for it
	Email     string   // told to the authority; may be empty
	Directory string   // the authority's address
	Cache     string   // the directory that keeps the certificates and their keys; made where there is none, for its owner only

	client *http.Client // asks the authority; nil for the usual one
}

// errTLSSettings: the settings ask for HTTPS in a way that cannot be.
var errTLSSettings = errors.New("HTTPS needs both certificate and key, or ACME without them")

// protocols are what the server speaks over TLS, the best first.
var protocols = []string{"h2", "http/1.1"}

// encryption is how a server speaks HTTPS.
type encryption struct {
	config *tls.Config
	load   func() error // reads what the server cannot start without
}

// newEncryption returns nil where the server speaks plain HTTP. Errors: errTLSSettings.
func newEncryption(s TLSSettings, log *zap.Logger) (*encryption, error) {
	fromFiles, fromAuthority := s.Certificate != "", len(s.ACME.Domains) > 0
	switch {
	case fromFiles != (s.Key != ""), fromFiles && fromAuthority:
		return nil, errTLSSettings
	case fromFiles:
		files := &certificateFiles{certificate: s.Certificate, key: s.Key, log: log}
		return &encryption{
			config: &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: protocols, GetCertificate: files.get},
			load:   files.load,
		}, nil
	case fromAuthority:
		config := newManager(s.ACME).TLSConfig() // which answers the authority's challenges, too
		config.MinVersion = tls.VersionTLS12
		return &encryption{config: config, load: func() error { return nil }}, nil
	default:
		return nil, nil
	}
}

// newManager returns what fetches certificates when the first visitor of a host needs one, and renews them in time. It
// runs only timers beside that, and leaves nothing behind that a stop would have to wait for.
func newManager(s ACMESettings) *autocert.Manager {
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		Cache:      autocert.DirCache(s.Cache),
		HostPolicy: autocert.HostWhitelist(s.Domains...),
		Email:      s.Email,
		Client:     &acme.Client{DirectoryURL: s.Directory, HTTPClient: s.client, UserAgent: "gavel"},
	}
}

// Secure reports whether the server speaks HTTPS by itself.
func (s *Server) Secure() bool { return s.encryption != nil }

// warnPlain tells the operator when visitors' passwords and sessions would cross a network that everybody can read.
func (s *Server) warnPlain() {
	addr, ok := s.main.listener.Addr().(*net.TCPAddr)
	if s.Secure() || !ok || addr.IP.IsLoopback() || len(s.settings.TrustedProxies) > 0 || s.siteIsHTTPS() {
		return
	}
	s.log.Warn("visitors reach this server without encryption, so that others can read passwords and sessions: "+
		"set http.tls, or put a proxy with TLS in front and set site.url and http.trusted_proxies", zap.String("addr", s.Addr()))
}
