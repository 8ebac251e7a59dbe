package httpserver_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/metrics"
)

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	addr := taken.Addr().String()

	t.Run("the main address", func(t *testing.T) {
		t.Parallel()
		p, _, _ := parts(t)
		p.Settings.Addr = addr
		server, err := httpserver.New(p)
		require.NoError(t, err)
		require.Empty(t, server.Addr())
		err = server.Start(t.Context())
		require.ErrorContains(t, err, "listen on "+addr+": another program listens there already")
	})
	t.Run("the metrics address, which gives the main one back", func(t *testing.T) {
		t.Parallel()
		p, _, _ := parts(t)
		p.Settings.Metrics.Addr = addr
		server, err := httpserver.New(p)
		require.NoError(t, err)
		require.ErrorContains(t, server.Start(t.Context()), addr)
		again, err := net.Listen("tcp", server.Addr())
		require.NoError(t, err)
		require.NoError(t, again.Close())
	})
}

func TestStopFinishesWhatWasAccepted(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	p, _, c := parts(t)
	p.Settings.DrainDelay = time.Minute
	p.Routes = append(p.Routes, slow("slow", func(*http.Request) error {
		close(entered)
		<-release
		return nil
	}))
	server, err := httpserver.New(p)
	require.NoError(t, err)
	require.NoError(t, server.Start(t.Context()))
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	h := &harness{t: t, server: server, clock: c, client: &http.Client{Transport: transport}}

	accepted := make(chan answer, 1)
	go func() { accepted <- h.get("/slow") }()
	<-entered

	require.Equal(t, 200, h.get("/readyz").Status)
	stopped := make(chan error, 1)
	go func() { stopped <- server.Stop(context.Background()) }()

	// While it drains, the server is not ready but still answers.
	require.NoError(t, c.AwaitScheduled(t.Context(), 1))
	problem(t, h.get("/readyz"), 503, "stopping")
	require.Equal(t, 200, h.get("/healthz").Status)

	// After that it refuses connections.
	c.Advance(time.Minute)
	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", server.Addr())
		if err == nil {
			_ = connection.Close()
		}
		return err != nil
	}, time.Minute, time.Millisecond)
	select {
	case err := <-stopped:
		t.Fatalf("stopped before the accepted request was finished: %v", err)
	default:
	}

	close(release)
	require.Equal(t, "done", (<-accepted).Body)
	require.NoError(t, <-stopped)
}

func TestStopCutsOffWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{})
	p, _, _ := parts(t)
	p.Settings.ShutdownTimeout = time.Millisecond
	p.Routes = append(p.Routes, slow("slow", func(r *http.Request) error {
		close(entered)
		<-r.Context().Done()
		return r.Context().Err()
	}))
	server, err := httpserver.New(p)
	require.NoError(t, err)
	require.NoError(t, server.Start(t.Context()))
	failed := make(chan error, 1)
	go func() {
		response, err := http.Get("http://" + server.Addr() + "/slow")
		if err == nil {
			_, err = io.ReadAll(response.Body)
			_ = response.Body.Close()
		}
		failed <- err
	}()
	<-entered
	require.ErrorIs(t, server.Stop(context.Background()), context.DeadlineExceeded)
	require.Error(t, <-failed)
}

func TestServerThatCannotAcceptSaysSo(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 1)
	h := serve(t, func(p *httpserver.Parts) { p.Failed = func(err error) { failed <- err } })
	httpserver.CloseListener(h.server)
	require.ErrorIs(t, <-failed, net.ErrClosed)
	require.Equal(t, 1, h.logs.FilterMessage("stopped accepting connections").Len())
}

