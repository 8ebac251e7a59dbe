// Package metrics counts what the program does, for Prometheus, in a registry of its own: nothing registers itself
// globally, and two graphs in one process (as in tests) do not meet.
//
// A module that wants a metric takes prometheus.Registerer. Labels have few values that the code knows beforehand:
// never an id, a raw path or anything else that a caller chooses.
package metrics

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// NewRegistry returns a registry with the collectors for the Go runtime, the process and the build.
// Errors: when a collector cannot be registered.
func NewRegistry() (*prometheus.Registry, error) {
	registry := prometheus.NewRegistry()
	for _, c := range []prometheus.Collector{
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	} {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("register runtime metrics: %w", err)
		}
	}
	return registry, nil
}
