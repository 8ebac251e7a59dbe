package jobs

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
)

// Metrics count what the PostOffice does.
type Metrics struct {
	mails *prometheus.CounterVec
	late  prometheus.Gauge
}

// NewMetrics returns the metrics, registered with registerer. Errors: when one of the same name is registered already.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "profiles_notice_mails_total",
			Help: "Mails about notices by what this server made of them: sent (a mail server took them), failed (tried again " +
				"later), put_back (no mail server was ready; tried again soon), given_up (failed too often, or refused for good), dropped (not wanted any more).",
		}, []string{"result"}),
		late: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "profiles_notice_mails_late_seconds",
			Help: "By how much the oldest mail about a notice that is due is late.",
		}),
	}
	for _, c := range []prometheus.Collector{m.mails, m.late} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("register the metrics of notices: %w", err)
		}
	}
	for _, outcome := range []app.MailOutcome{app.MailSent, app.MailFailed, app.MailPut, app.MailGivenUp, app.MailDropped} {
		m.mails.WithLabelValues(string(outcome))
	}
	return m, nil
}

func (m *Metrics) count(outcome app.MailOutcome) {
	if outcome != app.MailPassed {
		m.mails.WithLabelValues(string(outcome)).Inc()
	}
}

func (m *Metrics) lateBy(d time.Duration) { m.late.Set(max(d, 0).Seconds()) }
