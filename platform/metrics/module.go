package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
)

// Module provides the registry (as prometheus.Registerer to those who count and prometheus.Gatherer to those who show)
// and the HTTP metrics.
var Module = fx.Module("metrics",
	fx.Provide(NewRegistry, provideRegisterer, provideGatherer, NewHTTP),
)

func provideRegisterer(r *prometheus.Registry) prometheus.Registerer { return r }

func provideGatherer(r *prometheus.Registry) prometheus.Gatherer { return r }
