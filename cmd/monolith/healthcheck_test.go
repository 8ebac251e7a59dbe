package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestHealthcheckAsksTheServer(t *testing.T) {
	t.Parallel()
	var server *httpserver.Server
	app := fx.New(graph(configured(t, nil), quiet), inMemory(), fx.Populate(&server))
	require.NoError(t, app.Start(t.Context()))
	addr := server.Addr()

	got := monolith(t, []string{"healthcheck", "--http.addr", addr})
	require.Equal(t, answer{stdout: "The server at " + addr + " is ready.\n"}, got)
	got = monolith(t, []string{"healthcheck", "--json", "--http.addr", addr})
	require.Equal(t, exitOK, got.status)
	require.JSONEq(t, `{"ready": true, "failing": []}`, got.stdout)

	require.NoError(t, app.Stop(context.Background()))
	got = monolith(t, []string{"healthcheck", "--http.addr", addr})
	require.Equal(t, exitFailed, got.status)
	require.Empty(t, got.stdout)
	require.Contains(t, got.stderr, "monolith: ask the server at "+addr)
	require.Contains(t, got.stderr, "connection refused")
}

func TestHealthcheckTellsWhatIsNotReady(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body   string
		stderr string
		json   string
	}{
		"a check that fails": {
			body:   `{"detail": "Not ready: database.", "failing": ["database"]}`,
			stderr: "not ready: Not ready: database.",
			json:   `{"ready": false, "failing": ["database"], "detail": "not ready: Not ready: database."}`,
		},
		"another program": {
			body:   "<html>",
			stderr: "not ready: 503 Service Unavailable",
			json:   `{"ready": false, "failing": [], "detail": "not ready: 503 Service Unavailable"}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/readyz" {
					w.WriteHeader(http.StatusOK)
					return
				}
				w.WriteHeader(http.StatusServiceUnavailable)
				_, _ = w.Write([]byte(test.body))
			}))
			defer other.Close()
			addr := strings.TrimPrefix(other.URL, "http://")
			got := monolith(t, []string{"healthcheck", "--http.addr", addr})
			require.Equal(t, exitFailed, got.status)
			require.Contains(t, got.stderr, test.stderr)
			got = monolith(t, []string{"healthcheck", "--json", "--http.addr", addr})
			require.Equal(t, exitFailed, got.status)
			require.JSONEq(t, test.json, got.stdout)
		})
	}
}

func TestHealthcheckFindsTheServerOnThisMachine(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	for _, addr := range []string{":" + port, "0.0.0.0:" + port, "127.0.0.1:" + port} {
		require.Equal(t, exitOK, monolith(t, []string{"healthcheck", "--http.addr", addr}).status, addr)
	}
	got := monolith(t, []string{"healthcheck", "--http.addr", "127.0.0.1:0"})
	require.Equal(t, exitFailed, got.status)
	require.Contains(t, got.stderr, "takes any free port")
	require.NoError(t, server.Close())
	require.ErrorIs(t, <-ended, http.ErrServerClosed)
}

func TestGraphIsDrawnWithoutStartingAnything(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	got := monolith(t, []string{"graph", "--data.dir", data})
	require.Equal(t, exitOK, got.status, got.stderr)
	require.Empty(t, got.stderr)
	require.Regexp(t, `(?s)^digraph \{.*\}\s*$`, got.stdout)
	require.Contains(t, got.stdout, `"domain.Repository"`)
	require.Contains(t, got.stdout, "provideRepository")
	require.NoDirExists(t, data)

	require.Equal(t, exitOK, monolith(t, []string{"graph", "--database.url", unreachable}).status)

	got = monolith(t, []string{"graph", "modules"})
	require.Equal(t, moduleMap, got.stdout)
	require.Equal(t, exitUsage, monolith(t, []string{"graph", "modlues"}).status)
}
