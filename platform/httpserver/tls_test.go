package httpserver_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

// certificateFiles are a certificate and its key for 127.0.0.1, signed by themselves.
type certificateFiles struct {
	t                *testing.T
	certificate, key string // the files
	serial           int64
	issued           *x509.Certificate
}

func newCertificateFiles(t *testing.T) *certificateFiles {
	t.Helper()
	dir := t.TempDir()
	f := &certificateFiles{t: t, certificate: filepath.Join(dir, "tls.crt"), key: filepath.Join(dir, "tls.key")}
	f.issue()
	return f
}

func (f *certificateFiles) settings(s *httpserver.Settings) {
	s.TLS = httpserver.TLSSettings{Certificate: f.certificate, Key: f.key}
}

// issue writes the next certificate, its serial number one more than the last, and its key.
func (f *certificateFiles) issue() {
	f.t.Helper()
	certificate, key := f.make()
	f.write(f.certificate, certificate)
	f.write(f.key, key)
}

// make returns the next certificate and key as PEM.
func (f *certificateFiles) make() (certificate, key []byte) {
	f.t.Helper()
	f.serial++
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(f.t, err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(f.serial),
		Subject:               pkix.Name{CommonName: "gavel"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:              []string{"localhost"},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(f.t, err)
	f.issued, err = x509.ParseCertificate(der)
	require.NoError(f.t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(f.t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// write replaces a file as programs that renew certificates do: by another one under its name.
func (f *certificateFiles) write(name string, content []byte) {
	f.t.Helper()
	require.NoError(f.t, os.WriteFile(name+".new", content, 0o600))
	require.NoError(f.t, os.Rename(name+".new", name))
}

// pool trusts the certificate that was made last.
func (f *certificateFiles) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(f.issued)
	return pool
}

// handshake connects to the server and returns the connection's state after the handshake.
func handshake(t *testing.T, addr string, config *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	dialer := &tls.Dialer{Config: config}
	connection, err := dialer.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer func() { require.NoError(t, connection.Close()) }()
	return connection.(*tls.Conn).ConnectionState(), nil
}

func TestTheServerSpeaksHTTPS(t *testing.T) {
	t.Parallel()
	files := newCertificateFiles(t)
	h := serve(t, withSettings(files.settings), withSettings(func(s *httpserver.Settings) { s.Metrics.Addr = "127.0.0.1:0" }))
	require.True(t, h.server.Secure())
	require.False(t, serve(t).server.Secure())

	t.Run("with HTTP/2 to those who know it", func(t *testing.T) {
		t.Parallel()
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: files.pool()}, ForceAttemptHTTP2: true}
		defer transport.CloseIdleConnections()
		response, err := (&http.Client{Transport: transport}).Get("https://" + h.server.Addr() + "/api/v1/bids")
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, 2, response.ProtoMajor)
		require.Equal(t, strict, response.Header.Get("Strict-Transport-Security"))
		require.Contains(t, string(body), `"items"`)
	})
	t.Run("with HTTP/1.1 to others", func(t *testing.T) {
		t.Parallel()
		state, err := handshake(t, h.server.Addr(), &tls.Config{RootCAs: files.pool(), NextProtos: []string{"http/1.1"}})
		require.NoError(t, err)
		require.Equal(t, "http/1.1", state.NegotiatedProtocol)
	})
	t.Run("with TLS 1.2 and nothing older", func(t *testing.T) {
		t.Parallel()
		_, err := handshake(t, h.server.Addr(), &tls.Config{RootCAs: files.pool(), MaxVersion: tls.VersionTLS12})
		require.NoError(t, err)
		_, err = handshake(t, h.server.Addr(), &tls.Config{RootCAs: files.pool(), MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}) //nolint:gosec // refused
		require.ErrorContains(t, err, "protocol version")
	})
	t.Run("and nothing else at the same address", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, 400, h.get("/healthz").Status)
	})
	t.Run("but not at the metrics' own address", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, 200, h.doAt(h.server.MetricsAddr(), http.MethodGet, "/metrics", "").Status)
	})
}

func TestACertificateIsReadAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	serial := func(t *testing.T, h *harness) int64 {
		state, err := handshake(t, h.server.Addr(), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // only looks
		require.NoError(t, err)
		return state.PeerCertificates[0].SerialNumber.Int64()
	}
	start := func(t *testing.T) (*certificateFiles, *harness) {
		files := newCertificateFiles(t)
		h := serve(t, withSettings(files.settings))
		require.EqualValues(t, 1, serial(t, h))
		return files, h
	}
	const kept = "the changed certificate cannot be used; the one before serves on"

	t.Run("without a restart", func(t *testing.T) {
		t.Parallel()
		files, h := start(t)
		files.issue()
		require.EqualValues(t, 2, serial(t, h))
		require.EqualValues(t, 2, serial(t, h))
		require.Equal(t, 1, h.logs.FilterMessage("the certificate was read again").Len())
	})
	t.Run("also when it is written into the same file", func(t *testing.T) {
		t.Parallel()
		files, h := start(t)
		certificate, key := files.make()
		require.NoError(t, os.WriteFile(files.certificate, certificate, 0o600))
		require.NoError(t, os.WriteFile(files.key, key, 0o600))
		later := time.Now().Add(time.Minute) // a file system's clock may be too coarse to show the change
		require.NoError(t, os.Chtimes(files.key, later, later))
		require.EqualValues(t, 2, serial(t, h))
	})
	t.Run("once both files fit", func(t *testing.T) {
		t.Parallel()
		files, h := start(t)
		certificate, key := files.make()
		files.write(files.certificate, certificate)
		require.EqualValues(t, 1, serial(t, h))
		require.EqualValues(t, 1, serial(t, h))
		require.Equal(t, 1, h.logs.FilterMessage(kept).Len(), "told once, not with every visitor")
		files.write(files.key, key)
		require.EqualValues(t, 2, serial(t, h))
	})
	t.Run("unless it is broken", func(t *testing.T) {
		t.Parallel()
		files, h := start(t)
		files.write(files.certificate, []byte("no certificate"))
		require.EqualValues(t, 1, serial(t, h))
		require.NoError(t, os.Remove(files.certificate))
		require.EqualValues(t, 1, serial(t, h))
		require.Equal(t, 2, h.logs.FilterMessage(kept).Len())
		files.issue()
		require.EqualValues(t, 2, serial(t, h))
	})
	t.Run("by whoever comes first of many", func(t *testing.T) {
		t.Parallel()
		files, h := start(t)
		files.issue()
		seen := make(chan int64)
		for range 10 {
			go func() {
				state, err := handshake(t, h.server.Addr(), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // only looks
				if err != nil {
					seen <- 0
					return
				}
				seen <- state.PeerCertificates[0].SerialNumber.Int64()
			}()
		}
		for range 10 {
			require.EqualValues(t, 2, <-seen)
		}
		require.Equal(t, 1, h.logs.FilterMessage("the certificate was read again").Len())
	})
}

func TestAServerDoesNotStartWithoutItsCertificate(t *testing.T) {
	t.Parallel()
	missing := newCertificateFiles(t)
	require.NoError(t, os.Remove(missing.key))
	mixed, other := newCertificateFiles(t), newCertificateFiles(t)
	mixed.key = other.key
	for name, files := range map[string]*certificateFiles{"a file is missing": missing, "the key is another's": mixed} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _, _ := parts(t)
			files.settings(&p.Settings)
			server, err := httpserver.New(p)
			require.NoError(t, err)
			err = server.Start(context.Background())
			require.ErrorContains(t, err, "read certificate "+files.certificate)
			require.Empty(t, server.Addr(), "nothing listens")
		})
	}
}

func TestTLSSettingsThatContradictThemselves(t *testing.T) {
	t.Parallel()
	acme := httpserver.ACMESettings{Domains: []string{"auctions.example.org"}}
	for _, tls := range []httpserver.TLSSettings{
		{Certificate: "tls.crt"},
		{Key: "tls.key"},
		{Certificate: "tls.crt", Key: "tls.key", ACME: acme},
		{Key: "tls.key", ACME: acme},
	} {
		p, _, _ := parts(t)
		p.Settings.TLS = tls
		_, err := httpserver.New(p)
		require.ErrorContains(t, err, "HTTPS needs both certificate and key", fmt.Sprint(tls))
	}
}