func TestModule(t *testing.T) {
	t.Parallel()
	settings := httpserver.DefaultSettings()
	settings.Addr = "127.0.0.1:0"
	var order []string
	named := func(name string) func() httpserver.Routes {
		return func() httpserver.Routes {
			answers := slow(name, func(*http.Request) error { return nil })
			return httpserver.Routes{Name: name, Register: func(api huma.API, router chi.Router) {
				order = append(order, name)
				answers.Register(api, router)
			}}
		}
	}
	var server *httpserver.Server
	app := fxtest.New(t,
		fx.Supply(settings),
		fx.Provide(
			zap.NewNop,
			provideClock,
			httpserver.AsRoutes(named("zebra")),
			httpserver.AsRoutes(named("aardvark")),
			httpserver.AsCheck(func() httpserver.Check {
				return httpserver.Check{Name: "database", Run: func(context.Context) error { return nil }}
			}),
		),
		metrics.Module,
		httpserver.Module,
		fx.Populate(&server),
	)
	app.RequireStart()
	h := &harness{t: t, server: server, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	require.Equal(t, []string{"aardvark", "zebra"}, order, "the order of a value group is random")
	require.Equal(t, "done", h.get("/zebra").Body)
	require.Equal(t, "done", h.get("/aardvark").Body)
	require.JSONEq(t, `{"status":"ready","checks":["database"]}`, h.get("/readyz").Body)
	require.Contains(t, h.get("/version").Body, `"go":"go1`)
	app.RequireStop()
	_, err := net.Dial("tcp", server.Addr())
	require.Error(t, err)
}

func provideClock() clock.Clock { return clock.NewReal() }

func TestAccessLog(t *testing.T) {
	t.Parallel()
	h := serve(t)

	t.Run("names the route and leaves the query out", func(t *testing.T) {
		t.Parallel()
		a := h.get("/api/v1/bids/b1?token=hunter2", "X-Request-Id", "0198c0de-0000-7000-8000-000000000000")
		line := h.access(a).ContextMap()
		require.Equal(t, "/api/v1/bids/b1", line["path"])
		require.Equal(t, "/api/v1/bids/{id}", line["route"])
		require.Equal(t, "GET", line["method"])
		require.Equal(t, "127.0.0.1", line["client"])
		require.EqualValues(t, a.Status, line["status"])
		require.EqualValues(t, len(a.Body), line["bytes"])
		for _, value := range line {
			if text, ok := value.(string); ok {
				require.NotContains(t, text, "hunter2")
			}
		}
		require.NotEqual(t, "0198c0de-0000-7000-8000-000000000000", a.Header.Get("X-Request-Id"), "ids of strangers are not taken")
	})
	t.Run("notes probes only when asked to debug", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, zap.DebugLevel, h.access(h.get("/healthz")).Level)
	})
}

func TestClientBehindProxies(t *testing.T) {
	t.Parallel()
	id := "0198c0de-0000-7000-8000-000000000000"
	behind := serve(t, withSettings(func(s *httpserver.Settings) { s.TrustedProxies = prefixes("127.0.0.0/8", "10.0.0.0/8") }))
	direct := serve(t)
	cases := map[string]struct {
		server    *harness
		forwarded []string
		want      string
	}{
		"a stranger's header is not believed":    {direct, []string{"203.0.113.9"}, "127.0.0.1"},
		"a trusted proxy names the client":       {behind, []string{"203.0.113.9"}, "203.0.113.9"},
		"what the client itself sent is skipped": {behind, []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		"two proxies, two headers":               {behind, []string{"203.0.113.9", "10.1.1.1"}, "203.0.113.9"},
		"nothing but proxies":                    {behind, []string{"10.2.2.2, 10.1.1.1"}, "10.2.2.2"},
		"no header":                              {behind, nil, "127.0.0.1"},
		"garbage":                                {behind, []string{"203.0.113.9, unknown"}, "127.0.0.1"},
		"garbage behind a proxy":                 {behind, []string{"x, 10.1.1.1"}, "10.1.1.1"},
		"IPv6":                                   {behind, []string{"2001:db8::1"}, "2001:db8::1"},
		"IPv4 in IPv6":                           {behind, []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			headers := []string{"X-Request-Id", id}
			for _, f := range c.forwarded {
				headers = append(headers, "X-Forwarded-For", f)
			}
			client, seen, _ := strings.Cut(c.server.get("/pages/whoami", headers...).Body, " ")
			require.Equal(t, c.want, client)
			require.Equal(t, c.server == behind, seen == id, "only a trusted proxy may name the request")
		})
	}
	t.Run("an id that is no UUID is not taken", func(t *testing.T) {
		t.Parallel()
		require.NotContains(t, behind.get("/pages/whoami", "X-Request-Id", "evil").Body, "evil")
	})
}
