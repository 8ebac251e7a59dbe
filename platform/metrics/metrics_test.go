package metrics_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"github.com/gavelhq/gavel/platform/metrics"
)

func TestHTTP(t *testing.T) {
	t.Parallel()

	t.Run("counts by method, route and status", func(t *testing.T) {
		t.Parallel()
		registry := prometheus.NewPedanticRegistry()
		h, err := metrics.NewHTTP(registry)
		require.NoError(t, err)
		for range 2 {
			h.Begin()
			h.End(metrics.Request{Method: "GET", Route: "/listings/{id}", Status: 200, Duration: 3 * time.Millisecond, Bytes: 300})
		}
		h.Begin()
		h.End(metrics.Request{Method: "POST", Route: "/listings/{id}/bids", Status: 409, Duration: time.Second})

		n, err := testutil.GatherAndCount(registry, "http_request_duration_seconds")
		require.NoError(t, err)
		require.Equal(t, 2, n)
		text := expose(t, registry)
		require.Contains(t, text, `method:"GET" route:"/listings/{id}" status:"200" count:2 sum:0.006`)
		require.Contains(t, text, `method:"POST" route:"/listings/{id}/bids" status:"409" count:1 sum:1`)
	})
	t.Run("keeps words that callers choose out of the labels", func(t *testing.T) {
		t.Parallel()
		registry := prometheus.NewPedanticRegistry()
		h, err := metrics.NewHTTP(registry)
		require.NoError(t, err)
		for _, m := range []string{"BREW", "PROPFIND", "get"} {
			h.Begin()
			h.End(metrics.Request{Method: m, Status: 404})
		}
		n, err := testutil.GatherAndCount(registry, "http_request_duration_seconds")
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Contains(t, expose(t, registry), `method:"other" route:"unmatched" status:"404" count:3`)
	})
	t.Run("shows the requests being handled", func(t *testing.T) {
		t.Parallel()
		registry := prometheus.NewPedanticRegistry()
		h, err := metrics.NewHTTP(registry)
		require.NoError(t, err)
		inFlight := func(n string) string {
			return "# HELP http_requests_in_flight Requests being handled.\n# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight " + n + "\n"
		}
		h.Begin()
		require.NoError(t, testutil.GatherAndCompare(registry, strings.NewReader(inFlight("1")), "http_requests_in_flight"))
		h.End(metrics.Request{Method: "GET", Status: 200})
		require.NoError(t, testutil.GatherAndCompare(registry, strings.NewReader(inFlight("0")), "http_requests_in_flight"))
	})
	t.Run("refuses to register twice", func(t *testing.T) {
		t.Parallel()
		registry := prometheus.NewPedanticRegistry()
		_, err := metrics.NewHTTP(registry)
		require.NoError(t, err)
		_, err = metrics.NewHTTP(registry)
		require.Error(t, err)
	})
}

func TestModule(t *testing.T) {
	t.Parallel()
	var gatherer prometheus.Gatherer
	var registerer prometheus.Registerer
	var h *metrics.HTTP
	app := fxtest.New(t, metrics.Module, fx.Populate(&gatherer, &registerer, &h))
	app.RequireStart().RequireStop()

	counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "bids_total", Help: "Bids."})
	require.NoError(t, registerer.Register(counter))
	families, err := gatherer.Gather()
	require.NoError(t, err)
	names := map[string]bool{}
	for _, f := range families {
		names[f.GetName()] = true
	}
	for _, want := range []string{"bids_total", "go_goroutines", "go_build_info", "http_requests_in_flight"} {
		require.True(t, names[want], "%s in %v", want, names)
	}
}

// expose writes the duration histogram's samples as one line each: their labels, count and sum.
func expose(t *testing.T, g prometheus.Gatherer) string {
	t.Helper()
	families, err := g.Gather()
	require.NoError(t, err)
	var text strings.Builder
	for _, family := range families {
		if family.GetName() != "http_request_duration_seconds" {
			continue
		}
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				text.WriteString(l.GetName() + `:"` + l.GetValue() + `" `)
			}
			fmt.Fprintf(&text, "count:%d sum:%g\n", m.GetHistogram().GetSampleCount(), m.GetHistogram().GetSampleSum())
		}
	}
	return text.String()
}
