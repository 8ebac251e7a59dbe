package timekeeper

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what a Timekeeper does.
type Metrics struct {
	changes  prometheus.Counter
	failures prometheus.Counter
	lateness prometheus.Histogram
}

// NewMetrics returns the metrics of a module's Timekeeper, registered with registerer. The things are what it is busy with:
// "listings", with which the names begin. Errors: when one of the same name is registered already.
func NewMetrics(registerer prometheus.Registerer, things string) (*Metrics, error) {
	m := &Metrics{
		changes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: things + "_timekeeper_changes_total",
			Help: "What this server has done to " + things + " when it was time.",
		}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: things + "_timekeeper_failures_total",
			Help: "Turns after which something that was due had not been done to " + things + ".",
		}),
		lateness: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    things + "_timekeeper_lateness_seconds",
			Help:    "By how much the oldest that was due was late when its turn came, of " + things + ".",
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
