package sqlstore_test

import (
	"testing"

	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// TestSchema compares what the migrations make of the two databases.
func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, schema...)
}
