package load_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

func TestAConnectionCarriesManyRequests(t *testing.T) {
	t.Parallel()
	clients := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clients[r.RemoteAddr] = true
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL.Path, r.Header.Get("Authorization"), body)
	}))
	defer server.Close()
	c, err := load.Connect(strings.TrimPrefix(server.URL, "http://"))
	require.NoError(t, err)
	for range 2 {
		status, answer, err := c.Post("/bids", "secret", `{"a": 1}`)
		require.NoError(t, err)
		require.Equal(t, http.StatusTeapot, status)
		require.Equal(t, `POST /bids Bearer secret {"a": 1}`, string(answer))
		_, answer, err = c.Get("/bids")
		require.NoError(t, err)
		require.Equal(t, "GET /bids  ", string(answer))
	}
	require.Len(t, clients, 1)
	require.NoError(t, c.Close())
	_, _, err = c.Get("/bids")
	require.Error(t, err)
}

func TestAServerThatWantsToBeLeftAlone(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	c, err := load.Connect(strings.TrimPrefix(server.URL, "http://"))
	require.NoError(t, err)
	defer func() { _ = c.Close() }()
	_, _, err = c.Get("/")
	require.ErrorContains(t, err, "503")
}
