package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// certificate writes a certificate for example.com, and its key, and returns the files.
func certificate(t *testing.T) (certificate, key string) {
	t.Helper()
	lent := httptest.NewTLSServer(http.NotFoundHandler())
	lent.Close()
	pair := lent.TLS.Certificates[0]
	secret, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	for name, block := range map[string]*pem.Block{
		certificate: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		key:         {Type: "PRIVATE KEY", Bytes: secret},
	} {
		require.NoError(t, os.WriteFile(name, pem.EncodeToMemory(block), 0o600))
	}
	return certificate, key
}

func TestCommandsFindAServerThatSpeaksHTTPS(t *testing.T) {
	t.Parallel()
	crt, key := certificate(t)
	var server *httpserver.Server
	app := fx.New(graph(configured(t, map[string]string{"http.tls.certificate": crt, "http.tls.key": key}), quiet), inMemory(), fx.Populate(&server))
	require.NoError(t, app.Start(t.Context()))
	defer func() { require.NoError(t, app.Stop(context.Background())) }()
	addr := server.Addr()
	require.Equal(t, "https://"+addr, address(addr, server.Secure()))

	flags := []string{"--http.addr", addr, "--http.tls.certificate", crt, "--http.tls.key", key}
	got := monolith(t, append([]string{"healthcheck"}, flags...))
	require.Equal(t, answer{stdout: "The server at " + addr + " is ready.\n"}, got)
	got = monolith(t, append([]string{"doctor", "--data.dir", t.TempDir()}, flags...))
	require.Contains(t, got.stdout, "the server at "+addr+" is ready")

	got = monolith(t, []string{"healthcheck", "--http.addr", addr})
	require.Equal(t, exitFailed, got.status, "it must be told what the server was told")
}

func TestServerSettingsOfACME(t *testing.T) {
	t.Parallel()
	cfg := config.HTTP{TLS: config.TLS{ACME: config.ACME{
		Domains: "auctions.example.org, www.example.org", Email: "a@example.org", Directory: "https://authority.example.org/directory",
	}}}
	got := provideServerSettings(cfg, config.Metrics{}, config.Site{URL: "https://auctions.example.org"}, config.Data{Dir: "data"})
	require.Equal(t, "https://auctions.example.org", got.SiteURL)
	require.Equal(t, httpserver.TLSSettings{ACME: httpserver.ACMESettings{
		Domains:   []string{"auctions.example.org", "www.example.org"},
		Email:     "a@example.org",
		Directory: "https://authority.example.org/directory",
		Cache:     filepath.Join("data", "acme"),
	}}, got.TLS)
}
