package broker

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics show how events travel.
type Metrics struct {
	registerer                     prometheus.Registerer
	connected                      prometheus.Gauge
	published, received, conflicts prometheus.Counter
}

// NewMetrics returns the metrics, registered with registerer. Errors: when one of the same name is registered already.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		registerer: registerer,
		connected: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "events_nats_connected", Help: "1 while events travel through NATS, 0 while servers poll for them.",
		}),
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "events_nats_published_total", Help: "Events that this server has published and NATS has acknowledged.",
		}),
		received: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "events_nats_received_total", Help: "Events that have arrived from NATS.",
		}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "events_nats_conflicts_total", Help: "Times that another server had published an event first.",
		}),
	}
	for _, c := range []prometheus.Collector{m.connected, m.published, m.received, m.conflicts} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("register the metrics of NATS: %w", err)
		}
	}
	return m, nil
}

// watch shows how far the stream is behind the log. A second carrier with the same metrics is not shown.
func (m *Metrics) watch(c *Carrier) {
	_ = m.registerer.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "events_nats_behind", Help: "Events that have a number and are not in the stream yet, as far as this server knows.",
	}, func() float64 { return float64(c.behind()) }))
}
