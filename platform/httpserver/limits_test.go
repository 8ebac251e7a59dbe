package httpserver_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	h := serve(t, withSettings(func(s *httpserver.Settings) { s.MaxBodyBytes = 100 }),
		withRoutes(slowReader("upload")))
	body := func(size int) string {
		const frame = `{"id":"","amount":1}`
		return `{"id":"` + strings.Repeat("x", size-len(frame)) + `","amount":1}`
	}
	require.Equal(t, 200, h.do(http.MethodPost, "/api/v1/bids", body(100)).Status)
	members := problem(t, h.do(http.MethodPost, "/api/v1/bids", body(101)), 413, "body_too_large")
	require.EqualValues(t, 100, members["limit_bytes"])
	problem(t, h.do(http.MethodPost, "/upload", body(101)), 413, "body_too_large")
}

func TestBodyLimitBeyondHumas(t *testing.T) {
	t.Parallel()
	h := serve(t, withSettings(func(s *httpserver.Settings) { s.MaxBodyBytes = 3 << 20 }))
	body := func(size int) string { return `{"id":"` + strings.Repeat("x", size) + `","amount":1}` }
	require.Equal(t, 200, h.do(http.MethodPost, "/api/v1/bids", body(2<<20)).Status)
	problem(t, h.do(http.MethodPost, "/api/v1/bids", body(3<<20)), 413, "body_too_large")
}

// slowReader is a module with one handler that reads the body as fast as it comes.
func slowReader(name string) httpserver.Routes {
	return posts(name, func(r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	})
}

func TestHeaderLimit(t *testing.T) {
	t.Parallel()
	h := serve(t, withSettings(func(s *httpserver.Settings) { s.MaxHeaderBytes = 1 << 10 }))
	require.Equal(t, 200, h.get("/healthz", "X-Long", strings.Repeat("x", 1<<10)).Status)
	require.Equal(t, 431, h.get("/healthz", "X-Long", strings.Repeat("x", 64<<10)).Status)
}

func TestSlowClients(t *testing.T) {
	t.Parallel()
	h := serve(t, withSettings(func(s *httpserver.Settings) {
		s.ReadHeaderTimeout = 20 * time.Millisecond
		s.ReadTimeout = 20 * time.Millisecond
	}))
	dial := func(t *testing.T, text string) *bufio.Reader {
		connection, err := net.Dial("tcp", h.server.Addr())
		require.NoError(t, err)
		t.Cleanup(func() { _ = connection.Close() })
		_, err = fmt.Fprint(connection, text)
		require.NoError(t, err)
		return bufio.NewReader(connection)
	}

	t.Run("a client that never ends its headers is hung up on", func(t *testing.T) {
		t.Parallel()
		_, err := dial(t, "GET /healthz HTTP/1.1\r\nHost: x\r\n").ReadByte()
		require.Error(t, err)
	})
	t.Run("a client that never ends its body is told so", func(t *testing.T) {
		t.Parallel()
		response, err := http.ReadResponse(dial(t,
			"POST /api/v1/bids HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"), nil)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		problem(t, answer{Status: response.StatusCode, Header: response.Header, Body: string(body)}, 408, "request_timeout")
	})
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	limited := func(t *testing.T) *harness {
		return serve(t, withSettings(func(s *httpserver.Settings) {
			s.TrustedProxies = prefixes("127.0.0.0/8")
			s.Rate = httpserver.RateSettings{PerSecond: 0.5, Burst: 3, MaxClients: 2}
		}))
	}
	get := func(h *harness, client string) answer { return h.get("/pages/whoami", "X-Forwarded-For", client) }
	exhaust := func(t *testing.T, h *harness, client string) {
		for range 3 {
			require.Equal(t, 200, get(h, client).Status)
		}
		require.Equal(t, 429, get(h, client).Status)
	}

	t.Run("a client over its limit is told when to come back", func(t *testing.T) {
		t.Parallel()
		h := limited(t)
		exhaust(t, h, "203.0.113.1")
		a := get(h, "203.0.113.1")
		problem(t, a, 429, "too_many_requests")
		require.Equal(t, "2", a.Header.Get("Retry-After"))

		h.clock.Advance(2*time.Second - time.Microsecond)
		require.Equal(t, 429, get(h, "203.0.113.1").Status)
		h.clock.Advance(time.Microsecond)
		require.Equal(t, 200, get(h, "203.0.113.1").Status)
		require.Equal(t, 429, get(h, "203.0.113.1").Status)
	})
	t.Run("clients do not spend each other's allowance", func(t *testing.T) {
		t.Parallel()
		h := limited(t)
		exhaust(t, h, "203.0.113.1")
		require.Equal(t, 200, get(h, "203.0.113.2").Status)
	})
	t.Run("an IPv6 network is one client", func(t *testing.T) {
		t.Parallel()
		h := limited(t)
		exhaust(t, h, "2001:db8::1")
		require.Equal(t, 429, get(h, "2001:db8::2").Status)
		require.Equal(t, 200, get(h, "2001:db8:0:1::1").Status)
	})
	t.Run("probes are never refused", func(t *testing.T) {
		t.Parallel()
		h := limited(t)
		exhaust(t, h, "203.0.113.1")
		require.Equal(t, 200, h.get("/healthz", "X-Forwarded-For", "203.0.113.1").Status)
		require.Equal(t, 200, h.get("/readyz", "X-Forwarded-For", "203.0.113.1").Status)
	})
	t.Run("a bounded number of clients is remembered, the latest", func(t *testing.T) {
		t.Parallel()
		h := limited(t)
		exhaust(t, h, "203.0.113.1")
		exhaust(t, h, "203.0.113.2")
		require.Equal(t, 200, get(h, "203.0.113.3").Status) // 1 is forgotten
		require.Equal(t, 429, get(h, "203.0.113.2").Status)
		require.Equal(t, 200, get(h, "203.0.113.1").Status)
	})
	t.Run("no limit", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withSettings(func(s *httpserver.Settings) { s.Rate = httpserver.RateSettings{} }))
		for range 20 {
			require.Equal(t, 200, h.get("/healthz").Status)
		}
	})
}
