package jobs

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what the Timekeeper does.
type Metrics struct {
	changes  prometheus.Counter
	failures prometheus.Counter
	lateness prometheus.Histogram
}

// NewMetrics returns the metrics, registered with registerer. Errors: when one of the same name is registered already.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		changes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "listings_timekeeper_changes_total",
			Help: "Listings that this server opened or closed.",
		}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "listings_timekeeper_failures_total",
			Help: "Turns after which a listing that was due was not opened or closed.",
		}),
		lateness: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "listings_timekeeper_lateness_seconds",
			Help:    "By how much the oldest due listing was late when its turn came.",
			Buckets: []float64{.001, .005, .01, .05, .1, .25, .5, 1, 5, 60, 3600},
		}),
	}
	for _, c := range []prometheus.Collector{m.changes, m.failures, m.lateness} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("register the timekeeper's metrics: %w", err)
		}
	}
	return m, nil
}

func (m *Metrics) count(changes int) { m.changes.Add(float64(changes)) }

func (m *Metrics) failed() { m.failures.Inc() }

func (m *Metrics) late(by time.Duration) { m.lateness.Observe(by.Seconds()) }
