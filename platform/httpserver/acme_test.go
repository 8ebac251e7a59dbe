package httpserver_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/acme"

	"github.com/gavelhq/gavel/platform/httpserver"
)

// authority is an ACME authority with one order: it asks the server for the proof by TLS-ALPN-01 as real ones do, and
// issues certificates. It believes every signature.
type authority struct {
	t      *testing.T
	web    *httptest.Server
	root   *x509.Certificate
	key    *ecdsa.PrivateKey
	server func() string // where the host's server really listens

	mu       sync.Mutex
	requests int
	contact  string
	domain   string
	proven   bool
	issued   []byte // the certificate as PEM
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	require.NoError(t, err)
	a.root, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	a.web = httptest.NewTLSServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.web.Close)
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests++
	w.Header().Set("Replay-Nonce", fmt.Sprint("nonce", a.requests))
	at := func(path string) string { return a.web.URL + path }
	reply := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	var sent struct {
		Payload string `json:"payload"`
	}
	_ = json.NewDecoder(r.Body).Decode(&sent) // a GET has none
	payload, _ := base64.RawURLEncoding.DecodeString(sent.Payload)
	var asked struct {
		Contact     []string                 `json:"contact"`
		Identifiers []struct{ Value string } `json:"identifiers"`
		CSR         string                   `json:"csr"`
	}
	_ = json.Unmarshal(payload, &asked)

	switch r.URL.Path {
	case "/directory":
		reply(200, map[string]any{
			"newNonce": at("/nonce"), "newAccount": at("/account"), "newOrder": at("/order/new"),
			"revokeCert": at("/revoke"), "keyChange": at("/key"), "meta": map[string]any{"termsOfService": at("/terms")},
		})
	case "/nonce":
	case "/account":
		a.contact = strings.Join(asked.Contact, ",")
		w.Header().Set("Location", at("/account/1"))
		reply(201, map[string]any{"status": "valid"})
	case "/order/new":
		a.domain, a.proven, a.issued = asked.Identifiers[0].Value, false, nil
		w.Header().Set("Location", at("/order"))
		reply(201, a.order())
	case "/order":
		reply(200, a.order())
	case "/authz":
		reply(200, map[string]any{
			"status": map[bool]string{false: "pending", true: "valid"}[a.proven], "identifier": map[string]any{"type": "dns", "value": a.domain},
			"challenges": []any{map[string]any{"type": "tls-alpn-01", "url": at("/challenge"), "token": "token", "status": "pending"}},
		})
	case "/challenge":
		a.proven = a.prove()
		reply(200, map[string]any{"type": "tls-alpn-01", "url": at("/challenge"), "token": "token", "status": "processing"})
	case "/finalize":
		a.issue(asked.CSR)
		w.Header().Set("Location", at("/order"))
		reply(200, a.order())
	case "/certificate":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(a.issued)
	default:
		reply(404, map[string]any{"type": "urn:ietf:params:acme:error:malformed"})
	}
}

func (a *authority) order() map[string]any {
	status := "pending"
	switch {
	case a.issued != nil:
		status = "valid"
	case a.proven:
		status = "ready"
	}
	return map[string]any{
		"status": status, "identifiers": []any{map[string]any{"type": "dns", "value": a.domain}},
		"authorizations": []string{a.web.URL + "/authz"}, "finalize": a.web.URL + "/finalize", "certificate": a.web.URL + "/certificate",
	}
}

// prove reports whether the server of the domain shows the certificate of the challenge (RFC 8737).
func (a *authority) prove() bool {
	dialer := &tls.Dialer{Config: &tls.Config{
		ServerName: a.domain, NextProtos: []string{acme.ALPNProto}, InsecureSkipVerify: true, //nolint:gosec // as the RFC has it
	}}
	connection, err := dialer.DialContext(a.t.Context(), "tcp", a.server())
	if err != nil {
		return false
	}
	defer func() { _ = connection.Close() }()
	state := connection.(*tls.Conn).ConnectionState()
	for _, extension := range state.PeerCertificates[0].Extensions {
		if extension.Id.String() == "1.3.6.1.5.5.7.1.31" && extension.Critical {
			return state.NegotiatedProtocol == acme.ALPNProto
		}
	}
	return false
}

func (a *authority) issue(request string) {
	der, _ := base64.RawURLEncoding.DecodeString(request)
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil || !a.proven {
		return
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: csr.DNSNames,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
	}
	leaf, err := x509.CreateCertificate(rand.Reader, template, a.root, csr.PublicKey, a.key)
	if err == nil {
		a.issued = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf})
	}
}

func (a *authority) timesAsked() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests
}

// serveWith starts a server that gets its certificates from the authority and keeps them in the directory.
func (a *authority) serveWith(t *testing.T, cache string) *harness {
	t.Helper()
	h := serve(t, withSettings(func(s *httpserver.Settings) {
		s.TLS.ACME = httpserver.ACMESettings{
			Domains:   []string{"auctions.example.org", "www.example.org"},
			Email:     "operator@example.org",
			Directory: a.web.URL + "/directory",
			Cache:     cache,
		}
		httpserver.AskAuthorityThrough(&s.TLS.ACME, a.web.Client())
	}))
	a.server = h.server.Addr
	return h
}

func TestCertificatesComeFromAnAuthority(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	cache := filepath.Join(t.TempDir(), "data", "acme")
	h := a.serveWith(t, cache)
	require.True(t, h.server.Secure())
	require.Zero(t, a.timesAsked(), "nothing is asked for before somebody comes")
	trusted := x509.NewCertPool()
	trusted.AddCert(a.root)

	for _, foreign := range []string{"evil.example.org", "localhost", ""} {
		_, err := handshake(t, h.server.Addr(), &tls.Config{ServerName: foreign, InsecureSkipVerify: true}) //nolint:gosec // refused
		require.Error(t, err, foreign)
	}
	require.Zero(t, a.timesAsked(), "nobody gets a certificate for another host by asking for it")

	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "auctions.example.org"}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	secure := &harness{t: t, client: &http.Client{Transport: transport}}
	require.Equal(t, 200, secure.doURL(http.MethodGet, "https://"+h.server.Addr()+"/healthz", "").Status)
	a.mu.Lock()
	require.Equal(t, "mailto:operator@example.org", a.contact)
	a.mu.Unlock()

	asked := a.timesAsked()
	_, err := handshake(t, h.server.Addr(), &tls.Config{ServerName: "auctions.example.org", RootCAs: trusted})
	require.NoError(t, err)
	_, err = handshake(t, h.server.Addr(), &tls.Config{ServerName: "auctions.example.org", MaxVersion: tls.VersionTLS11}) //nolint:gosec // refused
	require.Error(t, err)
	again := a.serveWith(t, cache)
	_, err = handshake(t, again.server.Addr(), &tls.Config{ServerName: "auctions.example.org", RootCAs: trusted})
	require.NoError(t, err, "the next start finds the certificate that the last one was given")
	require.Equal(t, asked, a.timesAsked())

	directory, err := os.Stat(cache)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), directory.Mode().Perm())
	kept, err := os.ReadDir(cache)
	require.NoError(t, err)
	require.NotEmpty(t, kept)
	for _, entry := range kept {
		info, err := entry.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), entry.Name())
	}
}
