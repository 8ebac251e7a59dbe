package dbtest_test

import (
	"testing"

	"github.com/gavelhq/gavel/platform/db/dbtest"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
)

func TestTheOutboxIsTheSameInBothDialects(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, outbox.Migrations())
}
