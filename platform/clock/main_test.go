package clock_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/clock"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var (
	_ clock.Clock = clock.Fixed{}
	_ clock.Clock = (*clock.Real)(nil)
	_ clock.Clock = (*clock.Virtual)(nil)
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fired returns what a timer has delivered, and false when it has not fired.
func fired(t clock.Timer) (time.Time, bool) {
	select {
	case at := <-t.C():
		return at, true
	default:
		return time.Time{}, false
	}
}
