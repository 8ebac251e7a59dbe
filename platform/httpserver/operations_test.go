package httpserver_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zapcore"

	"github.com/gavelhq/gavel/platform/httpserver"
)

// dependency is something that requests need and that can be away.
type dependency struct {
	away atomic.Pointer[error]
}

func (d *dependency) check(name string) httpserver.Check {
	return httpserver.Check{Name: name, Run: func(context.Context) error {
		if err := d.away.Load(); err != nil {
			return *err
		}
		return nil
	}}
}

func TestReadiness(t *testing.T) {
	t.Parallel()

	t.Run("follows its checks, names those that fail and logs only changes", func(t *testing.T) {
		t.Parallel()
		var database, closing dependency
		h := serve(t, func(p *httpserver.Parts) {
			p.Checks = []httpserver.Check{database.check("database"), closing.check("closing")}
		})
		a := h.get("/readyz")
		require.Equal(t, 200, a.Status)
		require.JSONEq(t, `{"status":"ready","checks":["closing","database"]}`, a.Body)

		database.away.Store(&errDisk)
		for range 2 {
			a = h.get("/readyz")
			members := problem(t, a, 503, "not_ready")
			require.Equal(t, []any{"database"}, members["failing"])
			require.NotContains(t, a.Body, "hunter2")
			require.NotEmpty(t, a.Header.Get("Retry-After"))
		}
		require.Equal(t, 200, h.get("/healthz").Status, "the process is well")
		warnings := h.logs.FilterMessage("not ready").All()
		require.Len(t, warnings, 1)
		require.Equal(t, map[string]any{"check": "database", "error": errDisk.Error()}, warnings[0].ContextMap())
		require.Empty(t, h.logs.FilterLevelExact(zapcore.ErrorLevel).All())

		database.away.Store(nil)
		require.Equal(t, 200, h.get("/readyz").Status)
		require.Equal(t, 1, h.logs.FilterMessage("ready again").Len())
	})
	t.Run("survives a check that panics", func(t *testing.T) {
		t.Parallel()
		h := serve(t, func(p *httpserver.Parts) {
			p.Checks = []httpserver.Check{{Name: "broken", Run: func(context.Context) error { panic("oh") }}}
		})
		problem(t, h.get("/readyz"), 503, "not_ready")
	})
	t.Run("gives a check its time and no more", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withSettings(func(s *httpserver.Settings) { s.ReadinessTimeout = 1 }), func(p *httpserver.Parts) {
			p.Checks = []httpserver.Check{{Name: "hanging", Run: func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			}}}
		})
		problem(t, h.get("/readyz"), 503, "not_ready")
	})
	t.Run("runs the checks once for all who ask together", func(t *testing.T) {
		t.Parallel()
		var runs, most atomic.Int64
		h := serve(t, func(p *httpserver.Parts) {
			p.Checks = []httpserver.Check{{Name: "slow", Run: func(context.Context) error {
				most.Store(max(most.Load(), runs.Add(1)))
				runs.Add(-1)
				return nil
			}}}
		})
		var asking sync.WaitGroup
		for range 20 {
			asking.Go(func() { h.get("/readyz") })
		}
		asking.Wait()
		require.EqualValues(t, 1, most.Load())
	})
}

func TestVersion(t *testing.T) {
	t.Parallel()
	h := serve(t)
	require.JSONEq(t, `{"version":"v1.2.3","revision":"abc","go":"go1.26"}`, h.get("/version").Body)
}

func TestMetricsEndpoint(t *testing.T) {
	t.Parallel()
	const token = "open sesame"

	t.Run("is not served unless the operator asks for it", func(t *testing.T) {
		t.Parallel()
		problem(t, serve(t).get("/metrics"), 404, "route_not_found")
	})
	t.Run("on the main listener needs the token", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withSettings(func(s *httpserver.Settings) { s.Metrics.Token = token }))
		for _, authorization := range []string{"", token, "Bearer", "Bearer wrong", "Basic " + token, "Bearer " + token + "x", "Bearer  " + token} {
			a := h.get("/metrics", "Authorization", authorization)
			problem(t, a, 401, "metrics_token_required")
			require.Equal(t, "Bearer", a.Header.Get("WWW-Authenticate"))
		}
		for _, scheme := range []string{"Bearer ", "bearer "} {
			a := h.get("/metrics", "Authorization", scheme+token)
			require.Equal(t, 200, a.Status)
			require.Contains(t, a.Body, "go_goroutines")
		}
	})
	t.Run("on a listener of its own is open and nowhere else", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withSettings(func(s *httpserver.Settings) { s.Metrics.Addr = "127.0.0.1:0" }))
		require.Equal(t, 200, h.doAt(h.server.MetricsAddr(), http.MethodGet, "/metrics", "").Status)
		require.Equal(t, 404, h.doAt(h.server.MetricsAddr(), http.MethodGet, "/api/v1/bids", "").Status)
		require.Equal(t, 404, h.get("/metrics").Status)
	})
	t.Run("on a listener of its own needs the token where one is set", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withSettings(func(s *httpserver.Settings) {
			s.Metrics.Addr, s.Metrics.Token = "127.0.0.1:0", token
		}))
		require.Equal(t, 401, h.doAt(h.server.MetricsAddr(), http.MethodGet, "/metrics", "").Status)
		require.Equal(t, 200, h.doAt(h.server.MetricsAddr(), http.MethodGet, "/metrics", "", "Authorization", "Bearer "+token).Status)
	})
	t.Run("counts by route pattern, never by path", func(t *testing.T) {
		t.Parallel()
		h := serve(t, withSettings(func(s *httpserver.Settings) { s.Metrics.Token = token }))
		for _, path := range []string{"/api/v1/bids/one", "/api/v1/bids/two", "/nowhere", "/pages/panic"} {
			h.access(h.get(path))
		}
		h.access(h.do(http.MethodDelete, "/api/v1/bids/three", ""))
		text := h.get("/metrics", "Authorization", "Bearer "+token).Body
		require.Contains(t, text, `http_request_duration_seconds_count{method="GET",route="/api/v1/bids/{id}",status="200"} 2`)
		require.Contains(t, text, `http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1`)
		require.Contains(t, text, `http_request_duration_seconds_count{method="GET",route="/pages/panic",status="500"} 1`)
		require.Contains(t, text, `http_request_duration_seconds_count{method="DELETE",route="unmatched",status="405"} 1`)
		require.Contains(t, text, "http_requests_in_flight 1")
		for _, raw := range []string{"/one", "/three", "nowhere"} {
			require.NotContains(t, text, raw)
		}
	})
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for _, path := range []string{"/healthz", "/nowhere", "/api/v1/bids", "/pages/panic"} {
		header := h.get(path).Header
		require.Equal(t, "default-src 'none'; frame-ancestors 'none'", header.Get("Content-Security-Policy"))
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
		require.Equal(t, "DENY", header.Get("X-Frame-Options"))
		require.Equal(t, "same-origin", header.Get("Referrer-Policy"))
	}
}

func TestContextOutsideARequest(t *testing.T) {
	t.Parallel()
	require.Empty(t, httpserver.RequestID(t.Context()))
	require.False(t, httpserver.ClientAddr(t.Context()).IsValid())
}
