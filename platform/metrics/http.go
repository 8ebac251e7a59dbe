package metrics

import (
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Request is what is counted of one HTTP request after it was answered.
type Request struct {
	Method   string        // as sent; one that is not of HTTP is counted as "other"
	Route    string        // the pattern that matched, "/listings/{id}"; empty when none did
	Status   int           // of the answer
	Duration time.Duration // from the first look at the request to the end of its handler
	Bytes    int64         // of the answer's body
}

// HTTP counts HTTP requests by method, route pattern and status. It is safe for concurrent use.
type HTTP struct {
	inFlight prometheus.Gauge
	seconds  *prometheus.HistogramVec
	bytes    *prometheus.HistogramVec
}

// unmatched is the route of requests for which there is none, whatever their path.
const unmatched = "unmatched"

// NewHTTP returns the HTTP metrics, registered with registerer.
// Errors: when a metric of the same name is registered already.
func NewHTTP(registerer prometheus.Registerer) (*HTTP, error) {
	labels := []string{"method", "route", "status"}
	h := &HTTP{
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_requests_in_flight",
			Help: "Requests being handled.",
		}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_request_duration_seconds",
			Help:    "Time from receiving a request to the end of its handler, by route pattern.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, labels),
		bytes: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_response_size_bytes",
			Help:    "Size of the bodies of answers, by route pattern.",
			Buckets: prometheus.ExponentialBuckets(256, 4, 8),
		}, labels),
	}
	for _, c := range []prometheus.Collector{h.inFlight, h.seconds, h.bytes} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("register HTTP metrics: %w", err)
		}
	}
	return h, nil
}

// Begin counts a request as being handled until End.
func (h *HTTP) Begin() { h.inFlight.Inc() }

// End counts a request that began with Begin.
func (h *HTTP) End(r Request) {
	h.inFlight.Dec()
	route := r.Route
	if route == "" {
		route = unmatched
	}
	labels := []string{method(r.Method), route, strconv.Itoa(r.Status)}
	h.seconds.WithLabelValues(labels...).Observe(r.Duration.Seconds())
	h.bytes.WithLabelValues(labels...).Observe(float64(r.Bytes))
}

// method returns the label for a request's method: callers may send any word, and every label value costs memory.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return m
	default:
		return "other"
	}
}
