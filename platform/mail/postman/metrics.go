package postman

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what becomes of letters.
type Metrics struct {
	sent, failed, dropped prometheus.Counter
}

// NewMetrics returns the metrics, registered with registerer. Errors: when one of the same name is registered already.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	letters := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "mail_letters_total",
		Help: "Letters by what became of them: sent (a mail server took them), failed, dropped (never tried).",
	}, []string{"result"})
	if err := registerer.Register(letters); err != nil {
		return nil, fmt.Errorf("register the postman's metrics: %w", err)
	}
	return &Metrics{
		sent:    letters.WithLabelValues("sent"),
		failed:  letters.WithLabelValues("failed"),
		dropped: letters.WithLabelValues("dropped"),
	}, nil
}
