package httpserver_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// harness is a server that listens on a free port, and what it logged.
type harness struct {
	t      *testing.T
	server *httpserver.Server
	clock  *clock.Virtual
	logs   *observer.ObservedLogs
	client *http.Client
}

// parts returns a server's parts for tests: defaults, a free port, a virtual clock.
func parts(t *testing.T) (httpserver.Parts, *observer.ObservedLogs, *clock.Virtual) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	registry, err := metrics.NewRegistry()
	require.NoError(t, err)
	counted, err := metrics.NewHTTP(registry)
	require.NoError(t, err)
	c := clock.NewVirtual(start)
	settings := httpserver.DefaultSettings()
	settings.Name = "The Hammer"
	settings.Addr = "127.0.0.1:0"
	return httpserver.Parts{
		Settings: settings,
		Build:    httpserver.Build{Version: "v1.2.3", Revision: "abc", Go: "go1.26"},
		Clock:    c,
		Log:      zap.New(core),
		Gatherer: prometheus.Gatherer(registry),
		Metrics:  counted,
		Routes:   []httpserver.Routes{market()},
	}, logs, c
}

// serve starts a server, changed by the given functions, that stops with the test.
func serve(t *testing.T, changes ...func(*httpserver.Parts)) *harness {
	t.Helper()
	p, logs, c := parts(t)
	for _, change := range changes {
		change(&p)
	}
	server, err := httpserver.New(p)
	require.NoError(t, err)
	require.NoError(t, server.Start(t.Context()))
	transport := &http.Transport{}
	h := &harness{t: t, server: server, clock: c, logs: logs, client: &http.Client{Transport: transport}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		require.NoError(t, server.Stop(context.Background()))
	})
	return h
}

func withSettings(change func(*httpserver.Settings)) func(*httpserver.Parts) {
	return func(p *httpserver.Parts) { change(&p.Settings) }
}

func withRoutes(routes ...httpserver.Routes) func(*httpserver.Parts) {
	return func(p *httpserver.Parts) { p.Routes = append(p.Routes, routes...) }
}

// answer is an HTTP answer read to its end.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// do sends a request to the server; headers are pairs of name and value. A body is JSON unless they say something else.
func (h *harness) do(method, path, body string, headers ...string) answer {
	h.t.Helper()
	return h.doAt(h.server.Addr(), method, path, body, headers...)
}

func (h *harness) doAt(addr, method, path, body string, headers ...string) answer {
	h.t.Helper()
	return h.doURL(method, "http://"+addr+path, body, headers...)
}

func (h *harness) doURL(method, target, body string, headers ...string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, target, strings.NewReader(body))
	require.NoError(h.t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	if _, said := r.Header["Content-Type"]; !said && body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := h.client.Do(r)
	require.NoError(h.t, err)
	defer func() { require.NoError(h.t, response.Body.Close()) }()
	text, err := io.ReadAll(response.Body)
	require.NoError(h.t, err)
	return answer{Status: response.StatusCode, Header: response.Header, Body: string(text)}
}

func (h *harness) get(path string, headers ...string) answer {
	h.t.Helper()
	return h.do(http.MethodGet, path, "", headers...)
}

// problem checks that an answer is a complete problem and returns its members.
func problem(t *testing.T, a answer, status int, code string) map[string]any {
	t.Helper()
	require.Equal(t, status, a.Status, a.Body)
	require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	members := object(t, a.Body)
	require.Equal(t, code, members["code"], a.Body)
	require.Equal(t, "urn:problem-type:gavel:"+code, members["type"])
	require.NotEmpty(t, members["title"])
	require.NotEmpty(t, members["detail"])
	require.EqualValues(t, status, members["status"])
	require.NotEmpty(t, a.Header.Get("X-Request-Id"))
	require.Equal(t, "urn:uuid:"+a.Header.Get("X-Request-Id"), members["instance"])
	return members
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var members map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &members), text)
	return members
}

// access returns the access log's line for the request that got a, waiting until it is written: that happens after
// the client has its answer.
func (h *harness) access(a answer) observer.LoggedEntry {
	h.t.Helper()
	id := zap.String("request_id", a.Header.Get("X-Request-Id"))
	var lines []observer.LoggedEntry
	require.Eventually(h.t, func() bool {
		lines = h.logs.FilterMessage("request").FilterField(id).All()
		return len(lines) > 0
	}, time.Minute, time.Millisecond)
	require.Len(h.t, lines, 1, "one line for each request")
	return lines[0]
}

// eventually returns the access log's line for a path once it is written.
func (h *harness) eventually(path string) observer.LoggedEntry {
	h.t.Helper()
	var lines []observer.LoggedEntry
	require.Eventually(h.t, func() bool {
		lines = h.logs.FilterMessage("request").FilterField(zap.String("path", path)).All()
		return len(lines) > 0
	}, time.Minute, time.Millisecond)
	return lines[0]
}

// slow is a module with one GET handler at its own name, which answers "done" or the error that work returns.
func slow(name string, work func(*http.Request) error) httpserver.Routes {
	return handles(http.MethodGet, name, work)
}

// posts is the same for POST.
func posts(name string, work func(*http.Request) error) httpserver.Routes {
	return handles(http.MethodPost, name, work)
}

func handles(method, name string, work func(*http.Request) error) httpserver.Routes {
	return httpserver.Routes{Name: name, Register: func(_ huma.API, router chi.Router) {
		router.MethodFunc(method, "/"+name, func(w http.ResponseWriter, r *http.Request) {
			if err := work(r); err != nil {
				httpserver.WriteError(w, r, err)
				return
			}
			_, _ = w.Write([]byte("done"))
		})
	}}
}
