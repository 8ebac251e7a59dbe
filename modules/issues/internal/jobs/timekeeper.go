// Package jobs runs what the clock starts at the help desk: noting what was missed, closing what was resolved.
package jobs

import (
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/timekeeper"
)

// Timekeeper looks after issues when their time has come. It only writes down, at most a second late while a server runs,
// what the instants themselves have decided.
type Timekeeper struct{ *timekeeper.Timekeeper }

// NewTimekeeper returns a Timekeeper that has not started. Errors: when metrics of the same name are registered already.
func NewTimekeeper(
	work *app.KeepTime, c clock.Clock, log *zap.Logger, registerer prometheus.Registerer,
) (*Timekeeper, error) {
	metrics, err := timekeeper.NewMetrics(registerer, "issues")
	if err != nil {
		return nil, err
	}
	return &Timekeeper{timekeeper.New("close issues or note their breaches", work, c, log, metrics)}, nil
}
