package delivery

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what becomes of events.
type Metrics struct {
	delay    *prometheus.HistogramVec
	handed   *prometheus.CounterVec
	failures *prometheus.CounterVec
	dead     *prometheus.CounterVec
}

// NewMetrics returns the metrics, registered with registerer. Errors: when one of the same name is registered already.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	bySubscriber := []string{"subscriber"}
	m := &Metrics{
		delay: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "events_delivery_seconds",
			Help:    "Time from an event's stamp to the commit of what a subscriber has made of it.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 60, 600},
		}, bySubscriber),
		handed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "events_handled_total",
			Help: "Events that a subscriber has handled in their turn, by where they came from: the log, or a carrier.",
		}, []string{"subscriber", "from"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "events_failures_total", Help: "Attempts of a subscriber to handle an event that failed.",
		}, bySubscriber),
		dead: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "events_dead_letters_total", Help: "Events that a subscriber failed to handle for the last time.",
		}, bySubscriber),
	}
	for _, c := range []prometheus.Collector{m.delay, m.handed, m.failures, m.dead} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("register the metrics of delivery: %w", err)
		}
	}
	return m, nil
}

// begin shows a subscriber's counters before anything is counted, so that the first failure is an increase.
func (m *Metrics) begin(subscriber string) {
	m.failures.WithLabelValues(subscriber)
	m.dead.WithLabelValues(subscriber)
}

func (m *Metrics) handled(subscriber string, delay time.Duration, carried bool) {
	m.delay.WithLabelValues(subscriber).Observe(delay.Seconds())
	from := "log"
	if carried {
		from = "carrier"
	}
	m.handed.WithLabelValues(subscriber, from).Inc()
}

func (m *Metrics) failed(d DeliveryState) {
	m.failures.WithLabelValues(d.Subscriber).Inc()
	if d.Dead {
		m.dead.WithLabelValues(d.Subscriber).Inc()
	}
}
