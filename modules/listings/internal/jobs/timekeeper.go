// Package jobs runs what the clock starts: opening and closing listings.
package jobs

import (
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/timekeeper"
)

// Timekeeper opens and closes listings when their time has come.
//
// It is not what makes an auction end: that is decided by the stamp of each bid. It only writes down the outcome, at most
// a second late while a server runs, and before anything is served when none did.
type Timekeeper struct{ *timekeeper.Timekeeper }

// NewTimekeeper returns a Timekeeper that has not started. Errors: when metrics of the same name are registered already.
func NewTimekeeper(
	work *app.KeepTime, c clock.Clock, log *zap.Logger, registerer prometheus.Registerer,
) (*Timekeeper, error) {
	metrics, err := timekeeper.NewMetrics(registerer, "listings")
	if err != nil {
		return nil, err
	}
	return &Timekeeper{timekeeper.New("open or close listings", work, c, log, metrics)}, nil
}
