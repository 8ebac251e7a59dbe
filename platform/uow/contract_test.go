package uow_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestContract runs the suite over the durable fake of this package; platform/memory and platform/db run it over theirs.
func TestContract(t *testing.T) {
	t.Parallel()
	uowtest.Run(t, func(t *testing.T) uowtest.Fixture {
		d := newDisk()
		t.Cleanup(func() {
			if n := d.transactions(); n != 0 {
				t.Errorf("%d transactions were neither committed nor rolled back", n)
			}
		})
		return d.fixture()
	})
}
